/** What a spread is drawn with. Pure. */

/** Between the two values nearest to it, in proportion (R's type 7). @param p 0 to 1. @returns NaN of none. */
export const quantile = (values: readonly number[], p: number): number => {
  const sorted = [...values].sort((a, b) => a - b);
  const at = p * (sorted.length - 1);
  const [below = NaN, above = below] = [sorted[Math.floor(at)], sorted[Math.ceil(at)]];
  return below === above ? below : below + (at - Math.floor(at)) * (above - below);
};

export interface Spread {
  readonly median: number;
  readonly p25: number;
  readonly p75: number;
  readonly p99: number;
}

export const spreadOf = (values: readonly number[]): Spread => ({
  median: quantile(values, 0.5),
  p25: quantile(values, 0.25),
  p75: quantile(values, 0.75),
  p99: quantile(values, 0.99),
});
