import { claimsOf, groupsOf } from '#bench/idle/claims';
import { CONTENDERS, type ContenderKey } from '#bench/idle/contenders';
import { type Observed, sliceOf } from '#bench/idle/sample';
import { test } from 'tap';

const MB = 1e6;
const KEYS = Object.keys(CONTENDERS) as ContenderKey[];

const observed = (key: ContenderKey, cpuMs = 0.4, anonymous = 8 * MB): Observed => {
  const used = { cpuMs, wakeups: 12 };
  const held = { anonymous, proportional: 2 * anonymous };
  return {
    key,
    slices: [1, 2, 3].map(() => ({ supervisor: used, rest: used })),
    held: { supervisor: held, rest: held },
  };
};
/** The service as given; the others hold the same, the seed and pm2 take more. */
const around = (service: Observed, missing?: ContenderKey): readonly Observed[] => [
  service,
  ...KEYS.filter((key) => key !== 'service' && key !== missing).map((key) =>
    observed(key, key === 'seed' ? 5 : 0.4, key === 'pm2' ? 20 * MB : 8 * MB),
  ),
];
const failing = (all: readonly Observed[]): readonly string[] =>
  claimsOf(all)
    .filter(({ holds }) => !holds)
    .map(({ name }) => name);

test('a supervisor that sleeps and is small keeps every claim', (t) => {
  t.same(failing(around(observed('service'))), []);
  t.end();
});

test('each claim is seen to fail where the service takes too much', (t) => {
  t.same(failing(around(observed('service', 6))), ['idle: supervisor, CPU', 'idle: both processes, CPU']);
  t.same(failing(around(observed('service', 0.4, 11 * MB))), [
    'memory: supervisor, anonymous, over bare node',
  ]);
  t.equal(failing(around(observed('service', 0.4, 21 * MB))).length, 3);
  t.end();
});

test('without pm2 or the seed’s policy their claims do not hold, and say why', (t) => {
  for (const missing of ['pm2', 'seed'] as const) {
    const [claim, ...rest] = claimsOf(around(observed('service'), missing)).filter(({ holds }) => !holds);
    t.same(rest, []);
    t.match(claim?.why, CONTENDERS[missing].name);
  }
  t.end();
});

test('the picture has a bar for every contender, also for one that is missing', (t) => {
  const groups = groupsOf(around(observed('service'), 'runit'));
  for (const { title, bars } of groups) {
    t.ok(
      bars.some(({ name, values }) => name === CONTENDERS.runit.name && values.length === 0) ||
        /zzz/.test(title),
    );
    t.ok(
      bars.some(({ role, values }) => role === 'product' && values.length > 0),
      title,
    );
  }
  t.end();
});

test('what was used in half a minute counts twice', (t) => {
  const before = { supervisor: { cpuMs: 10, wakeups: 5 }, rest: { cpuMs: 0, wakeups: 0 } };
  const after = { supervisor: { cpuMs: 11, wakeups: 11 }, rest: { cpuMs: 3, wakeups: 1 } };
  t.same(sliceOf(before, after, 0.5), {
    supervisor: { cpuMs: 2, wakeups: 12 },
    rest: { cpuMs: 6, wakeups: 2 },
  });
  t.end();
});
