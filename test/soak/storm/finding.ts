/** What a step has found: times against their bounds, and whatever was not as it has to be. Data only. */
import type { Bound } from './bound.ts';

export interface Timed {
  /** The event, and what was waited for where that is not the return. */
  readonly what: string;
  readonly who: string;
  readonly ms: number;
  readonly bound: Bound;
}

export interface Finding {
  readonly timed: readonly Timed[];
  /** In words for a person. */
  readonly faults: readonly string[];
}

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

/** Those that came, and too late. */
export const lateOf = (timed: readonly Timed[]): readonly string[] =>
  timed
    .filter(({ ms, bound }) => ms > bound.ms)
    .map(
      ({ what, who, ms, bound }) =>
        `${what}: ${who} after ${seconds(ms)} s, and ${seconds(bound.ms)} s is the bound (${bound.of})`,
    );
