/** Whether an agent holds more from step to step: the samples of a storm as figures that can be judged. Pure. */
import { type Verdict, judge } from '../judge.ts';
import type { Footprint } from './footprint.ts';
import type { Heap } from './heap.ts';

export interface Holding<F = Footprint> {
  readonly supervisor: F;
  readonly worker: F;
}

/** Of a process whose garbage has been collected. */
export type Kept = Footprint & Heap;

export interface StormSample {
  /** The step that it was taken after, from 1 on. */
  readonly step: number;
  readonly lasting: Holding<Kept>;
  /** Of an agent that was started in this step: each life at the same age. */
  readonly newborn?: Holding;
  /** Entries of the temporary folder. */
  readonly temp: number;
}

/** What is never still. */
type SlopeBounds = Readonly<Record<'heapKB' | 'externalKB' | 'anonKB' | 'timers', number>>;

/**
 * Timers, and KB, a step, by the slope of the second half: of the heap and what is beside it after a collection, and of the pages, which V8 gives back
 * when it likes. The fewer samples, the larger a leak has to be; a few say nothing of either.
 */
const slopeBounds = (samples: number): SlopeBounds => {
  if (samples >= 60) return { heapKB: 4, externalKB: 10, anonKB: 100, timers: 0.02 };
  if (samples >= 20) return { heapKB: 50, externalKB: 100, anonKB: 300, timers: 0.05 };
  return { heapKB: Infinity, externalKB: Infinity, anonKB: Infinity, timers: Infinity };
};

type Figures = Readonly<Record<string, number>>;

const figuresOf = (who: string, { supervisor, worker }: Holding): Figures =>
  Object.fromEntries(
    Object.entries({ supervisor, worker }).flatMap(([process, held]) =>
      Object.entries(held).map(([what, value]) => [`${who} ${process} ${what}`, value as number]),
    ),
  );

const boundsOf = (figures: Figures, samples: number) => {
  const slopes = slopeBounds(samples);
  return Object.fromEntries(
    Object.keys(figures).map((name) => {
      const kind = name.split(' ').at(-1) ?? '';
      return [name, kind in slopes ? slopes[kind as keyof SlopeBounds] : 0];
    }),
  );
};

const judgeFigures = (rows: readonly (Figures & { readonly cycles: number })[]) => {
  const { cycles: _, ...figures } = rows[0] ?? { cycles: 0 };
  return judge<string>(rows, boundsOf(figures, rows.length));
};

/** Descriptors, sockets, threads, handles and files have to be equal throughout the second half; memory and timers have bounds. */
export const judgeGrowth = (samples: readonly StormSample[]): readonly Verdict[] => {
  const lasting = samples.map(({ step, lasting: held, temp }) => ({
    cycles: step,
    ...figuresOf('lasting', held),
    'temporary files': temp,
  }));
  const newborn = samples.flatMap(({ step, newborn: held }) =>
    held === undefined ? [] : [{ cycles: step, ...figuresOf('newborn', held) }],
  );
  return [...judgeFigures(lasting), ...judgeFigures(newborn)];
};
