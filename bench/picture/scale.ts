/** From values to pixels, and where the axis is labelled. Pure. */

export interface Scale {
  readonly kind: 'linear' | 'log';
  /** 0 at the axis' beginning, 1 at its end. */
  at(value: number): number;
  readonly ticks: readonly number[];
}

/** A round number: three to five of them are an axis. */
const niceStep = (range: number): number => {
  const rough = range / 5;
  const power = 10 ** Math.floor(Math.log10(rough));
  return power * ([1, 2, 2.5, 5].find((factor) => factor * power >= rough) ?? 10);
};

/** Free of the dust of binary fractions. */
const clean = (value: number): number => Number(value.toPrecision(12));

/** From zero. @param most above 0. */
export const linearScale = (most: number): Scale => {
  const step = niceStep(most);
  const end = Math.ceil(most / step - 1e-9) * step;
  const count = Math.round(end / step);
  return {
    kind: 'linear',
    at: (value) => value / end,
    ticks: Array.from({ length: count + 1 }, (_, i) => clean(i * step)),
  };
};

/** From the power of ten at or below `least` to that at or above `most`. @param least above 0. */
export const logScale = (least: number, most: number): Scale => {
  const first = Math.floor(Math.log10(least) + 1e-9);
  const last = Math.max(first + 1, Math.ceil(Math.log10(most) - 1e-9));
  return {
    kind: 'log',
    at: (value) => Math.max(0, (Math.log10(value) - first) / (last - first)),
    ticks: Array.from({ length: last - first + 1 }, (_, i) => clean(10 ** (first + i))),
  };
};

/** A linear axis shows the smallest no more where it is so much smaller. */
const APART = 250;

/** Bars want a linear axis: only where one of them could not be seen on it is it logarithmic. */
export const barScale = (medians: readonly number[], most: number): Scale => {
  const least = Math.min(...medians);
  const widest = Math.max(...medians);
  return least > 0 && widest / least > APART ? logScale(least, most) : linearScale(most > 0 ? most : 1);
};
