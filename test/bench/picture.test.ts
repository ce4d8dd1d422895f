import type { BarGroup, Plot } from '#bench/bench';
import { drawBars } from '#bench/picture/bars';
import { pictureOf } from '#bench/picture/picture';
import { drawPlot } from '#bench/picture/plot';
import { barScale, linearScale, logScale } from '#bench/picture/scale';
import { quantile, spreadOf } from '#bench/quantile';
import { test } from 'tap';

const bars = (...medians: readonly number[]): BarGroup => ({
  title: 'Stop & <close>',
  unit: 'ms',
  bars: medians.map((median, index) => ({ name: `contender ${index}`, values: [median, median * 1.1] })),
});
const PLOT: Plot = {
  title: 'Messages',
  x: 'a second',
  y: 'ms',
  lines: [
    {
      name: 'agent',
      points: [
        [10, 1],
        [1000, 90],
      ],
    },
  ],
};

test('the picture names every contender, also the one that could not be measured', (t) => {
  const group = bars(10, 20);
  const svg = pictureOf([{ ...group, bars: [...group.bars, { name: 'NSSM', values: [] }] }], [PLOT]);
  for (const name of ['contender 0', 'contender 1', 'NSSM', 'not measured', 'agent'])
    t.match(svg, `>${name}<`);
  t.match(svg, 'Stop &amp; &lt;close&gt;');
  t.notMatch(svg, /NaN|undefined|Infinity/);
  t.end();
});

test('a scale is logarithmic only where a bar could not be seen otherwise, and it is said', (t) => {
  t.notMatch(drawBars(bars(10, 300)).body, /logarithmic/);
  t.match(drawBars(bars(4, 1700)).body, /logarithmic scale/);
  t.equal(barScale([0, 1700], 1700).kind, 'linear', 'nothing is as far from something as can be');
  t.end();
});

test('one late value does not make all bars too short to be told apart', (t) => {
  const late = { title: '', unit: 'ms', bars: [{ name: 'a', values: [10, 10, 10, 10, 10, 9000] }] };
  const { body } = drawBars(late);
  t.match(body, />20</, 'the axis ends at twice what is usual');
  t.match(body, /p99 8,/, 'and its figure is told');
  t.match(body, /Z" fill=/, 'by an arrow it is seen to lie beyond');
  t.notMatch(drawBars(bars(10, 20)).body, /Z" fill=/);
  t.end();
});

test('a picture of nothing is still one', (t) => {
  t.match(pictureOf([], []), /^<svg [^]*<\/svg>\n$/);
  t.notMatch(drawBars(bars()).body, /NaN|Infinity/);
  t.notMatch(drawBars(bars(0, 0)).body, /NaN|Infinity/);
  t.end();
});

test('an axis has a few round ticks and holds every value', (t) => {
  for (const most of [0.0003, 0.9, 1, 7.36, 99.9, 100, 2188, 1e7]) {
    const { at, ticks } = linearScale(most);
    t.ok(at(most) <= 1 && at(most) > 0.5, `${most}`);
    t.ok(ticks.length >= 3 && ticks.length <= 8, `${most}: ${ticks.join()}`);
  }
  const { at, ticks } = logScale(3, 4000);
  t.same(ticks, [1, 10, 100, 1000, 10_000]);
  t.equal(at(100), 0.5);
  t.same(logScale(10, 10).ticks, [10, 100], 'also of a single value');
  t.end();
});

test('a plot over decades says so, and shows where proportional would be', (t) => {
  const { body } = drawPlot(PLOT);
  t.match(body, /x and y logarithmic/);
  t.match(body, /proportional/);
  t.notMatch(drawPlot({ ...PLOT, scale: 'linear' }).body, /proportional|logarithmic/);
  t.end();
});

test('quantiles are those of R, and the median of nothing is none', (t) => {
  t.equal(quantile([4, 1, 3, 2], 0.5), 2.5);
  t.equal(quantile([1, 2, 3, 4, 5], 0.99).toFixed(2), '4.96');
  t.same(spreadOf([7]), { median: 7, p25: 7, p75: 7, p99: 7 });
  t.ok(Number.isNaN(quantile([], 0.5)));
  t.end();
});
