import type { Control } from '@guruconnect/shared/pipe-protocol';
import { type ConsoleHost, consoleHost } from '@guruconnect/supervisor/console-host';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const SIGNALS = ['SIGINT', 'SIGBREAK', 'SIGTERM', 'SIGHUP'] as const;
type Signal = (typeof SIGNALS)[number];

/** Gives a signal to those who took it, and to nobody else: the test runner listens too. */
const takeSignals = (t: Test, host: ConsoleHost) => {
  const before = new Set(SIGNALS.flatMap((signal) => process.listeners(signal)));
  const giveBack = host.takeSignals();
  t.teardown(giveBack);
  const press = (signal: Signal): void => {
    const takers = process.listeners(signal).filter((listener) => !before.has(listener));
    if (takers.length !== 1) throw new Error(`${takers.length} take ${signal}`);
    for (const taker of takers) taker(signal);
  };
  return { giveBack, press };
};

const setUp = (t: Test) => {
  const clock = createFakeClock();
  clock.advance(1_000_000);
  const ends: number[] = [];
  const heard: Control[] = [];
  const host = consoleHost(clock.now, (code) => ends.push(code));
  const signals = takeSignals(t, host);
  const listen = (): void => {
    host.onControl((control) => heard.push(control));
  };
  return { clock, ends, heard, host, listen, ...signals };
};

for (const signal of SIGNALS) {
  test(`a first ${signal} is a stop`, (t) => {
    const { press, listen, heard, ends } = setUp(t);
    listen();
    press(signal);
    t.same(heard, ['stop']);
    t.same(ends, []);
    t.end();
  });
}

for (const [first, second] of [
  ['SIGINT', 'SIGINT'],
  ['SIGBREAK', 'SIGBREAK'],
  ['SIGINT', 'SIGBREAK'],
] as const) {
  test(`a ${second} after a ${first} ends everything at once, with 130`, (t) => {
    const { press, listen, clock, ends } = setUp(t);
    listen();
    press(first);
    clock.advance(151);
    t.same(ends, []);
    press(second);
    t.same(ends, [130]);
    t.end();
  });
}

test('one press that arrives twice, within 150 ms, is one, and a second one still ends', (t) => {
  const { press, listen, clock, ends } = setUp(t);
  listen();
  press('SIGINT');
  press('SIGINT');
  clock.advance(150);
  press('SIGINT');
  t.same(ends, []);
  clock.advance(1);
  press('SIGINT');
  t.same(ends, [130]);
  t.end();
});

for (const signal of ['SIGTERM', 'SIGHUP'] as const) {
  test(`a ${signal} never ends at once, however often it comes`, (t) => {
    const { press, listen, clock, ends, heard } = setUp(t);
    listen();
    for (let i = 0; i < 5; i += 1) {
      press(signal);
      clock.advance(1_000);
    }
    t.same(ends, []);
    t.equal(heard[0], 'stop');
    t.end();
  });
}

test('a Ctrl-C after a SIGTERM is a first one', (t) => {
  const { press, listen, clock, ends } = setUp(t);
  listen();
  press('SIGTERM');
  clock.advance(1_000);
  press('SIGINT');
  t.same(ends, []);
  t.end();
});

test('what came before anybody listened is delivered then, once', (t) => {
  const { press, listen, host, heard } = setUp(t);
  press('SIGTERM');
  host.stop();
  t.same(heard, []);
  listen();
  t.same(heard, ['stop', 'stop']);
  listen();
  t.same(heard, ['stop', 'stop']);
  t.end();
});

test('a stop from inside is one from a person', (t) => {
  const { listen, host, heard } = setUp(t);
  listen();
  host.stop();
  t.same(heard, ['stop']);
  t.end();
});

test('the signals are taken when asked, and given back', (t) => {
  const count = (): readonly number[] => SIGNALS.map((signal) => process.listenerCount(signal));
  const before = count();
  const host = consoleHost(
    () => 0,
    () => undefined,
  );
  t.same(count(), before, 'a host alone takes nothing');
  const giveBack = host.takeSignals();
  t.same(
    count(),
    before.map((n) => n + 1),
  );
  giveBack();
  t.same(count(), before);
  t.end();
});

test('it has nobody to report to', (t) => {
  const { host, ends, heard } = setUp(t);
  host.report({ state: 'running' });
  host.checkpoint();
  t.same([ends, heard], [[], []]);
  t.end();
});
