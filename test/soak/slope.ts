/** How fast a figure grows, whatever single samples say. Pure. */

export interface Point {
  readonly x: number;
  readonly y: number;
}

const median = (sorted: readonly number[]): number => {
  const middle = Math.floor(sorted.length / 2);
  const upper = sorted[middle] ?? 0;
  return sorted.length % 2 === 0 ? ((sorted[middle - 1] ?? 0) + upper) / 2 : upper;
};

/**
 * Theil and Sen's estimator: the median of the slopes between any two points. Up to 29 % of them may be anything.
 * @returns 0 for less than two points of different `x`.
 */
export const slopeOf = (points: readonly Point[]): number => {
  const slopes = points.flatMap((a, i) =>
    points.slice(i + 1).flatMap((b) => (a.x === b.x ? [] : [(b.y - a.y) / (b.x - a.x)])),
  );
  return median(slopes.sort((a, b) => a - b));
};
