/** What the processes of an instance have used, and what they hold. */
import { anonymousBytes, cpuMs, descendantsOf, proportionalBytes, wakeups } from '../ground/proc.ts';
import type { ContenderKey, Instance } from './contenders.ts';

/** Of the first process, and of all that it has started. */
export interface Used {
  readonly cpuMs: number;
  readonly wakeups: number;
}

export interface Held {
  readonly anonymous: number;
  readonly proportional: number;
}

export interface Both<T> {
  readonly supervisor: T;
  readonly rest: T;
}

const sum = (pids: readonly number[], of: (pid: number) => number): number =>
  pids.reduce((total, pid) => total + of(pid), 0);

const bothOf = <T>(pid: number, of: (pids: readonly number[]) => T): Both<T> => ({
  supervisor: of([pid]),
  rest: of(descendantsOf(pid)),
});

export const usedBy = ({ program }: Instance): Both<Used> =>
  bothOf(program.pid, (pids) => ({ cpuMs: sum(pids, cpuMs), wakeups: sum(pids, wakeups) }));

export const heldBy = ({ program }: Instance): Both<Held> =>
  bothOf(program.pid, (pids) => ({
    anonymous: sum(pids, anonymousBytes),
    proportional: sum(pids, proportionalBytes),
  }));

/** What one instance has done in each slice of the time, by the minute, and what it held in the end. */
export interface Observed {
  readonly key: ContenderKey;
  readonly slices: readonly Both<Used>[];
  readonly held: Both<Held>;
}

/** @param minutes between the two */
export const sliceOf = (before: Both<Used>, after: Both<Used>, minutes: number): Both<Used> => {
  const part = (of: 'supervisor' | 'rest'): Used => ({
    cpuMs: (after[of].cpuMs - before[of].cpuMs) / minutes,
    wakeups: (after[of].wakeups - before[of].wakeups) / minutes,
  });
  return { supervisor: part('supervisor'), rest: part('rest') };
};
