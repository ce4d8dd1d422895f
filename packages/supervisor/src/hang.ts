/** How a worker hangs, told from what its process did while its beats were missing. Pure. */

/**
 * `busy`: it uses the processor, and its event loop does not turn (`while (true)`). `blocked`: it waits for something that
 * does not come (`Atomics.wait`, a file system that does not answer). `stopped`: its process was (SIGSTOP). `pool`: its event loop
 * turns, and none of libuv's threads is free. `unseen`: nobody could look at it.
 */
export type Hang = 'busy' | 'blocked' | 'stopped' | 'pool' | 'unseen';

/** A process as the system shows it. */
export interface ProcessLook {
  /** Milliseconds of processor time that the thread of its event loop has used since its start. */
  readonly cpuMs: number;
  /** It does not run until somebody lets it; absent where the system does not tell. */
  readonly stopped?: boolean;
}

/** A look at the process, and when. */
export interface Sight {
  /** Monotonic milliseconds. */
  readonly at: number;
  readonly look: ProcessLook | undefined;
}

/**
 * A thread that waits uses nothing at all, while one that runs may have to share its processor with many others: far less than
 * all of the time is enough to tell them apart.
 */
const BUSY_SHARE = 0.1;

/** @param sights one for every beat that was missed, the oldest first. */
export const hangOf = (sights: readonly Sight[]): Hang => {
  const seen = sights.flatMap(({ at, look }) => (look === undefined ? [] : [{ at, ...look }]));
  const [first, last] = [seen[0], seen.at(-1)];
  if (first === undefined || last === undefined) return 'unseen';
  if (last.stopped === true) return 'stopped';
  if (last.at === first.at) return 'unseen';
  return last.cpuMs - first.cpuMs >= BUSY_SHARE * (last.at - first.at) ? 'busy' : 'blocked';
};
