import { createAlarm, systemClock } from '@guruconnect/shared/clock';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const ringing = () => {
  const clock = createFakeClock();
  const rung: string[] = [];
  const alarm = createAlarm(clock);
  const set = (ms: number, name: string): void => {
    alarm.set(ms, () => rung.push(`${name} at ${clock.now()}`));
  };
  return { clock, alarm, rung, set };
};

test('an alarm rings once, at its time', (t) => {
  const { clock, rung, set } = ringing();
  set(100, 'a');
  clock.advance(99);
  t.same(rung, []);
  clock.advance(1);
  clock.advance(1000);
  t.same(rung, ['a at 100']);
  t.end();
});

test('an alarm that is set again rings for the second only', (t) => {
  const { clock, rung, set } = ringing();
  set(100, 'a');
  clock.advance(50);
  set(100, 'b');
  clock.advance(1000);
  t.same(rung, ['b at 150']);
  t.end();
});

test('an alarm that is off does not ring, until it is set again', (t) => {
  const { clock, alarm, rung, set } = ringing();
  set(100, 'a');
  alarm.off();
  t.same(clock.pending(), []);
  clock.advance(1000);
  t.same(rung, []);
  set(1, 'b');
  clock.advance(1);
  t.same(rung, ['b at 1001']);
  t.end();
});

test('turning an alarm off that was never set, or has rung, does nothing', (t) => {
  const { clock, alarm, rung, set } = ringing();
  alarm.off();
  set(1, 'a');
  clock.advance(1);
  alarm.off();
  alarm.off();
  t.same(rung, ['a at 1']);
  t.end();
});

test('an alarm can be set from its own ring', (t) => {
  const { clock, alarm, rung, set } = ringing();
  alarm.set(10, () => {
    set(10, 'again');
  });
  clock.advance(20);
  t.same(rung, ['again at 20']);
  t.end();
});

test('two alarms of one clock do not know of each other', (t) => {
  const { clock, rung, set } = ringing();
  const other = createAlarm(clock);
  other.set(5, () => rung.push('other'));
  set(10, 'a');
  other.off();
  clock.advance(10);
  t.same(rung, ['a at 10']);
  t.end();
});

test("the system's clock runs, calls back and cancels", async (t) => {
  const start = systemClock.now();
  const rung: string[] = [];
  await new Promise<void>((resolve) => {
    const cancelled = systemClock.after(1, () => rung.push('cancelled'));
    systemClock.after(20, resolve);
    cancelled.cancel();
  });
  t.same(rung, []);
  // A timer may be a fraction of a millisecond early by the monotonic clock.
  t.ok(systemClock.now() - start >= 19);
});
