import assert from 'node:assert/strict';
import { TIMING } from '@guruconnect/shared/timing';
import { backoffDelay } from '@guruconnect/worker/backoff';
import fc from 'fast-check';
import { test } from 'tap';

const { backoffFirst, backoffCap } = TIMING;
const attempt = fc.integer({ min: 1, max: 10_000 });
const random = fc.double({ min: 0, max: 1, noNaN: true });

test('a delay lies between zero and the cap, whatever the attempt', (t) => {
  fc.assert(
    fc.property(attempt, random, (n, r) => {
      const ms = backoffDelay(n, r);
      assert.ok(ms >= 0 && ms <= Math.min(backoffCap, backoffFirst * 2 ** (n - 1)));
    }),
  );
  t.end();
});

test('the longest delay never falls as attempts go on', (t) => {
  fc.assert(
    fc.property(attempt, (n) => {
      assert.ok(backoffDelay(n + 1, 1) >= backoffDelay(n, 1));
    }),
  );
  t.end();
});

test('the longest delays double from the first one to the cap, and stay there', (t) => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 1_000_000].map((n) => backoffDelay(n, 1));
  t.same(longest, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  t.end();
});

test('the jitter is full: the luckiest waits not at all, and half the luck is half the wait', (t) => {
  fc.assert(
    fc.property(attempt, (n) => {
      assert.equal(backoffDelay(n, 0), 0);
      assert.equal(backoffDelay(n, 0.5), backoffDelay(n, 1) / 2);
    }),
  );
  t.end();
});
