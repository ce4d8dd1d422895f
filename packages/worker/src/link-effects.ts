/** The effects of the link's machine: enrolment, session and timer. What they cause comes back as events. */
import { createAlarm } from '@guruconnect/shared/clock';
import { partLog } from '@guruconnect/shared/log';
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { unreachable } from '@guruconnect/shared/unreachable';
import type { AgentMemory, AgentPorts } from './agent-ports.ts';
import { afterSilence, enrollOnce } from './enrolment.ts';
import { createKeeper } from './keeper.ts';
import type { EndReason, LinkEffect, LinkEvent } from './link.ts';
import { connectSession } from './link-session.ts';
import { drawDelay } from './reconnect.ts';
import type { Session } from './session.ts';
import type { Transport } from './transport.ts';

export interface LinkCallbacks {
  dispatch(event: LinkEvent): void;
  /** {@link AgentMemory.roundTripMs} or a counter is new. */
  news(): void;
}

const BOUNDS = {
  enroll: TIMING.enroll,
  connect: TIMING.connect,
  stable: TIMING.stable,
  'close-stop': TIMING.closeStop,
  'close-shutdown': TIMING.closeShutdown,
} as const;

const IN_TIME = { enroll: 'enrolment', connect: 'session' } as const;

const CLOSES: Readonly<Record<EndReason, { readonly code: number; readonly reason: string }>> = {
  stop: CLOSE.serviceStop,
  'supervisor-gone': CLOSE.serviceStop,
  shutdown: CLOSE.shutdown,
  reconfigured: CLOSE.reconfigured,
};

/** A try that is ended by its bound has no answer that could say why. */
const noteTimeout = (
  memory: AgentMemory,
  { bound }: LinkEffect & { kind: 'timer' },
  awaited: string,
): void => {
  if (bound !== 'enroll' && bound !== 'connect') return;
  memory.metrics.count('failures');
  memory.trouble = `${awaited} gave no answer to the ${IN_TIME[bound]} within ${BOUNDS[bound]} ms`;
};

export interface LinkEffects {
  perform(effect: LinkEffect): void;
  /** From the next try on. */
  use(transport: Transport): void;
  /** Lets go of what would go on without a link; resolves when nothing of it is under way any more. */
  release(): Promise<void>;
  /** Bytes of the session that is open. */
  traffic(): ReturnType<Session['traffic']> | undefined;
}

export const createLinkEffects = (
  ports: AgentPorts,
  memory: AgentMemory,
  callbacks: LinkCallbacks,
): LinkEffects => {
  const alarm = createAlarm(ports.clock);
  let transport = ports.createTransport(memory.config);
  let session: Session | undefined;
  let enrolling = new AbortController();
  const keeper = createKeeper(ports.clock, partLog(ports.log, 'store'), memory.identity.write);

  const timeout = (): void => {
    callbacks.dispatch({ kind: 'timeout' });
  };
  const beginEnroll = async (): Promise<void> => {
    enrolling = new AbortController();
    const event = await enrollOnce(ports, memory, transport, keeper, enrolling.signal);
    if (event !== undefined) callbacks.dispatch(event);
  };
  const perform = (effect: LinkEffect): void => {
    switch (effect.kind) {
      case 'enroll':
        void beginEnroll();
        return;
      case 'abort-enroll':
        enrolling.abort();
        return;
      case 'connect':
        session = connectSession(ports, memory, transport, callbacks);
        return;
      case 'probe':
        session?.probe();
        return;
      case 'close':
        session?.close(CLOSES[effect.reason].code, CLOSES[effect.reason].reason);
        return;
      case 'drop':
        session?.drop();
        return;
      case 'timer':
        alarm.set(BOUNDS[effect.bound], () => {
          noteTimeout(memory, effect, transport.awaited());
          if (effect.bound === 'enroll') callbacks.dispatch({ kind: 'timeout', next: afterSilence(memory) });
          else timeout();
        });
        return;
      case 'wait': {
        const ms = drawDelay(effect.wait, ports.random());
        partLog(ports.log, 'link').debug({ wait: effect.wait.kind, ms: Math.round(ms) }, 'next try');
        alarm.set(ms, timeout);
        return;
      }
      case 'timer-off':
        alarm.off();
        return;
      default:
        unreachable(effect);
    }
  };
  return {
    perform,
    traffic: () => session?.traffic(),
    release: keeper.release,
    use: (next) => {
      transport = next;
    },
  };
};
