/** A session as the link sees it: what it says of the machine, and what its events mean for the link and its counters. */
import { unreachable } from '@guruconnect/shared/unreachable';
import type { AgentMemory, AgentPorts } from './agent-ports.ts';
import type { LinkCallbacks } from './link-effects.ts';
import { machineFacts } from './machine-facts.ts';
import { type Session, type SessionEvent, openSession } from './session.ts';
import type { Transport } from './transport.ts';

const hello = (ports: AgentPorts, { identity, lost }: AgentMemory) => {
  const lastWords = ports.lastWords.read();
  return {
    ...machineFacts(identity.machineId, { ...ports.machine, ...identity.product }),
    ...(identity.clone && { clone: true }),
    ...(lost !== undefined && { lost: lost.slice(0, 256) }),
    ...(lastWords !== undefined && { lastWords }),
  };
};

const status = (ports: AgentPorts, { startedAt, metrics, roundTripMs }: AgentMemory) => {
  const { connects, authFailures, messagesUnknown } = metrics.snapshot();
  return {
    uptimeMs: Math.round(ports.clock.now() - startedAt),
    reconnects: Math.max(0, connects - 1),
    authFailures,
    unknownMessages: messagesUnknown,
    ...(roundTripMs !== undefined && { roundTripMs }),
  };
};

const onOpened = (ports: AgentPorts, memory: AgentMemory): void => {
  memory.metrics.count('connects');
  delete memory.trouble;
  delete memory.lost;
  ports.lastWords.forget();
};

const onRejected = (memory: AgentMemory, status: number): void => {
  memory.metrics.count('authFailures');
  memory.metrics.count('failures');
  memory.identity.enrollReason = 'refused';
  memory.trouble = `the relay refused the credential with status ${status}`;
};

const onClosed = (memory: AgentMemory, why: string): void => {
  if (memory.link === 'connecting') memory.metrics.count('failures');
  if (memory.link === 'online') {
    memory.metrics.count('losses');
    memory.lost = why;
  }
  memory.trouble = why;
};

const COUNTED = {
  received: 'messagesReceived',
  sent: 'messagesSent',
  unknown: 'messagesUnknown',
} as const;

const onSession =
  (ports: AgentPorts, memory: AgentMemory, { dispatch, news }: LinkCallbacks) =>
  (event: SessionEvent): void => {
    switch (event.kind) {
      case 'opened':
        onOpened(ports, memory);
        dispatch(event);
        return;
      case 'round-trip':
        memory.roundTripMs = event.ms;
        memory.metrics.roundTrip(event.ms);
        news();
        return;
      case 'received':
      case 'sent':
      case 'unknown':
        memory.metrics.count(COUNTED[event.kind]);
        return;
      case 'rejected':
        onRejected(memory, event.status);
        dispatch({
          kind: 'rejected',
          next: memory.config.enrollToken === undefined ? 'connect' : 'enroll',
        });
        return;
      case 'closed':
        onClosed(memory, event.why);
        dispatch({ kind: 'closed', loss: event.loss });
        return;
      default:
        unreachable(event);
    }
  };

/** Opens a session with the stored credential. */
export const connectSession = (
  ports: AgentPorts,
  memory: AgentMemory,
  transport: Transport,
  callbacks: LinkCallbacks,
): Session => {
  const report = onSession(ports, memory, callbacks);
  let open = true;
  /** What it has carried is counted once. */
  const settle = (): void => {
    if (open) memory.metrics.traffic(session.traffic());
    open = false;
  };
  const session = openSession(
    {
      dial: (on) => transport.dial(memory.identity.stored?.credential ?? '', on),
      clock: ports.clock,
      wallNow: ports.wallNow,
      hello: () => hello(ports, memory),
      status: () => status(ports, memory),
    },
    (event) => {
      if (event.kind === 'closed') settle();
      report(event);
    },
  );
  return {
    ...session,
    drop: () => {
      settle();
      session.drop();
    },
    traffic: () => (open ? session.traffic() : { received: 0, sent: 0 }),
  };
};
