import { formatBound, formatDuration, formatRoundTrip } from '@guruconnect/supervisor/duration';
import { test } from 'tap';

const TIMES: Readonly<Record<number, readonly [duration: string, bound: string]>> = {
  0: ['0 s', '0 s'],
  999: ['0 s', '0 s'],
  59_999: ['59 s', '59 s'],
  60_000: ['1 min 00 s', '1 min'],
  125_000: ['2 min 05 s', '2 min 05 s'],
  3_599_999: ['59 min 59 s', '59 min 59 s'],
  3_600_000: ['1 h 00 min', '1 h'],
  11_045_000: ['3 h 04 min', '3 h 04 min'],
  86_400_000: ['24 h 00 min', '24 h'],
};
for (const [ms, [duration, bound]] of Object.entries(TIMES)) {
  test(`${ms} ms are ${duration}, and ${bound} as a bound`, (t) => {
    t.equal(formatDuration(Number(ms)), duration);
    t.equal(formatBound(Number(ms)), bound);
    t.end();
  });
}

test('a round trip has a decimal as long as that says something', (t) => {
  const words = [0.04, 3.14, 9.9, 10, 10.4, 46.6].map(formatRoundTrip);
  t.same(words, ['0.0 ms', '3.1 ms', '9.9 ms', '10 ms', '10 ms', '47 ms']);
  t.end();
});
