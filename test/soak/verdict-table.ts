/** Verdicts as rows of a table. Pure. */
import type { Verdict } from './judge.ts';

const shownBound = (bound: number): string => {
  if (bound === 0) return 'equal';
  return bound === Infinity ? 'not judged' : `${bound}`;
};

/** @param unit what a figure may grow with. */
export const verdictRows = (verdicts: readonly Verdict[], unit: string) =>
  verdicts.map(({ figure, perCycle, bound, first, last, ok }) => ({
    'second half': figure,
    first: Math.round(first),
    last: Math.round(last),
    [`per ${unit}`]: perCycle.toFixed(3),
    bound: shownBound(bound),
    verdict: ok ? 'ok' : 'GROWS',
  }));
