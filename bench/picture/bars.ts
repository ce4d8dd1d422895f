/** Contenders side by side: a bar is the median, the whisker p25 to p75, the tick p99. Pure. */
import type { Bar, BarGroup } from '../bench.ts';
import { figure } from '../figure.ts';
import { type Spread, spreadOf } from '../quantile.ts';
import { type Scale, barScale } from './scale.ts';
import { COLOUR, type Drawing, WIDTH, box, line, text } from './svg.ts';

const LEFT = 270;
const RIGHT = WIDTH - 190;
const ROW = 24;
const BAR = 14;
const HEAD = 30;

const xOf = (scale: Scale, value: number): number => LEFT + scale.at(value) * (RIGHT - LEFT);

/** The axis ends before it: its figure stands at the right. */
const arrow = (middle: number): string =>
  `<path d="M${RIGHT + 2} ${middle - 4}L${RIGHT + 8} ${middle}L${RIGHT + 2} ${middle + 4}Z" fill="${COLOUR.spread}"/>`;

const whisker = (scale: Scale, { values }: Bar, middle: number): string => {
  const { p25, p75, p99 } = spreadOf(values);
  const [from, to, far] = [p25, p75, p99].map((value) => xOf(scale, value)) as [number, number, number];
  const isBeyond = far > RIGHT + 1;
  return [
    line([from, middle], [to, middle], COLOUR.spread, 1.5),
    line([from, middle - 3], [from, middle + 3], COLOUR.spread, 1.5),
    line([to, middle - 3], [to, middle + 3], COLOUR.spread, 1.5),
    isBeyond ? arrow(middle) : line([far, middle - 6], [far, middle + 6], COLOUR.spread),
  ].join('');
};

const label = ({ values }: Bar, y: number): string => {
  const { median, p99 } = spreadOf(values);
  const far = values.length > 1 ? text(RIGHT + 74, y, `p99 ${figure(p99)}`, { fill: COLOUR.faint }) : '';
  return text(RIGHT + 14, y, figure(median)) + far;
};

const row = (scale: Scale, bar: Bar, top: number): string => {
  const middle = top + ROW / 2;
  const { name, values, role = 'peer' } = bar;
  const named = text(LEFT - 10, middle + 4, name, {
    anchor: 'end',
    ...(role === 'product' && { bold: true }),
  });
  if (values.length === 0)
    return named + text(LEFT + 6, middle + 4, 'not measured', { fill: COLOUR.faint, size: 11 });
  const { median } = spreadOf(values);
  return [
    named,
    box(LEFT, middle - BAR / 2, xOf(scale, median) - LEFT, BAR, COLOUR[role]),
    values.length > 1 ? whisker(scale, bar, middle) : '',
    label(bar, middle + 4),
  ].join('');
};

const grid = (scale: Scale, bottom: number): string =>
  scale.ticks
    .map((tick) => {
      const x = xOf(scale, tick);
      const stroke = x === LEFT ? COLOUR.axis : COLOUR.grid;
      return (
        line([x, HEAD], [x, bottom], stroke) +
        text(x, bottom + 14, figure(tick), { size: 10, fill: COLOUR.faint, anchor: 'middle' })
      );
    })
    .join('\n');

/** A single late one is not to make all bars too short to be told apart: its tick may lie beyond the axis. */
const CROWD = 2;
const mostOf = (measured: readonly Spread[]): number => {
  const crowd = Math.max(0, ...measured.map(({ median, p75 }) => Math.max(median, p75)));
  return Math.max(crowd, ...measured.map(({ p99 }) => Math.min(p99, CROWD * crowd)));
};

export const drawBars = ({ title, unit, bars }: BarGroup): Drawing => {
  const measured = bars.filter(({ values }) => values.length > 0).map(({ values }) => spreadOf(values));
  const scale = barScale(
    measured.map(({ median }) => median),
    mostOf(measured),
  );
  const bottom = HEAD + bars.length * ROW + 4;
  const note = scale.kind === 'log' ? `${unit}, logarithmic scale` : unit;
  return {
    height: bottom + 34,
    body: [
      text(0, 16, title, { size: 14, bold: true }),
      text(RIGHT, 16, note, { size: 11, fill: COLOUR.faint, anchor: 'end' }),
      grid(scale, bottom),
      ...bars.map((bar, index) => row(scale, bar, HEAD + index * ROW + 2)),
    ].join('\n'),
  };
};
