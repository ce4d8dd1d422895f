import { TIMING } from '@guruconnect/shared/timing';
import {
  type Sample,
  type WakeReason,
  addressesOf,
  compareSamples,
  watchWakes,
} from '@guruconnect/worker/wake';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const START: Sample = { mono: 1000, wall: 1_700_000_000_000, addresses: '192.0.2.7' };
const after = (mono: number, wall: number, addresses = START.addresses): Sample => ({
  mono: START.mono + mono,
  wall: START.wall + wall,
  addresses,
});

const cases: Record<string, [Sample, WakeReason | undefined]> = {
  'a tick in its time': [after(5000, 5000), undefined],
  'a tick that comes late on a busy machine': [after(14_000, 14_000), undefined],
  'a sleep in which the monotonic clock stood still (Linux)': [after(5000, 3_600_000), 'resumed'],
  'a sleep in which it went on (Windows)': [after(3_600_000, 3_600_000), 'resumed'],
  'a clock that is set back by an hour': [after(5000, -3_595_000), 'clock-set'],
  'a clock that is set back by seconds': [after(5000, 0), undefined],
  'a clock that is set forward by seconds': [after(5000, 12_000), undefined],
  'a new address': [after(5000, 5000, '198.51.100.9'), 'addresses'],
  'all addresses gone': [after(5000, 5000, ''), 'addresses'],
  'a sleep and a new address': [after(5000, 3_600_000, ''), 'resumed'],
};
for (const [situation, [sample, reason]] of Object.entries(cases)) {
  test(`${situation}: ${reason ?? 'nothing'}`, (t) => {
    t.equal(compareSamples(START, sample), reason);
    t.end();
  });
}

test('every look is compared with the one before, and none comes after the end', (t) => {
  const clock = createFakeClock();
  const heard: string[] = [];
  let addresses = 'a';
  const stop = watchWakes(
    clock,
    () => ({ mono: clock.now(), wall: clock.now(), addresses }),
    (reason) => heard.push(reason),
  );
  clock.advance(TIMING.wakeLook);
  t.same(heard, []);
  addresses = 'b';
  clock.advance(TIMING.wakeLook);
  t.same(heard, ['addresses']);
  clock.advance(3 * TIMING.wakeLook);
  t.same(heard, ['addresses'], 'a change is told once');
  stop();
  t.same(clock.pending(), []);
  t.end();
});

test('loopback and link-local addresses do not count, and the order does not', (t) => {
  const of = (...addresses: [string, boolean][]) =>
    addressesOf({
      eth0: addresses.map(([address, internal]) => ({ address, internal })) as never,
    });
  t.equal(of(['127.0.0.1', true], ['::1', true]), '');
  t.equal(of(['fe80::1', false], ['169.254.3.4', false]), '');
  t.equal(of(['2001:db8::1', false], ['192.0.2.7', false]), of(['192.0.2.7', false], ['2001:db8::1', false]));
  t.not(of(['192.0.2.7', false]), of(['192.0.2.8', false]));
  t.end();
});
