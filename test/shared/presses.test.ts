import { createPresses } from '@guruconnect/shared/presses';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

/** Presses at the times given, from the start of the clock; whether each was a second one. */
const presses = (...times: readonly number[]): readonly boolean[] => {
  const clock = createFakeClock();
  const isSecond = createPresses(clock.now);
  return times.map((at) => {
    clock.advance(at - clock.now());
    return isSecond();
  });
};

test('the first press is no second one, at whatever time it comes', (t) => {
  t.same(presses(0), [false]);
  t.same(presses(1_000_000), [false]);
  t.end();
});

test('a press that arrives again within 150 ms is the same one', (t) => {
  t.same(presses(7000, 7000, 7003, 7150), [false, false, false, false]);
  t.end();
});

test('a press after that is the second one, and so is every further one', (t) => {
  t.same(presses(7000, 7151, 7152, 9000), [false, true, true, true]);
  t.end();
});

test('the time counts from the first arrival: arrivals in between do not put the second one off', (t) => {
  t.same(presses(0, 100, 150, 200), [false, false, false, true]);
  t.end();
});

test('two terminals do not know of each other', (t) => {
  const clock = createFakeClock();
  const [one, other] = [createPresses(clock.now), createPresses(clock.now)];
  one();
  clock.advance(1000);
  t.equal(other(), false);
  t.equal(one(), true);
  t.end();
});
