/** How one cost was seen to grow: a plot, and a claim of its exponent. Pure. */
import type { Plot } from '../bench.ts';
import { type Claim, claimOf } from '../claim.ts';
import { type Points, exponentOf } from './exponent.ts';

export interface Growth {
  /** For the claim's name. */
  readonly what: string;
  readonly title: string;
  readonly x: string;
  readonly y: string;
  /** The product's line. */
  readonly name: string;
  readonly points: Points;
  readonly others: Readonly<Record<string, Points>>;
}

/** Proportional, and a tenth for what a measurement is good for. */
const LIMIT = 1.1;

export const plotOf = ({ title, x, y, name, points, others }: Growth): Plot => ({
  title,
  x,
  y,
  lines: [
    { name, points },
    ...Object.entries(others).map(([other, theirs]) => ({ name: other, points: theirs })),
  ],
});

export const growthClaim = ({ what, points, others }: Growth): Claim =>
  claimOf({
    name: `growth: ${what}`,
    value: exponentOf(points),
    limit: LIMIT,
    unit: 'exponent',
    floor: null,
    peers: Object.fromEntries(
      Object.entries(others).map(([name, theirs]) => [name, Number(exponentOf(theirs).toFixed(3))]),
    ),
  });
