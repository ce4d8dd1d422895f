import type { Clock } from '@guruconnect/shared/clock';
import { BEAT_MISSES, TIMING } from '@guruconnect/shared/timing';
import type { Hang, ProcessLook } from '@guruconnect/supervisor/hang';
import { watchHeartbeat } from '@guruconnect/supervisor/heartbeat-watch';
import fc from 'fast-check';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const BEAT = TIMING.beat;

const SILENCE = (BEAT_MISSES + 1) * BEAT;

/** @param look at a process that has lived so many milliseconds. */
const watch = (look: (ms: number) => ProcessLook | undefined = () => ({ cpuMs: 0 })) => {
  const clock = createFakeClock();
  const hangs: Hang[] = [];
  const silences: number[] = [];
  const heartbeat = watchHeartbeat({
    clock,
    intervalMs: BEAT,
    look: () => look(clock.now()),
    onSilence: (ms) => silences.push(ms),
    onHung: (hang) => hangs.push(hang),
  });
  return { clock, heartbeat, hangs, silences };
};

/** A clock whose timers come when the test calls them, so much later than they should. */
const lateWatch = () => {
  const timers: { readonly ms: number; readonly callback: () => void }[] = [];
  const hangs: Hang[] = [];
  let now = 0;
  const clock: Clock = {
    now: () => now,
    after: (ms, callback) => {
      timers.push({ ms, callback });
      return { cancel: () => undefined };
    },
  };
  watchHeartbeat({
    ...{ clock, intervalMs: BEAT, look: () => undefined, onSilence: () => undefined },
    onHung: (hang) => hangs.push(hang),
  });
  const tick = (lateMs: number): void => {
    const timer = timers.shift();
    now += (timer?.ms ?? 0) + lateMs;
    timer?.callback();
  };
  return { tick, hangs, timers, now: () => now };
};

test('a beat that is missed is tolerated, two are a hang: a silence of 40 s', (t) => {
  t.equal(SILENCE, 40_000);
  const { clock, hangs } = watch();
  clock.advance(SILENCE - 1);
  t.same(hangs, []);
  clock.advance(1);
  t.same(hangs, ['blocked']);
  t.end();
});

test('a silence is told before it is a hang, sooner than `status` would call the supervisor hung', (t) => {
  const { clock, silences } = watch();
  clock.advance(SILENCE);
  t.same(silences, [25_000, 32_500]);
  t.end();
});

test('a hang is told once, and nothing is watched from then on', (t) => {
  const { clock, heartbeat, hangs } = watch();
  clock.advance(SILENCE);
  t.same(clock.pending(), []);
  clock.advance(10 * SILENCE);
  t.equal(hangs.length, 1);
  t.notOk(heartbeat.beat(), 'a late beat does not count');
  t.notOk(heartbeat.beat(4), 'of whatever kind');
  clock.advance(10 * SILENCE);
  t.equal(hangs.length, 1);
  t.end();
});

test('a beat ends a silence', (t) => {
  const { clock, heartbeat, hangs } = watch();
  for (let i = 0; i < 10; i += 1) {
    clock.advance(SILENCE - 1);
    t.ok(heartbeat.beat());
  }
  t.same(hangs, []);
  clock.advance(SILENCE);
  t.equal(hangs.length, 1);
  t.end();
});

test('while beats come the watch wakes up once a beat at the most, and tells nothing', (t) => {
  const clock = createFakeClock();
  const waits: number[] = [];
  const after: Clock['after'] = (ms, callback) => {
    waits.push(ms);
    return clock.after(ms, callback);
  };
  const silences: number[] = [];
  const heartbeat = watchHeartbeat({
    ...{ clock: { now: clock.now, after }, intervalMs: BEAT, look: () => undefined },
    ...{ onSilence: (ms) => silences.push(ms), onHung: () => undefined },
  });
  for (let beats = 0; beats < 60; beats += 1) {
    clock.advance(BEAT);
    heartbeat.beat();
  }
  t.ok(waits.length <= 61, `${waits.length} times in 60 beats`);
  t.same(silences, []);
  t.end();
});

test('wherever a last beat falls, the worker hangs when the silence is over', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: SILENCE - 1 }), (at) => {
      const { clock, heartbeat, hangs } = watch();
      clock.advance(at);
      heartbeat.beat();
      clock.advance(SILENCE - 1);
      t.equal(hangs.length, 0);
      clock.advance(1);
      t.equal(hangs.length, 1);
    }),
  );
  t.end();
});

test('beats that tell of a pool that does not answer are a hang after one, at once', (t) => {
  const { clock, heartbeat, hangs } = watch();
  t.ok(heartbeat.beat(BEAT_MISSES));
  t.notOk(heartbeat.beat(BEAT_MISSES + 1));
  t.same(hangs, ['pool']);
  t.same(clock.pending(), []);
  t.end();
});

test('while the supervisor does not run itself nothing is counted, and the worker has its full time then', (t) => {
  const { tick, hangs, timers, now } = lateWatch();
  for (let looks = 0; looks < 2; looks += 1) tick(0);
  for (let sleeps = 0; sleeps < 10; sleeps += 1) tick(100 * BEAT);
  const wokenAt = now();
  while (hangs.length === 0 && now() - wokenAt < 10 * SILENCE) {
    t.equal(timers.length, 1, 'one look is awaited');
    tick(0);
  }
  t.same(hangs, ['unseen']);
  t.equal(now() - wokenAt, SILENCE);
  t.end();
});

test('a look that is late by no more than a quarter of the silence counts: a busy machine is no excuse', (t) => {
  const { tick, hangs, now } = lateWatch();
  while (hangs.length === 0 && now() < 10 * SILENCE) tick(SILENCE / 4);
  t.same(hangs, ['unseen']);
  t.ok(now() < 1.5 * SILENCE, `after ${now()} ms`);
  t.end();
});

test('what the process does is looked at three times in a silence, and not while it beats', (t) => {
  const looks: number[] = [];
  const { clock, heartbeat, hangs } = watch((ms) => {
    looks.push(ms);
    // Busy until its last beat, and waiting from then on: only what it did while it was missed counts.
    return { cpuMs: Math.min(ms, 3 * BEAT) };
  });
  for (let beats = 0; beats < 3; beats += 1) {
    clock.advance(BEAT);
    heartbeat.beat();
  }
  t.same(looks, []);
  clock.advance(SILENCE);
  t.same(
    looks.map((ms) => ms - 3 * BEAT),
    [25_000, 32_500, 40_000],
  );
  t.same(hangs, ['blocked']);
  t.end();
});

test('a process that is busy all the while is told apart', (t) => {
  const { clock, hangs } = watch((ms) => ({ cpuMs: ms }));
  clock.advance(SILENCE);
  t.same(hangs, ['busy']);
  t.end();
});

test('a watch that was stopped tells nothing', (t) => {
  const { clock, heartbeat, hangs, silences } = watch();
  clock.advance(SILENCE / 2);
  heartbeat.stop();
  clock.advance(10 * SILENCE);
  t.same([hangs, silences], [[], []]);
  t.same(clock.pending(), []);
  t.end();
});
