import assert from 'node:assert/strict';
import { createAdmission } from '@guruconnect/relay/admission';
import fc from 'fast-check';
import { test } from 'tap';

test('a fleet that comes as one is back after its number over the rate, each with one refusal at the most', (t) => {
  const perSecond = 100;
  const admission = createAdmission(perSecond);
  const due = new Map<number, string[]>([[0, Array.from({ length: 1000 }, (_, n) => `agent ${n}`)]]);
  const admitted: number[] = [];
  let refusals = 0;
  for (let now = 0; due.size > 0 && now < 60_000; now += 1) {
    for (const agent of due.get(now) ?? []) {
      const verdict = admission.judge(agent, now);
      if (verdict.kind === 'admitted') admitted.push(now);
      else {
        refusals += 1;
        // Whole seconds, and half of the second that an agent adds at random.
        const at = now + Math.ceil(verdict.waitMs / 1000) * 1000 + 500;
        due.set(at, [...(due.get(at) ?? []), agent]);
      }
    }
    due.delete(now);
  }
  t.equal(admitted.length, 1000);
  t.equal(refusals, 900, 'a second of them is taken at once');
  t.ok(Math.max(...admitted) <= 10_600, `the last one after ${Math.max(...admitted)} ms`);
  // What the relay has to do by the end of each second: at no time more than two seconds of it wait.
  for (let second = 1; second < 11; second += 1) {
    const taken = admitted.filter((at) => at < second * 1000).length;
    t.ok(taken <= (second + 1) * perSecond, `${taken} after ${second} s`);
  }
  t.end();
});

test('agents that come one by one are all taken', (t) => {
  const admission = createAdmission(10);
  for (let n = 0; n < 1000; n += 1) t.match(admission.judge(`agent ${n}`, n * 101), { kind: 'admitted' });
  t.end();
});

test('one that does not wait for its slot keeps it, and pushes nobody back', (t) => {
  const admission = createAdmission(1);
  t.match(admission.judge('first', 0), { kind: 'admitted' });
  t.match(admission.judge('second', 0), { kind: 'later' });
  t.same(admission.judge('second', 100), { kind: 'admitted' }, 'a little early is in its slot');
  t.end();
});

test('one that comes far too early is told the same slot again', (t) => {
  const admission = createAdmission(0.1);
  t.match(admission.judge('first', 0), { kind: 'admitted' });
  t.same(admission.judge('second', 0), { kind: 'later', waitMs: 9000 });
  t.same(admission.judge('second', 1000), { kind: 'later', waitMs: 8000 });
  t.end();
});

test('a refusal is work too: the slots leave room for it', (t) => {
  const admission = createAdmission(1000);
  let last = 0;
  for (let n = 0; n < 21_000; n += 1) {
    const verdict = admission.judge(String(n), 0);
    if (verdict.kind === 'later') last = verdict.waitMs;
  }
  t.equal(last, 21_000, '1 s of sessions, 20 s of them with a refusal each');
  t.end();
});

test('a slot that nobody came for is forgotten, and a newcomer need not queue behind it', (t) => {
  const admission = createAdmission(1);
  admission.judge('a', 0);
  admission.judge('lost', 0);
  t.match(admission.judge('newcomer', 60_000), { kind: 'admitted' });
  t.end();
});

test('whatever comes when, no slot is in the past, and none is further away than all that are waiting', (t) => {
  fc.assert(
    fc.property(
      fc.array(fc.record({ agent: fc.nat(50), after: fc.nat(400) }), { maxLength: 200 }),
      fc.integer({ min: 1, max: 100 }),
      (arrivals, perSecond) => {
        const admission = createAdmission(perSecond);
        let now = 0;
        for (const { agent, after } of arrivals) {
          now += after;
          const verdict = admission.judge(String(agent), now);
          if (verdict.kind === 'admitted') continue;
          assert.ok(verdict.waitMs >= 0 && verdict.waitMs % 1000 === 0);
          assert.ok(verdict.waitMs <= (1.05 * arrivals.length * 1000) / perSecond + 1000);
        }
      },
    ),
  );
  t.end();
});
