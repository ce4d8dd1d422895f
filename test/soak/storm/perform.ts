/** Has an event happen to a world, and sees what comes of it. */
import { setTimeout as pause } from 'node:timers/promises';
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { unreachable } from '@guruconnect/shared/unreachable';
import { within } from '@guruconnect/shared/within';
import { isGone } from '../../helpers/program.ts';
import type { StormAgent } from './agent.ts';
import { type Bound, boundOfRestart, boundOfReturn } from './bound.ts';
import { type StormEvent, nameOf } from './event.ts';
import type { Finding, Timed } from './finding.ts';
import { flood } from './flood.ts';
import { NOTICED_MS } from './schedule.ts';
import type { Online } from './station.ts';
import { type Member, type World, members } from './world.ts';

type Of<K extends StormEvent['kind']> = StormEvent & { readonly kind: K };

/** From the worker's link by pipe and console to this process, on a machine that is busy. */
const TOLD_MS = 1_000;
/** Whoever is later than its bound is waited for: how late it is says more than that it is. */
const PATIENCE_MS = 2 * TIMING.backoffCap;
/** A process to be gone once its end is seen to. */
const GONE_MS = 2_000;
/** What the relay gives its close handshakes, on top of how long it is away. */
const CLOSE_MS = 1_000;
/** From the slot of one session to that of the next, at the most: the relay takes 2,000 a second. */
const SLOT_STEP_MS = 1;

/** @throws Error where an agent is not online even long after its bound. */
const comesOnline = async (
  { station }: World,
  { agent, id }: Member,
  from: number,
  bound: Bound,
): Promise<Online> => {
  const online = await station.online((agentId) => agentId === id, from, bound.ms + PATIENCE_MS);
  if (online !== undefined) return online;
  const words = agent.words().join('\n');
  throw new Error(`${agent.name} is not online ${bound.ms + PATIENCE_MS} ms later; it said last:\n${words}`);
};

const endIt = (event: Of<'crash' | 'stop'>, agent: StormAgent): void => {
  if (event.kind === 'stop') agent.signal('supervisor', 'SIGTERM');
  else if (event.how === 'supervisor-killed') agent.signal('supervisor', 'SIGKILL');
  else agent.signal('worker', event.how === 'worker-killed' ? 'SIGKILL' : 'SIGSEGV');
};

/** What the service manager would see of it. */
const endOf = (event: Of<'crash' | 'stop'>): string => {
  if (event.kind === 'stop') return '0';
  return event.how === 'supervisor-killed' ? 'SIGKILL' : '1';
};

/** A stop says goodbye to the relay. */
const goodbye = ({ station }: World, sessionId: string): readonly string[] => {
  const { code, wasClean } = station.closed(sessionId) ?? {};
  return code === CLOSE.serviceStop.code && wasClean === true
    ? []
    : [`stop: the relay saw the session end with ${code ?? 'nothing'}`];
};

const restart = async (world: World, event: Of<'crash' | 'stop'>): Promise<Finding> => {
  const { agent } = world.mortal;
  const what = nameOf(event);
  const bound = boundOfRestart(event);
  const faults: string[] = [];
  const { worker } = agent.pids();
  const { sessionId = '' } = world.station.last(world.mortal.id) ?? {};
  const from = performance.now();
  endIt(event, agent);
  const ended = await within(agent.ended(), bound.ms);
  if (ended === undefined) throw new Error(`${what}: the supervisor ${agent.pids().supervisor} does not end`);
  const how = String(ended.signal ?? ended.code);
  if (how !== endOf(event)) faults.push(`${what}: the supervisor ended with ${how}, not ${endOf(event)}`);
  // At once, and not after the delay of a service manager: nothing gives the worker that was left time to go.
  const again = performance.now();
  agent.start();
  const { at } = await comesOnline(world, world.mortal, again, bound);
  if (event.kind === 'stop') faults.push(...goodbye(world, sessionId));
  if (!(await isGone(worker, GONE_MS))) faults.push(`${what}: the worker ${worker} is still there`);
  return { timed: [{ what, who: agent.name, ms: at - from, bound }], faults };
};

/** Everybody, from the moment that the way is whole again. */
const everybodyReturns = async (
  world: World,
  event: Of<'relay-restart' | 'partition' | 'flood'>,
  from: number,
  slotMs = 0,
): Promise<readonly Timed[]> => {
  const bounds = members(world).map(({ agent }) => boundOfReturn(event, agent.sight(), slotMs));
  return Promise.all(
    members(world).map(async (member, i) => {
      const bound = bounds[i] as Bound;
      const { at } = await comesOnline(world, member, from, bound);
      return { what: nameOf(event), who: member.agent.name, ms: at - from, bound };
    }),
  );
};

const restartRelay = async (world: World, event: Of<'relay-restart'>): Promise<Finding> => {
  const { station } = world;
  const downAt = performance.now();
  const slot = event.how === 'announced' ? event.downMs + CLOSE_MS : undefined;
  await station.down({ crash: event.how === 'crashed', ...(slot === undefined ? {} : { backInMs: slot }) });
  await pause(event.downMs);
  await station.up();
  const upAt = performance.now();
  const slotMs = slot === undefined ? 0 : Math.max(0, downAt + slot + SLOT_STEP_MS - upAt);
  return { timed: await everybodyReturns(world, event, upAt, slotMs), faults: [] };
};

const partition = async (world: World, event: Of<'partition'>): Promise<Finding> => {
  const { cable } = world;
  const cutAt = performance.now();
  cable.cut();
  if (event.how === 'blink') {
    await pause(event.forMs);
    cable.heal();
    return { timed: [], faults: [] };
  }
  const bound: Bound = { ms: NOTICED_MS + TOLD_MS, of: 'heartbeat + heartbeatAck' };
  const noticed = await Promise.all(
    members(world).map(async ({ agent }) => ({
      agent,
      at: await agent.left('online', cutAt, event.forMs + PATIENCE_MS),
    })),
  );
  const faults = noticed.flatMap(({ agent, at }) =>
    at === undefined ? [`partition: ${agent.name} has never noticed`] : [],
  );
  await pause(Math.max(0, cutAt + event.forMs - performance.now()));
  const healAt = performance.now();
  cable.heal();
  const timed = noticed.map(({ agent, at = Infinity }) => ({
    what: `${nameOf(event)}: noticed`,
    who: agent.name,
    ms: at - cutAt,
    bound,
  }));
  return { timed: [...timed, ...(await everybodyReturns(world, event, healAt))], faults };
};

/** Resolves when it is over and the agents are online again. @throws Error where that never comes */
export const perform = async (world: World, event: StormEvent): Promise<Finding> => {
  switch (event.kind) {
    case 'crash':
    case 'stop':
      return restart(world, event);
    case 'relay-restart':
      return restartRelay(world, event);
    case 'partition':
      return partition(world, event);
    case 'flood': {
      const from = performance.now();
      const borne = await flood(world, event);
      if (borne !== undefined) return { timed: borne, faults: [] };
      return { timed: await everybodyReturns(world, event, from), faults: [] };
    }
    default:
      return unreachable(event);
  }
};
