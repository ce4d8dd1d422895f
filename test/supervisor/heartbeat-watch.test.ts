import type { Clock } from '@guruconnect/shared/clock';
import { BEAT_MISSES, TIMING } from '@guruconnect/shared/timing';
import type { Hang, ProcessLook } from '@guruconnect/supervisor/hang';
import { watchHeartbeat } from '@guruconnect/supervisor/heartbeat-watch';
import fc from 'fast-check';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const BEAT = TIMING.beat;

/** @param look at a process that has lived so many milliseconds. */
const watch = (look: (ms: number) => ProcessLook | undefined = () => ({ cpuMs: 0 })) => {
  const clock = createFakeClock();
  const hangs: Hang[] = [];
  const heartbeat = watchHeartbeat({
    clock,
    intervalMs: BEAT,
    look: () => look(clock.now()),
    onHung: (hang) => hangs.push(hang),
  });
  return { clock, heartbeat, hangs };
};

/** A clock whose timers come when the test calls them, late. */
const lateWatch = () => {
  const ticks: (() => void)[] = [];
  const hangs: Hang[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after: (_ms, callback) => {
      ticks.push(callback);
      return { cancel: () => undefined };
    },
  };
  watchHeartbeat({ clock, intervalMs: BEAT, look: () => undefined, onHung: (hang) => hangs.push(hang) });
  const tick = (afterMs: number): void => {
    now += afterMs;
    ticks.shift()?.();
  };
  return { tick, hangs, ticks };
};

test('three missed ticks are tolerated, the fourth is a hang', (t) => {
  t.equal(BEAT_MISSES, 3);
  const { clock, hangs } = watch();
  clock.advance(4 * BEAT - 1);
  t.same(hangs, []);
  clock.advance(1);
  t.same(hangs, ['blocked']);
  t.end();
});

test('a hang is told once, and nothing is watched from then on', (t) => {
  const { clock, heartbeat, hangs } = watch();
  clock.advance(4 * BEAT);
  t.same(clock.pending(), []);
  clock.advance(10 * BEAT);
  t.equal(hangs.length, 1);
  t.notOk(heartbeat.beat(), 'a late beat does not count');
  t.notOk(heartbeat.beat(4), 'of whatever kind');
  clock.advance(10 * BEAT);
  t.equal(hangs.length, 1);
  t.end();
});

test('a beat starts the count again', (t) => {
  const { clock, heartbeat, hangs } = watch();
  for (let i = 0; i < 10; i += 1) {
    clock.advance(3 * BEAT);
    t.ok(heartbeat.beat());
  }
  t.same(hangs, []);
  clock.advance(4 * BEAT);
  t.equal(hangs.length, 1);
  t.end();
});

test('wherever a last beat falls, the worker hangs after more than three intervals and within four', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 * BEAT - 1 }), (at) => {
      const { clock, heartbeat, hangs } = watch();
      clock.advance(at);
      heartbeat.beat();
      clock.advance(3 * BEAT);
      t.equal(hangs.length, 0);
      clock.advance(BEAT);
      t.equal(hangs.length, 1);
    }),
  );
  t.end();
});

test('beats that tell of a pool that does not answer are a hang after three, at once', (t) => {
  const { clock, heartbeat, hangs } = watch();
  for (const misses of [1, 2, 3]) t.ok(heartbeat.beat(misses));
  t.notOk(heartbeat.beat(4));
  t.same(hangs, ['pool']);
  t.same(clock.pending(), []);
  t.end();
});

test('while the supervisor does not run itself nothing is counted, and the worker has its full time then', (t) => {
  const { tick, hangs, ticks } = lateWatch();
  for (let misses = 1; misses <= BEAT_MISSES; misses += 1) tick(BEAT);
  for (let sleeps = 0; sleeps < 10; sleeps += 1) tick(100 * BEAT);
  for (let misses = 1; misses <= BEAT_MISSES; misses += 1) {
    tick(2 * BEAT);
    t.same(hangs, [], `tick ${misses} in time`);
    t.equal(ticks.length, 1, 'one tick is awaited');
  }
  tick(BEAT);
  t.same(hangs, ['unseen']);
  t.end();
});

test('a tick that is late by no more than an interval is a miss: a busy machine is no excuse', (t) => {
  const { tick, hangs } = lateWatch();
  for (let misses = 0; misses <= BEAT_MISSES; misses += 1) tick(2 * BEAT);
  t.equal(hangs.length, 1);
  t.end();
});

test('what the process does is looked at with every miss, and not while it beats', (t) => {
  const looks: number[] = [];
  const { clock, heartbeat, hangs } = watch((ms) => {
    looks.push(ms / BEAT);
    // Busy until its last beat, and waiting from then on: only what it did while it was missed counts.
    return { cpuMs: Math.min(ms, 3 * BEAT) };
  });
  for (let beats = 0; beats < 3; beats += 1) {
    clock.advance(BEAT - 1);
    heartbeat.beat();
    clock.advance(1);
  }
  looks.splice(0);
  heartbeat.beat();
  clock.advance(4 * BEAT);
  t.same(looks, [4, 5, 6, 7]);
  t.same(hangs, ['blocked']);
  t.end();
});

test('a watch that was stopped tells nothing', (t) => {
  const { clock, heartbeat, hangs } = watch();
  clock.advance(4 * BEAT - 1);
  heartbeat.stop();
  clock.advance(10 * BEAT);
  t.same(hangs, []);
  t.same(clock.pending(), []);
  t.end();
});
