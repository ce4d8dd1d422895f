import fc from 'fast-check';
import { test } from 'tap';
import { createRandom } from '../worker/simulation/random.ts';
import { judge } from './judge.ts';
import { planCycles } from './plan.ts';
import type { Sample } from './sample.ts';
import { slopeOf } from './slope.ts';

const line = (count: number, at: (x: number) => number) =>
  Array.from({ length: count }, (_, x) => ({ x, y: at(x) }));

test('the slope of a line is its slope', (t) => {
  fc.assert(
    fc.property(
      fc.integer({ min: -1000, max: 1000 }),
      fc.integer(),
      fc.integer({ min: 2, max: 40 }),
      (a, b, n) => {
        return Math.abs(slopeOf(line(n, (x) => a * x + b)) - a) < 1e-6;
      },
    ),
  );
  t.end();
});

test('a quarter of the points may be anything', (t) => {
  const points = line(40, (x) => (x % 4 === 1 ? 1e9 * (x % 3) : 2 * x + 5));
  t.ok(Math.abs(slopeOf(points) - 2) < 0.5, `${slopeOf(points)}`);
  t.end();
});

test('less than two points have no slope', (t) => {
  for (const points of [[], line(1, () => 7), [...line(1, () => 1), ...line(1, () => 9)]])
    t.equal(slopeOf(points), 0);
  t.end();
});

const CYCLES = 2000;
const SAMPLES = 40;
const BOUNDS = { handles: 0, active: 0, listeners: 0, processes: 0, temp: 0, heapKB: 1, rssKB: 10 };

/** A process as it was seen to be: its heap comes to rest, with a noise of some 50 KB; `leak` is what each cycle adds. */
const samplesOf = (leak: Partial<Sample>): readonly Sample[] => {
  const random = createRandom(7);
  return Array.from({ length: SAMPLES }, (_, i) => {
    const cycles = ((i + 1) * CYCLES) / SAMPLES;
    const grown = (figure: keyof Sample, base: number): number =>
      Math.round(base + (leak[figure] ?? 0) * cycles);
    return {
      cycles,
      handles: grown('handles', 22),
      active: grown('active', 2),
      listeners: grown('listeners', 6),
      processes: grown('processes', 0),
      temp: grown('temp', 0),
      heapKB: grown('heapKB', 8400 - 1500 * Math.exp(-cycles / 100) + random.between(-50, 50)),
      rssKB: grown('rssKB', 60_000 + random.between(-2000, 2000)),
    };
  });
};
const growing = (leak: Partial<Sample>): readonly string[] =>
  judge(samplesOf(leak), BOUNDS)
    .filter(({ ok }) => !ok)
    .map(({ figure }) => figure);

test('a process that comes to rest does not grow', (t) => {
  t.same(growing({}), []);
  t.end();
});

for (const [figure, leak] of [
  ['handles', 1],
  ['handles', 1 / 500],
  ['active', 0.1],
  ['listeners', 1],
  ['processes', 0.01],
  ['temp', 0.01],
  ['heapKB', 10],
  ['heapKB', 2],
  ['rssKB', 20],
] as const) {
  test(`a leak of ${leak} of ${figure} with each cycle is found`, (t) => {
    t.same(growing({ [figure]: leak }), [figure]);
    t.end();
  });
}

test("as many crashes as stops, a tenth of either the agent's, and the same ones for the same seed", (t) => {
  const plan = planCycles(100, 5);
  const count = (end: string, agent: boolean): number =>
    plan.filter((cycle) => cycle.end === end && cycle.agent === agent).length;
  t.same(
    [count('crash', true), count('stop', true), count('crash', false), count('stop', false)],
    [10, 10, 90, 90],
  );
  t.same(planCycles(100, 5), plan);
  t.notSame(planCycles(100, 6), plan);
  t.end();
});
