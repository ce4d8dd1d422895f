import assert from 'node:assert/strict';
import { REFUSAL_TRIES, TIMING } from '@guruconnect/shared/timing';
import {
  FRESH,
  type Loss,
  type Retry,
  type Wait,
  canBeCut,
  drawDelay,
  planAfterLoss,
  planAfterRefusal,
  waitRange,
} from '@guruconnect/worker/reconnect';
import fc from 'fast-check';
import { test } from 'tap';

const attempt = fc.integer({ min: 1, max: 10_000 });
const random = fc.double({ min: 0, max: 1, noNaN: true });
const windowMs = fc.integer({ min: 0, max: 3_600_000 });
const wait: fc.Arbitrary<Wait> = fc.oneof(
  fc.constantFrom<Wait>({ kind: 'boot' }, { kind: 'blip' }),
  fc.record({ kind: fc.constant('refused' as const), refusals: attempt }),
  fc.record({
    kind: fc.constant('slot' as const),
    slot: fc.record({ ms: windowMs, spreadMs: fc.constantFrom(0, 1000) }),
  }),
  fc.record({ kind: fc.constant('window' as const), windowMs, attempt }),
  fc.record({ kind: fc.constant('backoff' as const), attempt }),
);

test('a delay lies within the range of its wait, and takes all of it', (t) => {
  fc.assert(
    fc.property(wait, random, (any, r) => {
      const [least, most] = waitRange(any);
      const ms = drawDelay(any, r);
      assert.ok(ms >= least - 1e-6 && ms <= most + 1e-6);
      assert.equal(drawDelay(any, 0), least);
      assert.ok(Math.abs(drawDelay(any, 1) - most) < 1e-6);
    }),
  );
  t.end();
});

test('no wait is longer than what the relay may ask for, and a little', (t) => {
  fc.assert(
    fc.property(wait, (any) => {
      assert.ok(waitRange(any)[1] <= 1.1 * 3_600_000);
    }),
  );
  t.end();
});

test('the longest backoffs double from one second to a minute, and stay there', (t) => {
  const longest = [1, 2, 3, 4, 5, 6, 7, 8, 1_000_000].map(
    (n) => waitRange({ kind: 'backoff', attempt: n })[1],
  );
  t.same(longest, [1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000, 60_000]);
  t.equal(waitRange({ kind: 'backoff', attempt: 3 })[0], 0, 'the jitter is full');
  t.end();
});

const after = (loss: Loss, before: Partial<Retry> = {}, wasOnline = true): Wait =>
  planAfterLoss(loss, { ...FRESH, ...before }, wasOnline).wait;

const cases: Record<string, [Wait, Wait]> = {
  'a relay that names a slot is obeyed, whatever else it has announced': [
    after({ kind: 'relay', slot: { ms: 7000, spreadMs: 0 } }, { windowMs: 50_000 }),
    { kind: 'slot', slot: { ms: 7000, spreadMs: 0 } },
  ],
  'a relay that has gone for everybody is come back to within its window': [
    after({ kind: 'relay' }, { windowMs: 50_000 }),
    { kind: 'window', windowMs: 50_000, attempt: 1 },
  ],
  'and every try after it': [
    after({ kind: 'relay' }, { windowMs: 50_000, attempt: 3 }, false),
    { kind: 'window', windowMs: 50_000, attempt: 4 },
  ],
  'a relay without a window is backed off from': [after({ kind: 'relay' }), { kind: 'backoff', attempt: 1 }],
  "the machine's own network is tried at once": [
    after({ kind: 'network' }, { windowMs: 50_000 }),
    { kind: 'blip' },
  ],
  'but not again and again': [after({ kind: 'network' }, { attempt: 1 }), { kind: 'backoff', attempt: 2 }],
  'a network that is not there when a try begins is backed off from': [
    after({ kind: 'network' }, {}, false),
    { kind: 'backoff', attempt: 1 },
  ],
  'what concerns this session alone is backed off from, window or not': [
    after({ kind: 'session' }, { windowMs: 50_000 }),
    { kind: 'backoff', attempt: 1 },
  ],
};
for (const [situation, [got, wanted]] of Object.entries(cases)) {
  test(situation, (t) => {
    t.same(got, wanted);
    t.end();
  });
}

test('a window that is shorter than the outage does not become a pace, nor the outage a long way back', (t) => {
  t.same(waitRange({ kind: 'window', windowMs: 10, attempt: 1 }), [0, 1000]);
  t.same(waitRange({ kind: 'window', windowMs: 10, attempt: 9 }), [0, TIMING.connect]);
  t.same(waitRange({ kind: 'window', windowMs: 90_000, attempt: 9 }), [0, 90_000]);
  t.end();
});

test('a slot is kept, and spread as far as it could not be told', (t) => {
  t.same(waitRange({ kind: 'slot', slot: { ms: 7000, spreadMs: 1000 } }), [7000, 8000]);
  t.same(waitRange({ kind: 'slot', slot: { ms: 7000, spreadMs: 0 } }), [7000, 7000]);
  t.end();
});

test('a relay that names one slot after the other is backed off from, whatever they are', (t) => {
  let retry = FRESH;
  const ranges: (readonly number[])[] = [];
  for (let n = 0; n < 8; n += 1) {
    const plan = planAfterLoss({ kind: 'relay', slot: { ms: 0, spreadMs: 1000 } }, retry, false);
    retry = plan.retry;
    ranges.push(waitRange(plan.wait));
  }
  t.same(
    ranges.map(([, most]) => most),
    [1000, 1000, 1000, 8000, 16_000, 32_000, 60_000, 60_000],
  );
  t.equal(planAfterLoss({ kind: 'relay' }, retry, false).retry.slots, 0, 'in a row');
  t.equal(planAfterLoss({ kind: 'relay', slot: { ms: 9, spreadMs: 0 } }, retry, true).retry.slots, 0);
  t.end();
});

test('refusals are tried again five times over a minute or two, then once an hour, more or less', (t) => {
  let retry: Retry = { ...FRESH, windowMs: 50_000 };
  const ranges: (readonly number[])[] = [];
  for (let n = 0; n < REFUSAL_TRIES + 1; n += 1) {
    const plan = planAfterRefusal(retry);
    retry = plan.retry;
    ranges.push(waitRange(plan.wait).map(Math.round));
  }
  t.same(ranges, [
    [0, 1000],
    [5000, 10_000],
    [10_000, 20_000],
    [20_000, 40_000],
    [40_000, 80_000],
    [3_240_000, 3_960_000],
    [3_240_000, 3_960_000],
  ]);
  t.end();
});

test('a slot, a refusal and the start of the machine are waited out whatever happens to it, every other wait is cut short', (t) => {
  fc.assert(
    fc.property(wait, (any) => {
      assert.equal(canBeCut(any), !['slot', 'refused', 'boot'].includes(any.kind));
    }),
  );
  t.end();
});
