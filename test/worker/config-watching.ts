/** A watch on a file, its events the system's own and its time to settle a test's. */
import { TIMING } from '@guruconnect/shared/timing';
import { type OpenWatch, watchConfig } from '@guruconnect/worker/config-watch';
import type { Test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

/** Within which a system tells of a change, the rest of a change behind its beginning included. */
export const TOLD_MS = 100;
const LIMIT_MS = 10_000;

export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** A watch on `path`, and what it has told. */
export const watching = (t: Test, path: string, openWatch?: OpenWatch) => {
  const clock = createFakeClock();
  const seen = { changes: 0, troubles: [] as string[] };
  const watch = watchConfig(
    path,
    () => {
      seen.changes += 1;
    },
    { clock, onTrouble: (why) => seen.troubles.push(why), ...(openWatch !== undefined && { openWatch }) },
  );
  t.teardown(() => {
    watch.close();
  });
  /** Waits for an event, and lets it settle. @returns the changes told since the last call. */
  const changes = async (): Promise<number> => {
    const end = performance.now() + LIMIT_MS;
    while (clock.pending().length === 0 && performance.now() < end) await pause(5);
    await pause(TOLD_MS);
    return settle();
  };
  const settle = (): number => {
    clock.advance(TIMING.configSettle);
    const { changes: told } = seen;
    seen.changes = 0;
    return told;
  };
  /** For what is to cause no event. */
  const quiet = async (): Promise<boolean> => {
    await pause(3 * TOLD_MS);
    return clock.pending().length === 0 && settle() === 0;
  };
  return { clock, seen, watch, changes, quiet };
};
