/**
 * How long to wait before the next try, and why. Pure. `docs/performance.md` has the simulation that chose it.
 *
 * | the try, or the session, ended by                | the next try comes after                                 |
 * | a relay that names a slot (429, 503, 1012, 1013) | that slot; in HTTP up to a second more, as it has whole ones; after three in a row with backoff |
 * | the relay, it seems for everybody                | U(0, W), the window that it announced; without one, backoff |
 * | the machine's own network, once online           | U(0, 2 s), then backoff                                  |
 * | something that concerns this session alone       | backoff: U(0, 1 s x 2^n), 60 s at the most               |
 * | a refused credential or token                    | 1 s, then about 10, 20, 40 and 80 s at the most, then an hour |
 *
 * The first connection after boot comes after U(0, 10 s): a building whose power returns boots as one.
 */
import { REFUSAL_TRIES, TIMING } from '@guruconnect/shared/timing';

/** When the relay would have an agent back, in milliseconds; `spreadMs` later at the most. */
export interface Slot {
  readonly ms: number;
  readonly spreadMs: number;
}

/** What a loss looks like, and what the relay asked for. */
export interface Loss {
  readonly kind: 'relay' | 'network' | 'session';
  readonly slot?: Slot;
}

export type Wait =
  | { readonly kind: 'boot' }
  | { readonly kind: 'slot'; readonly slot: Slot }
  | { readonly kind: 'window'; readonly windowMs: number; readonly attempt: number }
  | { readonly kind: 'blip' }
  | { readonly kind: 'backoff'; readonly attempt: number }
  /** `refusals` from 1 on. */
  | { readonly kind: 'refused'; readonly refusals: number };

/** What is remembered from one try to the next. */
export interface Retry {
  /** Tries since the link was last stable: what the backoff grows with. */
  readonly attempt: number;
  /** Refusals by 401 or 403 in a row. */
  readonly refusals: number;
  /** Slots in a row that have led to another one. */
  readonly slots: number;
  /** Announced by the relay; 0 where it has announced none. */
  readonly windowMs: number;
}

export const FRESH: Retry = { attempt: 0, refusals: 0, slots: 0, windowMs: 0 };

/** A relay that keeps its slots needs one, or two; one that goes on naming them may be broken, and its slots of no time. */
const SLOTS_KEPT = 3;

export interface Plan {
  readonly retry: Retry;
  readonly wait: Wait;
}

/** The backoff's upper end, in milliseconds. @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/ */
const backoffMost = (attempt: number): number =>
  Math.min(TIMING.backoffCap, TIMING.backoffFirst * 2 ** Math.min(attempt - 1, 30));

const slotAfter = (slot: Slot, { slots }: Retry): Slot =>
  slots <= SLOTS_KEPT ? slot : { ms: slot.ms, spreadMs: Math.max(slot.spreadMs, backoffMost(slots)) };

const waitAfter = ({ kind, slot }: Loss, retry: Retry, wasOnline: boolean): Wait => {
  const { attempt, windowMs } = retry;
  if (slot !== undefined) return { kind: 'slot', slot: slotAfter(slot, retry) };
  if (kind === 'relay' && windowMs > 0) return { kind: 'window', windowMs, attempt };
  // Once only: a network that goes again and again is one that tries find in pieces.
  if (kind === 'network' && wasOnline && attempt === 1) return { kind: 'blip' };
  return { kind: 'backoff', attempt };
};

/** After a session, or a try that was not refused. */
export const planAfterLoss = (loss: Loss, before: Retry, wasOnline: boolean): Plan => {
  const slots = loss.slot === undefined || wasOnline ? 0 : before.slots + 1;
  const retry = { ...before, slots, attempt: before.attempt + 1 };
  return { retry, wait: waitAfter(loss, retry, wasOnline) };
};

/**
 * After a 401 or 403. The relay may be wrong, for minutes and for everybody: six tries at the pace of a backoff would be over in
 * seconds, and leave a whole fleet away for an hour.
 */
export const planAfterRefusal = (before: Retry): Plan => {
  const refusals = before.refusals + 1;
  return { retry: { ...before, attempt: before.attempt + 1, refusals }, wait: { kind: 'refused', refusals } };
};

/**
 * Whether something that has nothing to do with the relay (a resume, a new address) may cut the wait short. A machine that
 * starts gets its addresses while it waits, and so do all the others.
 */
export const canBeCut = ({ kind }: Wait): boolean => kind !== 'slot' && kind !== 'refused' && kind !== 'boot';

/** The first one is quick: where there is a token, it is followed by an enrolment. */
const refusedRange = (refusals: number): readonly [number, number] => {
  if (refusals === 1) return [0, TIMING.backoffFirst];
  if (refusals >= REFUSAL_TRIES) return [0.9 * TIMING.refusedRetry, 1.1 * TIMING.refusedRetry];
  const most = TIMING.refusedFirst * 2 ** (refusals - 2);
  return [most / 2, most];
};

/** Milliseconds between which the delay is drawn, evenly. */
export const waitRange = (wait: Wait): readonly [least: number, most: number] => {
  switch (wait.kind) {
    case 'boot':
      return [0, TIMING.bootSpread];
    case 'slot':
      return [wait.slot.ms, wait.slot.ms + wait.slot.spreadMs];
    case 'window':
      // A short window must not become a pace of many tries a second, nor a long outage a long way back: a try may take so long.
      return [0, Math.max(wait.windowMs, Math.min(TIMING.connect, backoffMost(wait.attempt)))];
    case 'blip':
      return [0, TIMING.blip];
    case 'backoff':
      return [0, backoffMost(wait.attempt)];
    case 'refused':
      return refusedRange(wait.refusals);
  }
};

/** @param random from 0 to 1. @returns milliseconds. */
export const drawDelay = (wait: Wait, random: number): number => {
  const [least, most] = waitRange(wait);
  return least + random * (most - least);
};
