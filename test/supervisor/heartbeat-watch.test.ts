import type { Clock } from '@guruconnect/shared/clock';
import { BEAT_MISSES, TIMING } from '@guruconnect/shared/timing';
import { watchHeartbeat } from '@guruconnect/supervisor/heartbeat-watch';
import fc from 'fast-check';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const watch = () => {
  const clock = createFakeClock();
  let hangs = 0;
  const heartbeat = watchHeartbeat(clock, () => {
    hangs += 1;
  });
  return { clock, heartbeat, hangs: () => hangs };
};

test('three missed ticks are tolerated, the fourth is a hang', (t) => {
  t.equal(BEAT_MISSES, 3);
  const { clock, hangs } = watch();
  clock.advance(4 * TIMING.beat - 1);
  t.equal(hangs(), 0);
  clock.advance(1);
  t.equal(hangs(), 1);
  t.end();
});

test('a hang is told once, and nothing is watched from then on', (t) => {
  const { clock, heartbeat, hangs } = watch();
  clock.advance(4 * TIMING.beat);
  t.same(clock.pending(), []);
  heartbeat.beat();
  clock.advance(10 * TIMING.beat);
  t.equal(hangs(), 1);
  t.end();
});

test('a beat starts the count again', (t) => {
  const { clock, heartbeat, hangs } = watch();
  for (let i = 0; i < 10; i += 1) {
    clock.advance(3 * TIMING.beat);
    heartbeat.beat();
  }
  t.equal(hangs(), 0);
  clock.advance(4 * TIMING.beat);
  t.equal(hangs(), 1);
  t.end();
});

test('wherever a last beat falls, the worker hangs after more than three intervals and within four', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 4 * TIMING.beat - 1 }), (at) => {
      const { clock, heartbeat, hangs } = watch();
      clock.advance(at);
      heartbeat.beat();
      clock.advance(3 * TIMING.beat);
      t.equal(hangs(), 0);
      clock.advance(TIMING.beat);
      t.equal(hangs(), 1);
    }),
  );
  t.end();
});

test('a tick that comes late, after a suspend, is one miss', (t) => {
  const ticks: (() => void)[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after: (_ms, callback) => {
      ticks.push(callback);
      return { cancel: () => undefined };
    },
  };
  let hung = false;
  watchHeartbeat(clock, () => {
    hung = true;
  });
  for (let miss = 1; miss <= BEAT_MISSES; miss += 1) {
    now += 100 * TIMING.beat;
    ticks.shift()?.();
    t.notOk(hung, `late tick ${miss}`);
    t.equal(ticks.length, 1, 'one tick is awaited');
  }
  ticks.shift()?.();
  t.ok(hung);
  t.end();
});

test('a watch that was stopped tells nothing', (t) => {
  const { clock, heartbeat, hangs } = watch();
  clock.advance(4 * TIMING.beat - 1);
  heartbeat.stop();
  clock.advance(10 * TIMING.beat);
  t.equal(hangs(), 0);
  t.same(clock.pending(), []);
  t.end();
});
