/** What Linux says of a process: proc(5), and of its memory /proc/PID/smaps_rollup. */
import { readFileSync, readdirSync } from 'node:fs';

const read = (pid: number, name: string): string => readFileSync(`/proc/${pid}/${name}`, 'utf8');

const field = (text: string, name: string): number =>
  Number(new RegExp(`^${name}:\\s+(\\d+)`, 'm').exec(text)?.[1] ?? NaN);

/** Of the threads that there are now; one that ends takes its share along. */
const sumOfThreads = (pid: number, of: (thread: string) => number): number =>
  readdirSync(`/proc/${pid}/task`).reduce((sum, thread) => sum + of(thread), 0);

const NS = 1e6;

/** Milliseconds on a processor, to the nanosecond: the clock of `stat` has ticks of 10 ms. */
export const cpuMs = (pid: number): number =>
  sumOfThreads(pid, (thread) => Number(read(pid, `task/${thread}/schedstat`).split(' ', 1)[0])) / NS;

/** How often one of its threads has gone to sleep of its own will: as often it was woken. */
export const wakeups = (pid: number): number =>
  sumOfThreads(pid, (thread) => field(read(pid, `task/${thread}/status`), 'voluntary_ctxt_switches'));

const KB = 1024;

/** Bytes. */
export const anonymousBytes = (pid: number): number => field(read(pid, 'status'), 'RssAnon') * KB;

/** Bytes: what it shares with n others counts for a part in n. */
export const proportionalBytes = (pid: number): number => field(read(pid, 'smaps_rollup'), 'Pss') * KB;

const childrenOf = (pid: number): readonly number[] =>
  readdirSync(`/proc/${pid}/task`).flatMap((thread) =>
    read(pid, `task/${thread}/children`).split(' ').filter(Boolean).map(Number),
  );

/** Those that it has started, and what they have. */
export const descendantsOf = (pid: number): readonly number[] =>
  childrenOf(pid).flatMap((child) => [child, ...descendantsOf(child)]);

export const isThere = (pid: number): boolean => {
  try {
    return !/^State:\s+[ZX]/m.test(read(pid, 'status'));
  } catch {
    return false;
  }
};
