/** Whether anything grows. Pure. */
import { slopeOf } from './slope.ts';

/** Figures, and what they may grow with. */
export type Figures<F extends string> = Readonly<Record<F | 'cycles', number>>;

/** What the second half of the samples may grow by with each cycle: nothing, but for memory, which is never still. */
export type Bounds<F extends string> = Readonly<Record<F, number>>;

export const EXACT = { handles: 0, active: 0, listeners: 0, processes: 0, temp: 0 } as const;

export interface Verdict {
  readonly figure: string;
  readonly perCycle: number;
  readonly bound: number;
  readonly first: number;
  readonly last: number;
  readonly ok: boolean;
}

/** The first half is for what is made once: code, caches, the heap's own size. */
export const judge = <F extends string>(
  samples: readonly Figures<NoInfer<F>>[],
  bounds: Bounds<F>,
): readonly Verdict[] => {
  const half = samples.slice(Math.floor(samples.length / 2));
  return (Object.keys(bounds) as F[]).map((figure) => {
    const perCycle = slopeOf(half.map((sample) => ({ x: sample.cycles, y: sample[figure] })));
    const values = half.map((sample) => sample[figure]);
    const bound = bounds[figure];
    const equal = Math.max(...values) === Math.min(...values);
    const ok = bound === 0 ? equal : perCycle <= bound;
    return { figure, perCycle, bound, first: values[0] ?? NaN, last: values.at(-1) ?? NaN, ok };
  });
};
