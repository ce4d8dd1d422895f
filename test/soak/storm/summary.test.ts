import { test } from 'tap';
import { type Timed, lateOf } from './finding.ts';
import { describeReport, eventRows } from './summary.ts';

const timed = (what: string, ms: number, boundMs = 1000): Timed => ({
  what,
  who: 'lasting',
  ms,
  bound: { ms: boundMs, of: 'connect' },
});

const STOPS = Array.from({ length: 100 }, (_, i) => timed('stop', 100 - i));

test('an event has its median, its p99 and the worst, by the nearest rank', (t) => {
  t.same(eventRows(STOPS), [
    {
      event: 'stop',
      times: 100,
      medianMs: 50,
      p99Ms: 99,
      maxMs: 100,
      leastBoundMs: 1000,
      mostBoundMs: 1000,
      nearest: 0.1,
      late: 0,
    },
  ]);
  t.end();
});

test('each time is held against its own bound', (t) => {
  const found = [timed('outage', 900, 1000), timed('outage', 1500, 2000), timed('outage', 501, 500)];
  t.match(eventRows(found), [{ leastBoundMs: 500, mostBoundMs: 2000, late: 1, nearest: 1.002 }]);
  t.same(lateOf(found), ['outage: lasting after 0.50 s, and 0.50 s is the bound (connect)']);
  t.end();
});

test('the report names the seed, every fault, and whether all is well', (t) => {
  const report = { seed: 7, minutes: 1, seconds: 60, steps: 100, events: eventRows(STOPS), growth: [] };
  const good = describeReport({ ...report, faults: [], ok: true });
  t.match(good[0], /^seed 7: 100 events in 60 s$/);
  t.match(good.join('\n'), /^stop +\| +100 \| 0\.05 +\| 0\.10 .* 10 % +\| +0$/m);
  t.equal(good.at(-1), 'ok');
  const bad = describeReport({ ...report, faults: ['#3 stop: late'], ok: false });
  t.same(bad.slice(-2), ['FAULT #3 stop: late', 'NOT OK']);
  t.end();
});
