import type { Claim } from '#bench/claim';
import type { Life } from '#bench/windows/life';
import { packagedClaims } from '#bench/windows/packaged';
import { p99 } from '#bench/windows/ratio';
import type { Measurements } from '#bench/windows/rounds';
import { noMeasurements, serviceClaims, serviceGroups } from '#bench/windows/service-claims';
import { shutdownClaims } from '#bench/windows/shutdown';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';

const life = (change: Partial<Life> = {}): Life => ({
  ...{ startMs: 400, onlineMs: 500, endMs: 25, closedMs: 8 },
  ...{ isClean: true, isFailure: false },
  ...change,
});
const lives = (count: number, change: Partial<Life> = {}): readonly Life[] =>
  Array.from({ length: count }, () => life(change));
const crashed = { endMs: 10, isClean: false, isFailure: true };

/** Of a product that is as good as its floor. */
const GOOD: Measurements = {
  stops: {
    product: lives(160),
    floor: lives(160),
    seed: lives(160, { startMs: 40, onlineMs: 50, endMs: 75 }),
    nssm: lives(16, { startMs: 1700, onlineMs: 600 }),
  },
  busyStops: { product: lives(40), floor: lives(40), seed: [], nssm: [] },
  crashes: { product: lives(30, crashed), floor: lives(30, crashed), seed: [], nssm: [] },
  lost: 0,
  twoNodes: [400, 400, 400],
};

const failing = (measured: Measurements): readonly string[] =>
  serviceClaims(measured)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);
const withStops = (product: readonly Life[]): Measurements => ({
  ...GOOD,
  stops: { ...GOOD.stops, product },
});

test('a product as good as its floor holds every claim', (t) => {
  t.same(failing(GOOD), []);
  t.equal(serviceClaims(GOOD).find(({ unit }) => unit === 'x floor')?.value, 1);
  t.end();
});

test('one session of 200 that is not closed with 1001 is a claim that fails, and so is one crash with another code', (t) => {
  t.same(failing(withStops([...lives(159), life({ isClean: false })])), [
    'stop: sessions not closed with 1001',
  ]);
  const crashes = {
    ...GOOD.crashes,
    product: [...lives(29, crashed), life({ ...crashed, isFailure: false })],
  };
  t.same(failing({ ...GOOD, crashes }), ['crash: not shown as 1066/1']);
  t.end();
});

test('a life of the product that was lost is told', (t) => {
  t.same(failing({ ...GOOD, lost: 1 }), ['service: lives that were not lived to their end']);
  t.end();
});

test('a stop that is a tenth slower than the floor fails against the floor alone', (t) => {
  t.same(failing(withStops(lives(160, { endMs: 27.5 }))), ['stop: until Stopped, median']);
  t.end();
});

test('a few slow stops do not move the median, and fail by their p99', (t) => {
  t.same(failing(withStops([...lives(155), ...lives(5, { endMs: 90 })])), [
    'stop: until Stopped, p99, and the seed policy',
  ]);
  t.equal(p99([7]), 7);
  t.end();
});

test('nothing that was not measured holds, or has a value', (t) => {
  const none: readonly Claim[] = [
    ...serviceClaims(noMeasurements),
    ...shutdownClaims([], []),
    ...packagedClaims({ packaged: [], bundle: [], bare: [] }),
  ];
  for (const { name, value, holds } of none) {
    t.equal(value, null, name);
    t.notOk(holds, name);
  }
  t.same(failing({ ...GOOD, stops: { ...GOOD.stops, nssm: [] } }), [
    'online: StartService until the session, median, and NSSM',
  ]);
  t.ok(serviceGroups(noMeasurements).every(({ bars }) => bars.every(({ values }) => values.length === 0)));
  t.end();
});

test('one shutdown beyond the budget and its tenth fails, however many were in time', (t) => {
  const inTime = TIMING.shutdownBudget * 1.09;
  t.ok(shutdownClaims([inTime, inTime], [1]).every(({ holds }) => holds));
  t.notOk(shutdownClaims([inTime, inTime, TIMING.shutdownBudget * 1.11], [1])[0]?.holds);
  t.end();
});
