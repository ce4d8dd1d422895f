/** Whether anything grows. Pure. */
import type { Sample } from './sample.ts';
import { slopeOf } from './slope.ts';

type Figure = Exclude<keyof Sample, 'cycles'>;

/** What the second half of the samples may grow by with each cycle: nothing, but for memory, which is never still. */
export type Bounds = Readonly<Record<Figure, number>>;

export const EXACT = { handles: 0, active: 0, listeners: 0, processes: 0, temp: 0 } as const;

export interface Verdict {
  readonly figure: Figure;
  readonly perCycle: number;
  readonly bound: number;
  readonly first: number;
  readonly last: number;
  readonly ok: boolean;
}

/** The first half is for what is made once: code, caches, the heap's own size. */
export const judge = (samples: readonly Sample[], bounds: Bounds): readonly Verdict[] => {
  const half = samples.slice(Math.floor(samples.length / 2));
  return (Object.keys(bounds) as Figure[]).map((figure) => {
    const perCycle = slopeOf(half.map((sample) => ({ x: sample.cycles, y: sample[figure] })));
    const values = half.map((sample) => sample[figure]);
    const bound = bounds[figure];
    const equal = Math.max(...values) === Math.min(...values);
    const ok = bound === 0 ? equal : perCycle <= bound;
    return { figure, perCycle, bound, first: values[0] ?? NaN, last: values.at(-1) ?? NaN, ok };
  });
};
