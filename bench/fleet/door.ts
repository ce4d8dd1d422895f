/**
 * The relay as the fleet sees it: one server that takes `perSecond` handshakes, first come first served, behind a queue.
 * The admission stands before that queue, and behind one that has no bound: such a queue is the kernel's, or a proxy's.
 *
 * | a try                                    | costs the relay    | and ends with                                  |
 * | ---------------------------------------- | ------------------ | ---------------------------------------------- |
 * | that finds nobody                        | nothing            | a refused connection                           |
 * | that the admission sends away            | 5 % of a handshake | 503 with Retry-After                           |
 * | that finds the queue full                | 5 % of a handshake | 503 without a word of when                     |
 * | either, beyond 10 x perSecond            | nothing            | a refused connection: the kernel turns it away |
 * | whose turn comes when its agent has left | what it would have | nobody notices                                 |
 * | that is taken                            | a handshake        | a session                                      |
 */
import { createAdmission } from '@guruconnect/relay/admission';
import type { Ending } from './policy.ts';

const REFUSAL = 0.05;
const REFUSALS_MOST = 10;

export type Answer = { readonly kind: 'session' } | Ending;

/** The answer, and when it leaves the relay. */
export interface Knock {
  readonly answer: Answer;
  readonly at: number;
}

/** Times of the calls must not decrease. */
export type Door = (agent: number, now: number) => Knock;

export interface DoorOptions {
  /** Handshakes a second. */
  readonly perSecond: number;
  /** Milliseconds of work that may wait; Infinity for a queue without a bound. */
  readonly backlogMs: number;
  /** Whether the product's admission stands at the end of the queue. */
  readonly slots: boolean;
}

const REFUSED: Answer = { kind: 'error', code: 'ECONNREFUSED' };
const FULL: Answer = { kind: 'status', status: 503 };
const SESSION: Answer = { kind: 'session' };

/** Whole seconds, as HTTP has it, rounded as the relay does. */
const busyUntil = (waitMs: number): Answer => ({
  kind: 'status',
  status: 503,
  retryAfter: String(Math.ceil(waitMs / 1000)),
});

export const createDoor = ({ perSecond, backlogMs, slots }: DoorOptions): Door => {
  const handshake = 1000 / perSecond;
  const admission = slots ? createAdmission(perSecond) : undefined;
  /** When all that is in the queue has been served. */
  let served = 0;
  let second = 0;
  let refused = 0;

  /** Answered at once, before all that waits; but what it costs, the others wait for. */
  const refuse = (now: number, answer: Answer): Knock => {
    if (now - second >= 1000) [second, refused] = [now, 0];
    refused += 1;
    if (refused > REFUSALS_MOST * perSecond) return { answer: REFUSED, at: now };
    served = Math.max(served, now) + REFUSAL * handshake;
    return { answer, at: now };
  };
  const take = (now: number): Knock => {
    served = Math.max(served, now) + handshake;
    return { answer: SESSION, at: served };
  };

  return (agent, now) => {
    // Nobody looks at a try in a queue without a bound until its turn comes.
    const read = backlogMs === Infinity ? Math.max(served, now) : now;
    const verdict = admission?.judge(String(agent), read);
    if (verdict?.kind === 'later') return refuse(read, busyUntil(verdict.waitMs));
    return served - now > backlogMs ? refuse(now, FULL) : take(now);
  };
};
