/** A clock that stands still until a test moves it: what takes a minute is over at once, and in a fixed order. */
import type { Clock } from '@guruconnect/shared/clock';

export interface FakeClock extends Clock {
  /** Moves on by `ms`, calling back what falls due on the way, each at its own time; timers set meanwhile included. */
  advance(ms: number): void;
  /** Milliseconds until each timer that is set, the next one first. */
  pending(): readonly number[];
}

interface Due {
  readonly at: number;
  readonly callback: () => void;
}

export const createFakeClock = (): FakeClock => {
  let now = 0;
  const timers = new Set<Due>();
  // Sorting is stable and a Set keeps its order: of two timers due at once, the one set first goes first.
  const ordered = (): Due[] => [...timers].sort((a, b) => a.at - b.at);

  return {
    now: () => now,
    after: (ms, callback) => {
      const due = { at: now + ms, callback };
      timers.add(due);
      return { cancel: () => void timers.delete(due) };
    },
    advance: (ms) => {
      const end = now + ms;
      for (let due = ordered()[0]; due !== undefined && due.at <= end; due = ordered()[0]) {
        timers.delete(due);
        now = Math.max(now, due.at);
        due.callback();
      }
      now = end;
    },
    pending: () => ordered().map(({ at }) => at - now),
  };
};
