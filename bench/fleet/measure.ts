/** Every policy in every situation, with every seed. */
import { median } from '../median.ts';
import { CONTENDERS, CONTENDER_KEYS, type ContenderKey } from './policies.ts';
import { simulate } from './simulate.ts';
import { type SituationKey, situations } from './situation.ts';
import type { Result } from './tally.ts';

export interface Cell {
  readonly situation: SituationKey;
  readonly contender: ContenderKey;
  /** One for each seed. */
  readonly results: readonly Result[];
}

export interface Plan {
  /** 1 for 100,000 agents. */
  readonly scale: number;
  readonly seeds: number;
  readonly only?: readonly SituationKey[];
}

export const measure = ({ scale, seeds, only }: Plan): readonly Cell[] => {
  const all = situations(scale);
  return (only ?? (Object.keys(all) as SituationKey[])).flatMap((situation) =>
    CONTENDER_KEYS.map((contender) => {
      const { maker, hints } = CONTENDERS[contender];
      const run = (_: unknown, seed: number) => simulate(all[situation], maker, hints, seed).result();
      return { situation, contender, results: Array.from({ length: seeds }, run) };
    }),
  );
};

export const valuesOf = ({ results }: Cell, key: keyof Result): readonly number[] =>
  results.map((result) => result[key]);

export const medianOf = (cell: Cell, key: keyof Result): number => median(valuesOf(cell, key));

export const worstOf = (cell: Cell, key: keyof Result): number => Math.max(...valuesOf(cell, key));

/** Half of what lies between the best seed and the worst, over the median: what a seed is good for. */
export const spreadOf = (cell: Cell, key: keyof Result): number => {
  const values = valuesOf(cell, key);
  const most = Math.max(...values);
  return Number.isFinite(most) ? (most - Math.min(...values)) / 2 / medianOf(cell, key) : 0;
};

/** Throws RangeError for what has not been measured. */
export const cellOf = (cells: readonly Cell[], situation: SituationKey, contender: ContenderKey): Cell => {
  const cell = cells.find((any) => any.situation === situation && any.contender === contender);
  if (cell === undefined) throw new RangeError(`${situation}, ${contender}: not measured`);
  return cell;
};
