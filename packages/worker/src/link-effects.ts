/** The effects of the link's machine: enrolment, session and timer. What they cause comes back as events. */
import { createAlarm } from '@guruconnect/shared/clock';
import { relayEndpoint } from '@guruconnect/shared/config';
import type { StopReason } from '@guruconnect/shared/pipe-protocol';
import { CLOSE, SESSION_PATH } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { unreachable } from '@guruconnect/shared/unreachable';
import { AgentFault } from './agent-fault.ts';
import type { AgentMemory, AgentPorts } from './agent-ports.ts';
import { backoffDelay } from './backoff.ts';
import { writeCredential } from './credential.ts';
import { enroll } from './enroll.ts';
import type { LinkEffect, LinkEvent } from './link.ts';
import { machineFacts } from './machine-facts.ts';
import { type Route, openRoute, troubleOf } from './network.ts';
import { type Session, type SessionEvent, openSession } from './relay.ts';

export interface LinkCallbacks {
  dispatch(event: LinkEvent): void;
  /** {@link AgentMemory.roundTripMs} is new. */
  roundTrip(): void;
}

const WAITS = {
  enroll: TIMING.enroll,
  connect: TIMING.connect,
  stable: TIMING.stable,
  'close-stop': TIMING.closeStop,
  'close-shutdown': TIMING.closeShutdown,
} as const;

const IN_TIME = { enroll: 'enrolment', connect: 'session' } as const;

/** A try that is ended by its bound has no answer that could say why. */
const noteTimeout = (
  memory: AgentMemory,
  { wait }: LinkEffect & { kind: 'timer' },
  awaited = 'the relay',
): void => {
  if (wait !== 'enroll' && wait !== 'connect') return;
  memory.trouble = `${awaited} gave no answer to the ${IN_TIME[wait]} within ${WAITS[wait]} ms`;
};

const enrollOnce = async (
  { config, dataDir, log }: AgentPorts,
  memory: AgentMemory,
  route: Route,
  signal: AbortSignal,
): Promise<LinkEvent | undefined> => {
  const { relay, enrollToken: token = '' } = config;
  const { machineId } = memory;
  try {
    const answer = await enroll({ relay, token, route, facts: machineFacts(machineId), signal });
    const stored = { version: 1, relay, machineId, enrolledAt: new Date().toISOString(), ...answer } as const;
    await writeCredential(dataDir, stored);
    memory.stored = stored;
    // The time was over during the write: the next try would take this for its own answer.
    if (signal.aborted) return undefined;
    log.info({ agentId: answer.agentId }, 'enrolled');
    return { kind: 'enrolled' };
  } catch (error) {
    if (signal.aborted) return undefined;
    memory.trouble = troubleOf(error);
    log.warn({ why: memory.trouble }, 'enrolment failed');
    if (!(error instanceof AgentFault)) return { kind: 'enroll-failed' };
    memory.fault = error;
    return { kind: 'store-failed' };
  }
};

const onSession =
  ({ config }: AgentPorts, memory: AgentMemory, { dispatch, roundTrip }: LinkCallbacks) =>
  (event: SessionEvent): void => {
    switch (event.kind) {
      case 'opened':
        memory.connects += 1;
        delete memory.trouble;
        dispatch(event);
        return;
      case 'round-trip':
        memory.roundTripMs = event.ms;
        roundTrip();
        return;
      case 'rejected':
        memory.trouble = `the relay refused the credential with status ${event.status}`;
        dispatch({ kind: 'rejected', canEnroll: config.enrollToken !== undefined });
        return;
      case 'closed':
        memory.trouble = event.why;
        dispatch(event);
        return;
      default:
        unreachable(event);
    }
  };

const connect = (
  ports: AgentPorts,
  memory: AgentMemory,
  callbacks: LinkCallbacks,
  route: Route,
  startedAt: number,
): Session =>
  openSession(
    {
      url: relayEndpoint(ports.config.relay, SESSION_PATH, 'ws'),
      credential: memory.stored?.credential ?? '',
      route,
      facts: machineFacts(memory.machineId),
      clock: ports.clock,
      status: () => ({
        uptimeMs: Math.round(ports.clock.now() - startedAt),
        reconnects: Math.max(0, memory.connects - 1),
        ...(memory.roundTripMs !== undefined && { roundTripMs: memory.roundTripMs }),
      }),
    },
    onSession(ports, memory, callbacks),
  );

const closeSession = (session: Session | undefined, why: StopReason): void => {
  const { code, reason } = why === 'shutdown' ? CLOSE.shutdown : CLOSE.serviceStop;
  session?.close(code, reason);
};

export const createLinkEffects = (
  ports: AgentPorts,
  memory: AgentMemory,
  callbacks: LinkCallbacks,
): ((effect: LinkEffect) => void) => {
  const alarm = createAlarm(ports.clock);
  const startedAt = ports.clock.now();
  let session: Session | undefined;
  let route: Route | undefined;
  let enrolling = new AbortController();

  const timeout = (): void => {
    callbacks.dispatch({ kind: 'timeout' });
  };
  const beginEnroll = async (): Promise<void> => {
    enrolling = new AbortController();
    route = openRoute(ports.config);
    const event = await enrollOnce(ports, memory, route, enrolling.signal);
    if (event !== undefined) callbacks.dispatch(event);
  };

  return (effect) => {
    switch (effect.kind) {
      case 'enroll':
        void beginEnroll();
        return;
      case 'abort-enroll':
        enrolling.abort();
        return;
      case 'connect':
        route = openRoute(ports.config);
        session = connect(ports, memory, callbacks, route, startedAt);
        return;
      case 'close':
        closeSession(session, effect.reason);
        return;
      case 'drop':
        session?.drop();
        return;
      case 'timer':
        alarm.set(WAITS[effect.wait], () => {
          noteTimeout(memory, effect, route?.awaited());
          timeout();
        });
        return;
      case 'backoff':
        alarm.set(backoffDelay(effect.attempt, ports.random()), timeout);
        return;
      case 'timer-off':
        alarm.off();
        return;
      default:
        unreachable(effect);
    }
  };
};
