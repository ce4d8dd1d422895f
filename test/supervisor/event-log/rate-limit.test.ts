import { TIMING } from '@guruconnect/shared/timing';
import { EVENT_LIMIT, NO_EVENTS, admit } from '@guruconnect/supervisor/event-log/rate-limit';
import { test } from 'tap';

/** @returns what was left out before each event, or undefined where it was left out itself. */
const admitAll = (times: readonly number[], name: 'stranger' | 'offline' = 'stranger', from = NO_EVENTS) => {
  let rates = from;
  const leftOut = times.map((at) => {
    const admission = admit(rates, name, at);
    rates = admission.rates;
    return admission.leftOut;
  });
  return { rates, leftOut };
};

const full = Array.from({ length: EVENT_LIMIT }, (_, i) => i);

test('so many of a kind within the window, and then none', (t) => {
  const { leftOut } = admitAll([...full, 100, TIMING.eventWindow - 1]);
  t.same(leftOut, [...full.map(() => 0), undefined, undefined]);
  t.end();
});

test('the next one that is written says how many were left out before it, once', (t) => {
  const late = TIMING.eventWindow;
  const { leftOut } = admitAll([...full, 100, 200, 300, late, late + 1]);
  t.same(leftOut.slice(EVENT_LIMIT), [undefined, undefined, undefined, 3, 0]);
  t.end();
});

test('one for each that has left the window, whatever was left out meanwhile', (t) => {
  const hour = TIMING.eventWindow;
  const { leftOut } = admitAll([...full, 100, hour, hour, hour, hour + 1]);
  t.same(leftOut.slice(EVENT_LIMIT), [undefined, 1, undefined, undefined, 2]);
  t.end();
});

test('a flood of one kind costs another one nothing', (t) => {
  const { rates } = admitAll(Array.from({ length: 1000 }, (_, i) => i));
  t.same(admitAll([1000], 'offline', rates).leftOut, [0]);
  t.ok(JSON.stringify(rates).length < 500, 'and no memory');
  t.end();
});
