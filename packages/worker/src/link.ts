/**
 * The life of the relay link, as a table. Pure: no time, no randomness, no socket and no secret.
 *
 * `retry` is what `reconnect.ts` remembers. A stop ends the machine from any state within two events, and nothing else ends it:
 * whether there is anything to begin with, a credential or a token, is decided before it starts.
 */
import type { Step } from '@guruconnect/shared/machine-runner';
import type { StopReason } from '@guruconnect/shared/pipe-protocol';
import {
  FRESH,
  type Loss,
  type Plan,
  type Retry,
  type Wait,
  canBeCut,
  planAfterLoss,
  planAfterRefusal,
} from './reconnect.ts';

export type Next = 'enroll' | 'connect';
/** `reconfigured`: this link ends, and one by the new configuration begins. */
export type EndReason = StopReason | 'reconfigured';

export type LinkMachineState =
  | { readonly kind: 'enrolling'; readonly retry: Retry }
  | { readonly kind: 'connecting'; readonly retry: Retry }
  | { readonly kind: 'online'; readonly retry: Retry }
  | { readonly kind: 'waiting'; readonly retry: Retry; readonly next: Next; readonly wait: Wait }
  | { readonly kind: 'closing' }
  | { readonly kind: 'done' };

export type LinkEvent =
  | { readonly kind: 'enrolled' }
  /** `next` is `connect` where there is a credential: whatever is wrong with the enrolment, the relay may take that. */
  | { readonly kind: 'enroll-failed'; readonly loss: Loss; readonly next: Next }
  /** The relay refused the token. */
  | { readonly kind: 'enroll-refused'; readonly next: Next }
  /** The relay said welcome. */
  | { readonly kind: 'opened'; readonly windowMs: number }
  /** The relay refused the credential; `next` is `enroll` where there is a token to get another. */
  | { readonly kind: 'rejected'; readonly next: Next }
  | { readonly kind: 'closed'; readonly loss: Loss }
  /** `next` is as above, and of an enrolment. */
  | { readonly kind: 'timeout'; readonly next?: Next }
  /** The machine has slept, or its clock or its addresses have changed. */
  | { readonly kind: 'woken' }
  /** Something of the configuration that a try goes by has changed; `canEnroll` says whether there is a token now. */
  | { readonly kind: 'renewed'; readonly canEnroll: boolean }
  | { readonly kind: 'stop'; readonly reason: EndReason };

export type LinkEffect =
  | { readonly kind: 'enroll' }
  | { readonly kind: 'abort-enroll' }
  | { readonly kind: 'connect' }
  /** Find out at once whether the session still lives; `closed` follows where it does not. */
  | { readonly kind: 'probe' }
  /** Send a close frame and wait for the answer. */
  | { readonly kind: 'close'; readonly reason: EndReason }
  /** Let go of the socket at once. */
  | { readonly kind: 'drop' }
  | {
      readonly kind: 'timer';
      readonly bound: 'enroll' | 'connect' | 'stable' | 'close-stop' | 'close-shutdown';
    }
  | { readonly kind: 'wait'; readonly wait: Wait }
  | { readonly kind: 'timer-off' };

type LinkStep = Step<LinkMachineState, LinkEffect>;
type StateOf<K> = Extract<LinkMachineState, { kind: K }>;
type EventOf<K> = Extract<LinkEvent, { kind: K }>;
/** Every event has its cell. */
type Row<S> = {
  readonly [E in LinkEvent['kind']]: (state: StateOf<S>, event: EventOf<E>) => LinkStep;
};

/** Nobody to blame for a try that got no answer: what is silent for one may be silent for all. */
const SILENCE: Loss = { kind: 'relay' };

const stay = (state: LinkMachineState): LinkStep => ({ state, effects: [] });

const begin = (next: Next, retry: Retry, before: readonly LinkEffect[] = []): LinkStep =>
  next === 'enroll'
    ? {
        state: { kind: 'enrolling', retry },
        effects: [...before, { kind: 'enroll' }, { kind: 'timer', bound: 'enroll' }],
      }
    : {
        state: { kind: 'connecting', retry },
        effects: [...before, { kind: 'connect' }, { kind: 'timer', bound: 'connect' }],
      };

const wait = (next: Next, { retry, wait }: Plan, before: readonly LinkEffect[] = []): LinkStep => ({
  state: { kind: 'waiting', retry, next, wait },
  effects: [...before, { kind: 'wait', wait }],
});

const end = (before: readonly LinkEffect[] = []): LinkStep => ({
  state: { kind: 'done' },
  effects: [...before, { kind: 'timer-off' }],
});

const close = (reason: EndReason): LinkStep => ({
  state: { kind: 'closing' },
  effects: [
    { kind: 'close', reason },
    { kind: 'timer', bound: reason === 'shutdown' ? 'close-shutdown' : 'close-stop' },
  ],
});

const enrolling: Row<'enrolling'> = {
  enrolled: ({ retry }) => begin('connect', retry),
  'enroll-failed': ({ retry }, { loss, next }) => wait(next, planAfterLoss(loss, retry, false)),
  'enroll-refused': ({ retry }, { next }) => wait(next, planAfterRefusal(retry)),
  opened: stay,
  rejected: stay,
  closed: stay,
  timeout: ({ retry }, { next = 'enroll' }) =>
    wait(next, planAfterLoss(SILENCE, retry, false), [{ kind: 'abort-enroll' }]),
  // Whether it has arrived is unknown, and a token may be good for once: the answer is waited for.
  woken: stay,
  renewed: stay,
  stop: () => end([{ kind: 'abort-enroll' }]),
};

const connecting: Row<'connecting'> = {
  enrolled: stay,
  'enroll-failed': stay,
  'enroll-refused': stay,
  opened: ({ retry }, { windowMs }) => ({
    state: { kind: 'online', retry: { ...retry, refusals: 0, windowMs } },
    effects: [{ kind: 'timer', bound: 'stable' }],
  }),
  rejected: ({ retry }, { next }) => wait(next, planAfterRefusal(retry)),
  closed: ({ retry }, { loss }) => wait('connect', planAfterLoss(loss, retry, false)),
  timeout: ({ retry }) => wait('connect', planAfterLoss(SILENCE, retry, false), [{ kind: 'drop' }]),
  woken: ({ retry }) => begin('connect', retry, [{ kind: 'drop' }]),
  renewed: ({ retry }) => begin('connect', retry, [{ kind: 'drop' }]),
  stop: () => end([{ kind: 'drop' }]),
};

const online: Row<'online'> = {
  enrolled: stay,
  'enroll-failed': stay,
  'enroll-refused': stay,
  opened: stay,
  rejected: stay,
  closed: ({ retry }, { loss }) => wait('connect', planAfterLoss(loss, retry, true)),
  timeout: ({ retry }) => stay({ kind: 'online', retry: { ...retry, attempt: 0 } }),
  woken: (state) => ({ state, effects: [{ kind: 'probe' }] }),
  renewed: stay,
  stop: (_, { reason }) => close(reason),
};

const waiting: Row<'waiting'> = {
  enrolled: stay,
  'enroll-failed': stay,
  'enroll-refused': stay,
  opened: stay,
  rejected: stay,
  closed: stay,
  timeout: ({ retry, next }) => begin(next, retry),
  woken: (state) => (canBeCut(state.wait) ? begin(state.next, state.retry) : stay(state)),
  renewed: (state, { canEnroll }) => {
    // The relay has asked for it, and that is as true as before.
    if (state.wait.kind === 'slot') return stay(state);
    return begin(canEnroll && state.retry.refusals > 0 ? 'enroll' : state.next, state.retry);
  },
  stop: () => end(),
};

const closing: Row<'closing'> = {
  enrolled: stay,
  'enroll-failed': stay,
  'enroll-refused': stay,
  opened: stay,
  rejected: stay,
  closed: () => end(),
  timeout: () => end([{ kind: 'drop' }]),
  woken: stay,
  renewed: stay,
  stop: stay,
};

const done: Row<'done'> = {
  enrolled: stay,
  'enroll-failed': stay,
  'enroll-refused': stay,
  opened: stay,
  rejected: stay,
  closed: stay,
  timeout: stay,
  woken: stay,
  renewed: stay,
  stop: stay,
};

const TABLE: { readonly [S in LinkMachineState['kind']]: Row<S> } = {
  enrolling,
  connecting,
  online,
  waiting,
  closing,
  done,
};

/** The first step: a machine with a credential connects, one without enrols; after boot not all at once. */
export const startLink = (next: Next, afterBoot = false): LinkStep =>
  afterBoot ? wait(next, { retry: FRESH, wait: { kind: 'boot' } }) : begin(next, FRESH);

/** Total: every state answers every event. */
export const stepLink = (state: LinkMachineState, event: LinkEvent): LinkStep => {
  // The compiler cannot see that a state and its row have the same name.
  const row = TABLE[state.kind] as Readonly<
    Record<string, (state: LinkMachineState, event: LinkEvent) => LinkStep>
  >;
  return row[event.kind]?.(state, event) ?? stay(state);
};
