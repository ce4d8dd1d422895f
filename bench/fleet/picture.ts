/** What the picture shows of a fleet's return: how much of it is back when, and how long it takes each policy. */
import type { Bar, BarGroup, Plot } from '../bench.ts';
import { type Cell, valuesOf } from './measure.ts';
import { CONTENDERS, type ContenderKey } from './policies.ts';
import { simulate } from './simulate.ts';
import { type SituationKey, situations } from './situation.ts';

const SECONDS = 120;
const LINES = ['both', 'alone', 'jittered', 'fixed', 'doubling'] as const satisfies readonly ContenderKey[];
const PRODUCT: ReadonlySet<ContenderKey> = new Set(['both', 'alone', 'window', 'slots']);
const SHOWN = ['crash', 'restart'] as const satisfies readonly SituationKey[];

/** @param scale 1 for 100,000 agents. */
export const curvesOf = (scale: number, seed: number): Plot => {
  const situation = situations(scale).crash;
  return {
    title: 'The fleet after a crash of 10 s',
    x: 'seconds since the relay is back',
    y: 'agents that are back, %',
    scale: 'linear',
    lines: LINES.map((key) => {
      const { name, maker, hints } = CONTENDERS[key];
      const curve = simulate(situation, maker, hints, seed).curve();
      let back = 0;
      const points = Array.from({ length: SECONDS + 1 }, (_, second) => {
        if (second > 0) back += curve[second - 1] ?? 0;
        return [second, (100 * back) / situation.agents] as const;
      });
      return { name, points };
    }),
  };
};

const barOf = (cell: Cell): Bar => ({
  name: CONTENDERS[cell.contender].name,
  values: valuesOf(cell, 'ratio'),
  role: PRODUCT.has(cell.contender) ? 'product' : 'peer',
});

/** What comes to no end has no bar. */
export const groupsOf = (cells: readonly Cell[]): readonly BarGroup[] =>
  SHOWN.map((key) => ({
    title: `Fleet, ${situations(1)[key].name}: until 99 % are back`,
    unit: 'x floor',
    bars: cells
      .filter(({ situation }) => situation === key)
      .map(barOf)
      .filter(({ values }) => values.every(Number.isFinite)),
  }));
