/** What a benchmark is, and what it hands over to be printed and drawn. */
import type { Claim } from './claim.ts';
import type { Options } from './options.ts';

/** What was measured of one contender, in the unit of its group: drawn as a bar of the median with the spread (p25 to p75, and p99). */
export interface Bar {
  readonly name: string;
  /** None: it is named, and said not to have been measured. */
  readonly values: readonly number[];
  /** Its colour; a peer's where it is absent. */
  readonly role?: 'product' | 'floor' | 'peer';
}

/** Contenders measured side by side, in one run. */
export interface BarGroup {
  readonly title: string;
  readonly unit: string;
  readonly bars: readonly Bar[];
}

/** How a cost grows. */
export interface Plot {
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** Of both axes; where it is absent, logarithmic for what is positive and spans more than a decade. */
  readonly scale?: 'linear' | 'log';
  readonly lines: readonly {
    readonly name: string;
    readonly points: readonly (readonly [x: number, y: number])[];
  }[];
}

export interface BenchResult {
  readonly claims: readonly Claim[];
  readonly groups?: readonly BarGroup[];
  readonly plots?: readonly Plot[];
}

/** @param say takes what is for people: progress, tables. */
export type Bench = (options: Options, say: (text: string) => void) => BenchResult | Promise<BenchResult>;
