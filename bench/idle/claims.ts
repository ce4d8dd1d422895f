/** What the product is held to while nothing happens, from what was observed. Pure. */
import type { BarGroup } from '../bench.ts';
import { type Claim, claimOf, notMeasured } from '../claim.ts';
import { median } from '../median.ts';
import { CONTENDERS, type ContenderKey } from './contenders.ts';
import type { Observed } from './sample.ts';

const MB = 1e6;
const PEERS = ['pm2', 'pm2Bare', 'runit'] as const satisfies readonly ContenderKey[];
type All = readonly Observed[];
/** One figure of an instance. */
type Of = (observed: Observed) => number;

const mean = (values: readonly number[]): number =>
  values.reduce((sum, value) => sum + value, 0) / values.length;

const supervisorCpu: Of = ({ slices }) => mean(slices.map(({ supervisor }) => supervisor.cpuMs));
const supervisorWakeups: Of = ({ slices }) => mean(slices.map(({ supervisor }) => supervisor.wakeups));
const allCpu: Of = ({ slices }) => mean(slices.map(({ supervisor, rest }) => supervisor.cpuMs + rest.cpuMs));
const supervisorMemory: Of = ({ held }) => held.supervisor.anonymous / MB;
const workerMemory: Of = ({ held }) => held.rest.anonymous / MB;
const allMemory: Of = ({ held }) => (held.supervisor.proportional + held.rest.proportional) / MB;

/** Of the instances of one contender; NaN of none. */
const of = (all: All, key: ContenderKey, figure: Of): number =>
  median(all.filter((observed) => observed.key === key).map(figure));

const peersOf = (all: All, figure: Of, base = 1): Claim['peers'] =>
  Object.fromEntries(
    PEERS.map((key) => [CONTENDERS[key].name, of(all, key, figure) / base] as const).filter(([, value]) =>
      Number.isFinite(value),
    ),
  );

/** Held against another contender, which may be missing. */
const against = (
  all: All,
  key: ContenderKey,
  claim: Pick<Claim, 'name' | 'unit' | 'limit'>,
  measure: () => Pick<Claim, 'floor' | 'peers'> & { readonly value: number },
): Claim =>
  all.some((observed) => observed.key === key)
    ? claimOf({ ...claim, ...measure() })
    : notMeasured(claim, `${CONTENDERS[key].name} cannot be had here`);

export const claimsOf = (all: All): readonly Claim[] => {
  const seed = of(all, 'seed', allCpu);
  const pm2 = of(all, 'pm2', allMemory);
  return [
    claimOf({
      name: 'idle: supervisor, CPU',
      value: of(all, 'service', supervisorCpu),
      limit: 1,
      unit: 'ms a minute',
      floor: of(all, 'wokenNode', supervisorCpu),
      peers: peersOf(all, supervisorCpu),
    }),
    claimOf({
      name: 'idle: supervisor, wake-ups',
      value: of(all, 'service', supervisorWakeups),
      limit: 20,
      unit: 'a minute',
      floor: of(all, 'bareNode', supervisorWakeups),
      peers: peersOf(all, supervisorWakeups),
    }),
    against(all, 'seed', { name: 'idle: both processes, CPU', limit: 1, unit: 'x the seed policy' }, () => ({
      value: of(all, 'service', allCpu) / seed,
      floor: of(all, 'bareAgent', allCpu) / seed,
      peers: peersOf(all, allCpu, seed),
    })),
    claimOf({
      name: 'memory: supervisor, anonymous, over bare node',
      value: of(all, 'service', supervisorMemory) - of(all, 'bareNode', supervisorMemory),
      limit: 2,
      unit: 'MB',
      floor: 0,
      peers: {
        [CONTENDERS.console.name]:
          of(all, 'console', supervisorMemory) - of(all, 'bareNode', supervisorMemory),
      },
    }),
    claimOf({
      name: 'memory: worker, anonymous, over a bare ws agent',
      value: of(all, 'service', workerMemory) - of(all, 'bareAgent', supervisorMemory),
      limit: 4,
      unit: 'MB',
      floor: 0,
      peers: {},
    }),
    against(
      all,
      'pm2',
      { name: 'memory: both processes, PSS', limit: 1, unit: 'x pm2-runtime, same agent' },
      () => ({
        value: of(all, 'service', allMemory) / pm2,
        floor: null,
        peers: peersOf(all, allMemory, pm2),
      }),
    ),
  ];
};

const ROLE: Partial<Record<ContenderKey, 'product' | 'floor'>> = {
  service: 'product',
  console: 'product',
  bareNode: 'floor',
  wokenNode: 'floor',
  bareAgent: 'floor',
};

const group = (
  all: All,
  title: string,
  unit: string,
  keys: readonly ContenderKey[],
  valuesOf: (observed: Observed) => readonly number[],
): BarGroup => ({
  title,
  unit,
  bars: keys.map((key) => ({
    name: CONTENDERS[key].name,
    values: all.filter((observed) => observed.key === key).flatMap(valuesOf),
    role: ROLE[key] ?? 'peer',
  })),
});

const SUPERVISORS: readonly ContenderKey[] = [
  'service',
  'console',
  'bareNode',
  'wokenNode',
  'pm2',
  'pm2Bare',
  'runit',
];
const WHOLE: readonly ContenderKey[] = ['service', 'console', 'bareAgent', 'pm2', 'pm2Bare', 'runit'];

export const groupsOf = (all: All): readonly BarGroup[] => [
  group(all, 'Idle, connected: CPU of the supervisor', 'ms a minute', SUPERVISORS, ({ slices }) =>
    slices.map(({ supervisor }) => supervisor.cpuMs),
  ),
  group(
    all,
    'Idle, connected: wake-ups of the supervisor',
    'a minute',
    [...SUPERVISORS, 'seed'],
    ({ slices }) => slices.map(({ supervisor }) => supervisor.wakeups),
  ),
  group(all, 'Idle, connected: CPU of all processes', 'ms a minute', [...WHOLE, 'seed'], ({ slices }) =>
    slices.map(({ supervisor, rest }) => supervisor.cpuMs + rest.cpuMs),
  ),
  group(all, 'Anonymous memory of the supervisor', 'MB', SUPERVISORS, (one) => [supervisorMemory(one)]),
  group(all, 'Anonymous memory of the agent', 'MB', WHOLE, (one) => [
    one.key === 'bareAgent' ? supervisorMemory(one) : workerMemory(one),
  ]),
  group(all, 'Memory of all processes (PSS)', 'MB', WHOLE, (one) => [allMemory(one)]),
];
