/** Drives asynchronous code on a clock that stands still: whenever nothing else can happen, time moves to the next timer. */
import type { FakeClock } from './fake-clock.ts';

/** Lets everything happen that needs no time. */
export const settleNow = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** @throws Error where `work` would need more than `limitMs` of virtual time, or waits for something that never comes. */
export const runToEnd = async <T>(clock: FakeClock, work: Promise<T>, limitMs = 600_000): Promise<T> => {
  const end = clock.now() + limitMs;
  const state = { done: false };
  const note = (): void => {
    state.done = true;
  };
  work.then(note, note);
  for (;;) {
    await settleNow();
    if (state.done) return work;
    const [next] = clock.pending();
    if (next === undefined) throw new Error('it waits for something that never comes');
    if (clock.now() + next > end) throw new Error(`it is not done after ${limitMs} ms`);
    clock.advance(next);
  }
};

/** Lets `ms` pass, with everything that happens meanwhile. */
export const elapse = async (clock: FakeClock, ms: number): Promise<void> => {
  const end = clock.now() + ms;
  for (;;) {
    await settleNow();
    const [next] = clock.pending();
    if (next === undefined || clock.now() + next > end) break;
    clock.advance(next);
  }
  clock.advance(end - clock.now());
  await settleNow();
};
