import { COUNTER_NAMES, type Counters, parseCounters } from '@guruconnect/shared/counters';
import { createMetrics } from '@guruconnect/worker/metrics';
import { test } from 'tap';

const COUNTERS: Counters = createMetrics().snapshot();

test('what a worker counts survives the pipe', (t) => {
  const metrics = createMetrics();
  metrics.count('connects');
  metrics.roundTrip(7);
  metrics.traffic({ received: 10, sent: 20 });
  const counters = metrics.snapshot({ received: 1, sent: 2 });
  t.strictSame(parseCounters(JSON.parse(JSON.stringify(counters))), counters);
  t.match(counters, { connects: 1, losses: 0, bytesReceived: 11, bytesSent: 22, roundTripMs: { sum: 7 } });
  t.end();
});

test('a round trip is counted in the first bucket that it fits in, and one that fits in none in the last', (t) => {
  const metrics = createMetrics();
  for (const ms of [0.2, 1, 1.1, 9_999, 10_001]) metrics.roundTrip(ms);
  const { bounds, counts } = metrics.snapshot().roundTripMs;
  const full = counts.flatMap((count, at) => (count === 0 ? [] : [[bounds[at], count]]));
  t.same(full, [
    [1, 2],
    [2, 1],
    [10_000, 1],
    [undefined, 1],
  ]);
  t.end();
});

test('a snapshot is not changed by what happens after it', (t) => {
  const metrics = createMetrics();
  const before = metrics.snapshot();
  metrics.count('connects');
  metrics.roundTrip(1);
  t.equal(before.connects, 0);
  t.notOk(before.roundTripMs.counts.some((count) => count > 0));
  t.end();
});

const wrong: Record<string, unknown> = {
  nothing: undefined,
  'a text': 'x',
  'a list': [],
  'no histogram': { ...COUNTERS, roundTripMs: undefined },
  'a histogram with a bucket too few': { ...COUNTERS, roundTripMs: { bounds: [1], counts: [1], sum: 0 } },
  'a histogram of texts': { ...COUNTERS, roundTripMs: { bounds: ['1'], counts: [1, 2], sum: 0 } },
  'a histogram of thousands': {
    ...COUNTERS,
    roundTripMs: { bounds: Array(5000).fill(1), counts: Array(5001).fill(1), sum: 0 },
  },
  'a histogram without a sum': { ...COUNTERS, roundTripMs: { bounds: [1], counts: [1, 2] } },
  ...Object.fromEntries(COUNTER_NAMES.map((name) => [`no ${name}`, { ...COUNTERS, [name]: undefined }])),
  'less than none': { ...COUNTERS, losses: -1 },
  'more than any': { ...COUNTERS, losses: Infinity },
};
for (const [situation, value] of Object.entries(wrong)) {
  test(`no counters: ${situation}`, (t) => {
    t.equal(parseCounters(value), undefined);
    t.end();
  });
}
