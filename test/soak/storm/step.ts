/** One step of a storm: an event, the return, a calm, and a look at what the agents hold then. */
import { setTimeout as pause } from 'node:timers/promises';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { ANSWERED } from './bound.ts';
import { isBorne, isRestart, nameOf } from './event.ts';
import { type Finding, type Timed, lateOf } from './finding.ts';
import { perform } from './perform.ts';
import type { Step } from './schedule.ts';
import { type Member, type World, members } from './world.ts';

/** An agent that is online answers. */
const answers = async ({ station }: World, { agent, id }: Member, what: string): Promise<Finding> => {
  const from = performance.now();
  try {
    await station.relay().requestStatus(station.last(id)?.sessionId ?? '', TIMING.heartbeatAck);
    const ms = performance.now() - from;
    return { timed: [{ what, who: agent.name, ms, bound: ANSWERED }], faults: [] };
  } catch (error) {
    return { timed: [], faults: [`${what}: ${agent.name} does not answer: ${messageOf(error)}`] };
  }
};

/** Whoever was to keep its session has kept it. */
const unmoved = (
  world: World,
  { event }: Step,
  before: ReadonlyMap<string, string | undefined>,
): readonly string[] =>
  members(world)
    .filter((member) => isBorne(event) && !(member === world.mortal && isRestart(event)))
    .filter(({ id }) => world.station.last(id)?.sessionId !== before.get(id))
    .map(({ agent }) => `${nameOf(event)}: ${agent.name} has lost its session`);

const sessionsNow = ({ station }: World): readonly string[] => {
  const online = station
    .relay()
    .sessions()
    .filter((session) => session.online);
  return online.length === 2 ? [] : [`the relay has ${online.length} sessions and not 2`];
};

/** @throws Error where an agent does not come back at all. */
export const takeStep = async (world: World, step: Step): Promise<Finding> => {
  const what = nameOf(step.event);
  const { lasting, station } = world;
  const before = new Map(members(world).map(({ id }) => [id, station.last(id)?.sessionId]));
  const processes = JSON.stringify(lasting.agent.pids());
  const found = await perform(world, step.event);
  const asked = found.timed.length === 0 ? what : 'an answer afterwards';
  const answered = await Promise.all(members(world).map((member) => answers(world, member, asked)));
  await pause(step.calmMs);
  const isSame = JSON.stringify(lasting.agent.pids()) === processes;
  const timed: readonly Timed[] = [...found.timed, ...answered.flatMap((one) => one.timed)];
  const faults = [
    ...found.faults,
    ...answered.flatMap((one) => one.faults),
    ...unmoved(world, step, before),
    ...sessionsNow(world).map((why) => `${what}: ${why}`),
    ...(isSame ? [] : [`${what}: the lasting agent has not lasted`]),
    ...lateOf(timed),
  ];
  return { timed, faults };
};
