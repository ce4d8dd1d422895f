/** How a cost grows with its cause: the power of it. Pure. */

export type Points = readonly (readonly [x: number, y: number])[];

/** Least squares on logarithms: 1 is proportional, 2 quadratic. NaN for less than two points, and where a value is not positive. */
const fit = (points: Points): number => {
  const logs = points.map(([x, y]) => [Math.log(x), Math.log(y)] as const);
  const mean = (axis: 0 | 1): number => logs.reduce((sum, point) => sum + point[axis], 0) / logs.length;
  const [meanX, meanY] = [mean(0), mean(1)];
  const along = logs.reduce((sum, [x]) => sum + (x - meanX) ** 2, 0);
  return logs.reduce((sum, [x, y]) => sum + (x - meanX) * (y - meanY), 0) / along;
};

/**
 * Of all points and of the upper half of them, whichever is more: what costs the same at any size hides, among small ones, how the
 * rest grows.
 */
export const exponentOf = (points: Points): number => {
  const sorted = [...points].sort(([a], [b]) => a - b);
  return Math.max(fit(sorted), fit(sorted.slice(Math.floor(sorted.length / 2))));
};
