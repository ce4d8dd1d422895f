/**
 * Who may come now, and when the others are to come back. A relay has work for `perSecond` sessions in a second. As long as less
 * than a second of work is ahead, whoever comes is taken; beyond that each is told the next free slot, and the slot is kept for it.
 * So a whole fleet is back after agents / perSecond and what its refusals have cost, each with one refusal at the most.
 * Pure but for its own state: the time is given. `docs/performance.md` has the simulation that chose the numbers.
 */

/** Milliseconds that an agent may be late for its slot, and early. */
const GRACE_MS = 5_000;
/** Milliseconds of work that may wait: a refusal costs more than so short a queue. */
const AHEAD_MS = 1_000;
/** A slot is so much before the work begins, so that the relay never waits for one that is on its way. */
const LEAD_MS = 500;
/** What a refusal costs, in sessions: uncounted, it makes the queue grow until it is full. */
const REFUSAL = 0.05;

export type Verdict =
  | { readonly kind: 'admitted' }
  /** `waitMs` until the slot, in whole seconds, rounded down: HTTP can tell no more, and agents come up to a second later. */
  | { readonly kind: 'later'; readonly waitMs: number };

export interface Admission {
  /** @param now monotonic milliseconds. */
  judge(agentId: string, now: number): Verdict;
}

const later = (waitMs: number): Verdict => ({
  kind: 'later',
  waitMs: Math.max(0, Math.floor(waitMs / 1000) * 1000),
});

/** @param perSecond sessions that may be opened; as many may come at once. */
export const createAdmission = (perSecond: number): Admission => {
  const step = 1000 / perSecond;
  /** In the order in which they were given, which is that of their times. */
  const slots = new Map<string, number>();
  /** When all that has been taken or promised will have been done. */
  let free = -Infinity;

  const forget = (now: number): void => {
    for (const [agentId, slot] of slots) {
      if (slot >= now - GRACE_MS) return;
      slots.delete(agentId);
    }
  };

  return {
    judge: (agentId, now) => {
      forget(now);
      free = Math.max(free, now);
      const slot = slots.get(agentId);
      if (slot !== undefined && slot <= now + GRACE_MS) {
        slots.delete(agentId);
        return { kind: 'admitted' };
      }
      // One that does not wait for its slot keeps it, and pushes the others back by no more than what refusing it costs.
      if (slot !== undefined) {
        free += REFUSAL * step;
        return later(slot - now);
      }
      if (free - now < AHEAD_MS) {
        free += step;
        return { kind: 'admitted' };
      }
      const at = free - LEAD_MS;
      slots.set(agentId, at);
      free += (1 + REFUSAL) * step;
      return later(at - now);
    },
  };
};
