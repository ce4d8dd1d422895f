/**
 * The life of the relay link, as a table. Pure: no time, no randomness, no socket and no secret.
 *
 * `attempt` counts the tries since the link was last stable; it is what the backoff grows with. A stop ends the machine
 * from any state within two events. Only a local fault fails it; the network and the relay never do.
 */
import type { Step } from '@guruconnect/shared/machine-runner';
import type { StopReason } from '@guruconnect/shared/pipe-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';

type Next = 'enroll' | 'connect';

export type LinkMachineState =
  | { readonly kind: 'enrolling'; readonly attempt: number }
  | { readonly kind: 'connecting'; readonly attempt: number }
  | { readonly kind: 'online'; readonly attempt: number }
  | { readonly kind: 'waiting'; readonly attempt: number; readonly next: Next }
  | { readonly kind: 'closing' }
  | { readonly kind: 'done'; readonly outcome: 'stopped' | 'failed' };

export type LinkEvent =
  | { readonly kind: 'enrolled' }
  | { readonly kind: 'enroll-failed' }
  /** The credential could not be stored. */
  | { readonly kind: 'store-failed' }
  /** The relay said welcome. */
  | { readonly kind: 'opened' }
  /** The relay refused the credential; `canEnroll` says whether there is a token to get another. */
  | { readonly kind: 'rejected'; readonly canEnroll: boolean }
  | { readonly kind: 'closed' }
  | { readonly kind: 'timeout' }
  | { readonly kind: 'stop'; readonly reason: StopReason };

export type LinkEffect =
  | { readonly kind: 'enroll' }
  | { readonly kind: 'abort-enroll' }
  | { readonly kind: 'connect' }
  /** Send a close frame and wait for the answer. */
  | { readonly kind: 'close'; readonly reason: StopReason }
  /** Let go of the socket at once. */
  | { readonly kind: 'drop' }
  | {
      readonly kind: 'timer';
      readonly wait: 'enroll' | 'connect' | 'stable' | 'close-stop' | 'close-shutdown';
    }
  | { readonly kind: 'backoff'; readonly attempt: number }
  | { readonly kind: 'timer-off' };

type LinkStep = Step<LinkMachineState, LinkEffect>;

const stay = (state: LinkMachineState): LinkStep => ({ state, effects: [] });

const begin = (next: Next, attempt: number): LinkStep =>
  next === 'enroll'
    ? {
        state: { kind: 'enrolling', attempt },
        effects: [{ kind: 'enroll' }, { kind: 'timer', wait: 'enroll' }],
      }
    : {
        state: { kind: 'connecting', attempt },
        effects: [{ kind: 'connect' }, { kind: 'timer', wait: 'connect' }],
      };

const wait = (next: Next, attempt: number, before: readonly LinkEffect[] = []): LinkStep => ({
  state: { kind: 'waiting', attempt, next },
  effects: [...before, { kind: 'backoff', attempt }],
});

const end = (outcome: 'stopped' | 'failed', before: readonly LinkEffect[] = []): LinkStep => ({
  state: { kind: 'done', outcome },
  effects: [...before, { kind: 'timer-off' }],
});

const close = (reason: StopReason): LinkStep => ({
  state: { kind: 'closing' },
  effects: [
    { kind: 'close', reason },
    { kind: 'timer', wait: reason === 'shutdown' ? 'close-shutdown' : 'close-stop' },
  ],
});

/** The first step: a machine with a credential connects, one without enrols. */
export const startLink = (next: Next): LinkStep => begin(next, 0);

const enrolling = (state: LinkMachineState & { kind: 'enrolling' }, event: LinkEvent): LinkStep => {
  switch (event.kind) {
    case 'enrolled':
      return begin('connect', state.attempt);
    case 'enroll-failed':
      return wait('enroll', state.attempt + 1);
    case 'store-failed':
      return end('failed');
    case 'timeout':
      return wait('enroll', state.attempt + 1, [{ kind: 'abort-enroll' }]);
    case 'stop':
      return end('stopped', [{ kind: 'abort-enroll' }]);
    case 'opened':
    case 'rejected':
    case 'closed':
      return stay(state);
    default:
      return unreachable(event);
  }
};

const connecting = (state: LinkMachineState & { kind: 'connecting' }, event: LinkEvent): LinkStep => {
  switch (event.kind) {
    case 'opened':
      return {
        state: { kind: 'online', attempt: state.attempt },
        effects: [{ kind: 'timer', wait: 'stable' }],
      };
    case 'rejected':
      return wait(event.canEnroll ? 'enroll' : 'connect', state.attempt + 1);
    case 'closed':
      return wait('connect', state.attempt + 1);
    case 'timeout':
      return wait('connect', state.attempt + 1, [{ kind: 'drop' }]);
    case 'stop':
      return end('stopped', [{ kind: 'drop' }]);
    case 'enrolled':
    case 'enroll-failed':
    case 'store-failed':
      return stay(state);
    default:
      return unreachable(event);
  }
};

const online = (state: LinkMachineState & { kind: 'online' }, event: LinkEvent): LinkStep => {
  switch (event.kind) {
    case 'closed':
      return wait('connect', state.attempt + 1);
    case 'timeout':
      return { state: { kind: 'online', attempt: 0 }, effects: [] };
    case 'stop':
      return close(event.reason);
    case 'enrolled':
    case 'enroll-failed':
    case 'store-failed':
    case 'opened':
    case 'rejected':
      return stay(state);
    default:
      return unreachable(event);
  }
};

const waiting = (state: LinkMachineState & { kind: 'waiting' }, event: LinkEvent): LinkStep => {
  switch (event.kind) {
    case 'timeout':
      return begin(state.next, state.attempt);
    case 'stop':
      return end('stopped');
    case 'enrolled':
    case 'enroll-failed':
    case 'store-failed':
    case 'opened':
    case 'rejected':
    case 'closed':
      return stay(state);
    default:
      return unreachable(event);
  }
};

const closing = (state: LinkMachineState & { kind: 'closing' }, event: LinkEvent): LinkStep => {
  switch (event.kind) {
    case 'closed':
      return end('stopped');
    case 'timeout':
      return end('stopped', [{ kind: 'drop' }]);
    case 'enrolled':
    case 'enroll-failed':
    case 'store-failed':
    case 'opened':
    case 'rejected':
    case 'stop':
      return stay(state);
    default:
      return unreachable(event);
  }
};

/** Total: every state answers every event. */
export const stepLink = (state: LinkMachineState, event: LinkEvent): LinkStep => {
  switch (state.kind) {
    case 'enrolling':
      return enrolling(state, event);
    case 'connecting':
      return connecting(state, event);
    case 'online':
      return online(state, event);
    case 'waiting':
      return waiting(state, event);
    case 'closing':
      return closing(state, event);
    case 'done':
      return stay(state);
    default:
      return unreachable(state);
  }
};
