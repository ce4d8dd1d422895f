import type { BenchResult } from '../bench.ts';
import type { Options } from '../options.ts';
import { claimsOf } from './claims.ts';
import { measure } from './measure.ts';
import { curvesOf, groupsOf } from './picture.ts';
import { tablesOf } from './table.ts';

const SEEDS = 5;

/** @param say takes what is for people. */
export const benchFleet = (options: Options, say: (text: string) => void): BenchResult => {
  const scale = options.quick ? 0.1 : 1;
  const seeds = options.seeds ?? (options.quick ? 1 : SEEDS);
  const cells = measure({ scale, seeds });
  say(`A fleet that comes back: virtual time, median of ${seeds} seed(s)\n`);
  say(tablesOf(cells, scale));
  return { claims: claimsOf(cells), groups: groupsOf(cells), plots: [curvesOf(scale, 0)] };
};
