import { claimsOf } from '#bench/fleet/claims';
import { createAgenda } from '#bench/fleet/agenda';
import { createDoor } from '#bench/fleet/door';
import { type Cell, cellOf, measure, medianOf } from '#bench/fleet/measure';
import type { PolicyMaker } from '#bench/fleet/policy';
import { curvesOf } from '#bench/fleet/picture';
import { product } from '#bench/fleet/policy';
import { drawPlot } from '#bench/picture/plot';
import { createRandom } from '#bench/fleet/random';
import { simulate } from '#bench/fleet/simulate';
import { situations } from '#bench/fleet/situation';
import { test } from 'tap';

const QUICK = { scale: 0.1, seeds: 1 };
const HINTED = { window: true, slots: true };
const cells: readonly Cell[] = measure(QUICK);
const ratio = (...[situation, contender]: [Cell['situation'], Cell['contender']]): number =>
  medianOf(cellOf(cells, situation, contender), 'ratio');

test('a tenth of the fleet keeps every claim, and none is better than the floor', (t) => {
  for (const { name, value, limit, holds, unit } of claimsOf(cells)) {
    t.ok(holds, `${name}: ${value} ${unit}, limit ${limit}`);
    if (unit.startsWith('x floor')) t.ok((value ?? 0) >= 0.999, `${name}: ${value}, no better than possible`);
  }
  t.end();
});

test('each hint brings the fleet back sooner than none, and no policy without jitter comes near', (t) => {
  t.ok(ratio('crash', 'both') < ratio('crash', 'window'), 'slots cut the tail that a window leaves');
  t.ok(ratio('crash', 'window') <= ratio('crash', 'alone'));
  t.ok(ratio('crash', 'alone') < ratio('crash', 'fixed'));
  t.ok(ratio('crash', 'fixed') < ratio('crash', 'doubling'));
  t.ok(ratio('restart', 'both') < ratio('crash', 'both'), 'a last word is better than none');
  const peak = (contender: Cell['contender']) => medianOf(cellOf(cells, 'crash', contender), 'peak');
  t.ok(peak('both') < peak('alone') && peak('alone') < peak('fixed'));
  t.end();
});

test('behind a queue without a bound fixed delays never bring the fleet back, the window does', (t) => {
  t.equal(ratio('unbounded', 'fixed'), Infinity);
  t.equal(ratio('unbounded', 'jittered'), Infinity);
  t.ok(ratio('unbounded', 'window') < 1.05);
  t.end();
});

test("the product's policy without its jitter is seen to break the claims", (t) => {
  const noJitter: PolicyMaker = (agents, windowMs) => product(agents, windowMs, () => 1);
  const broken = cells.map((cell): Cell => {
    if (cell.situation !== 'crash' || cell.contender !== 'both') return cell;
    return { ...cell, results: [simulate(situations(0.1).crash, noJitter, HINTED, 0).result()] };
  });
  const failed = claimsOf(broken).filter(({ holds }) => !holds);
  t.ok(failed.length >= 1, failed.map(({ name }) => name).join());
  t.ok(
    medianOf(cellOf(broken, 'crash', 'both'), 'peak') > 4 * medianOf(cellOf(cells, 'crash', 'both'), 'peak'),
  );
  t.end();
});

test('a seed repeats its run to the last digit, another seed does not', (t) => {
  const { crash } = situations(0.01);
  const run = (seed: number) => simulate(crash, product, HINTED, seed).result();
  t.same(run(7), run(7));
  t.not(run(7).t99, run(8).t99);
  t.end();
});

test('one in a hundred that loses its own network is back in seconds, as nobody else is waiting', (t) => {
  t.ok(medianOf(cellOf(cells, 'network', 'both'), 't50') < 5000);
  const unnoticed = medianOf(cellOf(cells, 'silent', 'both'), 'median');
  t.ok(unnoticed > 20_000 && unnoticed < 30_000, `W/2 where it looks like the relay's end: ${unnoticed} ms`);
  t.end();
});

test('an agenda gives the earliest first, whatever the order in which it was filled', (t) => {
  const random = createRandom(1);
  const agenda = createAgenda(500);
  const times = Array.from({ length: 500 }, () => Math.floor(random() * 100));
  times.forEach((at, agent) => {
    agenda.add(agent, at);
  });
  const seen = times.map(() => agenda.at(agenda.next()));
  t.same(
    seen,
    [...times].sort((a, b) => a - b),
  );
  t.equal(agenda.next(), -1);
  t.end();
});

test('a relay turns away with 503 who finds its queue full, and without a word the rest', (t) => {
  const door = createDoor({ perSecond: 10, backlogMs: 2000, slots: false });
  const answers = Array.from({ length: 200 }, (_, agent) => door(agent, 0).answer.kind);
  const count = (kind: string) => answers.filter((any) => any === kind).length;
  t.same([count('session'), count('status'), count('error')], [21, 100, 79]);
  t.end();
});

test('a door never opens faster than its rate', (t) => {
  const door = createDoor({ perSecond: 10, backlogMs: Infinity, slots: false });
  t.same(
    [0, 1, 2].map((agent) => door(agent, 500).at),
    [600, 700, 800],
  );
  t.end();
});

test('the picture has a line for each policy that it names', (t) => {
  const { body } = drawPlot(curvesOf(0.01, 0));
  t.equal(body.match(/<polyline /g)?.length, 5);
  t.notMatch(body, /NaN|undefined/);
  t.end();
});
