/** How a cost grows: lines over one axis, the marks being what was measured. Pure. */
import type { Plot } from '../bench.ts';
import { figure } from '../figure.ts';
import { type Scale, linearScale, logScale } from './scale.ts';
import { COLOUR, type Drawing, LINES, line, px, text, widthOf } from './svg.ts';

export const PLOT_WIDTH = 460;
/** Of the field alone. */
const HEIGHT = 206;
const LEFT = 66;
const RIGHT = PLOT_WIDTH - 16;
const KEY = 36;
const KEY_ROW = 16;
const UNDER = 46;
/** More points than that are a curve, and marks would hide it. */
const MARKED = 20;

interface Frame {
  readonly top: number;
  readonly bottom: number;
  readonly x: (value: number) => number;
  readonly y: (value: number) => number;
  readonly xScale: Scale;
  readonly yScale: Scale;
}

const axisOf = (values: readonly number[], wanted: Plot['scale']): Scale => {
  const [least, most] = [Math.min(...values), Math.max(...values)];
  const isLog = least > 0 && (wanted ?? (most / least > 10 ? 'log' : 'linear')) === 'log';
  return isLog ? logScale(least, most) : linearScale(most > 0 ? most : 1);
};

const frameOf = ({ lines, scale }: Plot, top: number): Frame => {
  const bottom = top + HEIGHT;
  const points = lines.flatMap((any) => any.points);
  const [xScale, yScale] = [0, 1].map((axis) =>
    axisOf(
      points.map((point) => point[axis] ?? 0),
      scale,
    ),
  ) as [Scale, Scale];
  return {
    top,
    bottom,
    xScale,
    yScale,
    x: (value) => LEFT + xScale.at(value) * (RIGHT - LEFT),
    y: (value) => bottom - yScale.at(value) * HEIGHT,
  };
};

const faint = { size: 10, fill: COLOUR.faint } as const;

const axes = ({ x, y, xScale, yScale, top, bottom }: Frame, plot: Plot): string => {
  const logs = [xScale.kind === 'log' && 'x', yScale.kind === 'log' && 'y'].filter((any) => any !== false);
  const note = logs.length === 0 ? '' : `, ${logs.join(' and ')} logarithmic`;
  return [
    ...yScale.ticks.map(
      (tick) =>
        line([LEFT, y(tick)], [RIGHT, y(tick)], COLOUR.grid) +
        text(LEFT - 6, y(tick) + 3.5, figure(tick), { ...faint, anchor: 'end' }),
    ),
    ...xScale.ticks.map(
      (tick) =>
        line([x(tick), bottom], [x(tick), bottom + 4], COLOUR.axis) +
        text(x(tick), bottom + 16, figure(tick), { ...faint, anchor: 'middle' }),
    ),
    line([LEFT, bottom], [RIGHT, bottom], COLOUR.axis),
    text((LEFT + RIGHT) / 2, bottom + 34, `${plot.x}${note}`, { size: 11, anchor: 'middle' }),
    text(14, (top + bottom) / 2, plot.y, { size: 11, anchor: 'middle', turn: -90 }),
  ].join('\n');
};

const curve = ({ x, y }: Frame, { points }: Plot['lines'][number], colour: string): string => {
  const path = points.map(([px_, py]) => `${px(x(px_))},${px(y(py))}`).join(' ');
  const marks =
    points.length > MARKED
      ? ''
      : points
          .map(([mx, my]) => `<circle cx="${px(x(mx))}" cy="${px(y(my))}" r="3" fill="${colour}"/>`)
          .join('');
  return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="1.8"/>${marks}`;
};

const isLogarithmic = ({ xScale, yScale }: Frame): boolean => xScale.kind === 'log' && yScale.kind === 'log';

/** Where a cost that grows with its cause would be, through the last point of the first line: what is flatter is better. */
const proportion = (frame: Frame, { lines: [first] }: Plot): string => {
  const last = first?.points.at(-1);
  if (last === undefined || !isLogarithmic(frame)) return '';
  const [[lastX, lastY], [from = 1], [least = 1]] = [last, frame.xScale.ticks, frame.yScale.ticks];
  // Where it leaves the frame below.
  const begin = Math.max(from, (least * lastX) / lastY);
  const at = (value: number) => [frame.x(value), frame.y((value * lastY) / lastX)] as const;
  return line(at(begin), at(lastX), COLOUR.axis, 1.2, '5 4');
};

interface Entry {
  readonly name: string;
  readonly colour: string;
  readonly dashes?: string;
}

/** In as many rows as it takes. */
const legend = (entries: readonly Entry[]): Drawing => {
  let [left, y] = [LEFT, KEY];
  const drawn = entries.map(({ name, colour, dashes }) => {
    const width = widthOf(name, 11) + 34;
    if (left > LEFT && left + width - 12 > RIGHT) [left, y] = [LEFT, y + KEY_ROW];
    const at = left;
    left += width;
    return line([at, y - 4], [at + 16, y - 4], colour, 2, dashes) + text(at + 21, y, name, { size: 11 });
  });
  return { height: y + 12, body: drawn.join('\n') };
};

const colourOf = (index: number): string => LINES[index % LINES.length] ?? COLOUR.text;

export const drawPlot = (plot: Plot): Drawing => {
  const own = plot.lines.map(({ name }, index) => ({ name, colour: colourOf(index) }));
  const reference = { name: 'proportional', colour: COLOUR.axis, dashes: '5 4' };
  const key = legend(isLogarithmic(frameOf(plot, 0)) ? [...own, reference] : own);
  const frame = frameOf(plot, key.height);
  return {
    height: frame.bottom + UNDER,
    body: [
      text(0, 16, plot.title, { size: 14, bold: true }),
      key.body,
      axes(frame, plot),
      proportion(frame, plot),
      ...plot.lines.map((any, index) => curve(frame, any, colourOf(index))),
    ].join('\n'),
  };
};
