/** Everything that was measured, in one picture: bars below each other, then the plots, two in a row. Pure. */
import type { BarGroup, Plot } from '../bench.ts';
import { drawBars } from './bars.ts';
import { PLOT_WIDTH, drawPlot } from './plot.ts';
import { COLOUR, type Drawing, WIDTH, box, line, place, svg, text } from './svg.ts';

const MARGIN = 28;
const GAP = 14;

/** What the colours and strokes mean. */
const key = (): Drawing => {
  const y = 44;
  const entries = [
    ['product', 'the product'],
    ['floor', 'floor'],
    ['peer', 'peer'],
  ] as const;
  const boxes = entries.map(
    ([role, name], index) =>
      box(index * 110, y - 10, 14, 12, COLOUR[role]) + text(index * 110 + 20, y, name, { size: 11 }),
  );
  const at = 330;
  const middle = y - 4;
  return {
    height: y + 22,
    body: [
      text(0, 20, 'Measured side by side, in one run', { size: 18, bold: true }),
      ...boxes,
      line([at, middle], [at + 22, middle], COLOUR.spread, 1.5),
      line([at, middle - 3], [at, middle + 3], COLOUR.spread, 1.5),
      line([at + 22, middle - 3], [at + 22, middle + 3], COLOUR.spread, 1.5),
      line([at + 40, middle - 6], [at + 40, middle + 6], COLOUR.spread),
      text(at + 50, y, 'bar: median; whisker: p25 to p75; tick: p99', { size: 11 }),
    ].join('\n'),
  };
};

const inPairs = (plots: readonly Drawing[]): readonly Drawing[] =>
  plots.flatMap((left, index) => {
    if (index % 2 === 1) return [];
    const right = plots[index + 1];
    const half = WIDTH - 2 * MARGIN - PLOT_WIDTH;
    const body = [left.body, ...(right === undefined ? [] : [place(half, 0, right.body)])].join('\n');
    return [{ height: Math.max(left.height, right?.height ?? 0), body }];
  });

/** An SVG of its own. */
export const pictureOf = (groups: readonly BarGroup[], plots: readonly Plot[]): string => {
  const drawings = [key(), ...groups.map(drawBars), ...inPairs(plots.map(drawPlot))];
  let y = MARGIN;
  const placed = drawings.map(({ height, body }) => {
    const top = y;
    y += height + GAP;
    return place(MARGIN, top, body);
  });
  return svg(y + MARGIN - GAP, placed.join('\n'));
};
