/** What a service's start and end are held to. */
import type { BarGroup } from '../bench.ts';
import type { Claim } from '../claim.ts';
import { median } from '../median.ts';
import { type ContenderKey, CONTENDERS, NAMES } from './contenders.ts';
import type { Life } from './life.ts';
import { type Values, countClaim, p99, ratioClaim } from './ratio.ts';
import type { Lives, Measurements } from './rounds.ts';

const LIMIT = {
  stop: 1.05,
  stopSeed: 0.55,
  stopSeedP99: 0.4,
  crash: 1.25,
  start: 1.25,
  online: 1.2,
  onlineNssm: 1,
} as const;

type Time = 'startMs' | 'onlineMs' | 'endMs' | 'closedMs';
type Times = Readonly<Record<ContenderKey, Values>>;

const timesOf = (lives: Lives, time: Time): Times => ({
  product: lives.product.map((life) => life[time]),
  floor: lives.floor.map((life) => life[time]),
  seed: lives.seed.map((life) => life[time]),
  nssm: lives.nssm.map((life) => life[time]),
});

/** Of a machine on which nothing can be measured. */
export const noMeasurements: Measurements = {
  stops: { product: [], floor: [], seed: [], nssm: [] },
  busyStops: { product: [], floor: [], seed: [], nssm: [] },
  crashes: { product: [], floor: [], seed: [], nssm: [] },
  twoNodes: [],
  lost: 0,
};

const stopClaims = ({ stops, busyStops }: Measurements): readonly Claim[] => {
  const { product, floor, seed, nssm } = timesOf(stops, 'endMs');
  const common = { product, floor, peers: { seed, nssm } };
  const all = [...stops.product, ...busyStops.product];
  const unit = `of ${all.length} stops, ${busyStops.product.length} of them with a worker that is busy for 500 ms`;
  return [
    ratioClaim({
      ...common,
      name: 'stop: until Stopped, median',
      limit: LIMIT.stop,
      by: median,
      unit: 'x floor',
      against: floor,
    }),
    ratioClaim({
      ...common,
      ...{ name: 'stop: until Stopped, median, and the seed policy', limit: LIMIT.stopSeed },
      ...{ by: median, unit: 'x seed policy', against: seed },
    }),
    ratioClaim({
      ...common,
      ...{ name: 'stop: until Stopped, p99, and the seed policy', limit: LIMIT.stopSeedP99 },
      ...{ by: p99, unit: 'x p99 of the seed policy', against: seed },
    }),
    countClaim<Life>('stop: sessions not closed with 1001', unit, all, ({ isClean }) => isClean),
  ];
};

const crashClaims = ({ crashes }: Measurements): readonly Claim[] => {
  const { product, floor, nssm } = timesOf(crashes, 'endMs');
  return [
    ratioClaim({
      ...{ name: 'crash: the worker ended until Stopped, median', limit: LIMIT.crash, by: median },
      ...{ unit: 'x floor', product, against: floor, floor, peers: { nssm } },
    }),
    countClaim<Life>(
      'crash: not shown as 1066/1',
      `of ${crashes.product.length} crashes`,
      crashes.product,
      ({ isFailure }) => isFailure,
    ),
  ];
};

const startClaims = ({ stops, busyStops, twoNodes }: Measurements): readonly Claim[] => {
  const all = (time: Time): Times => {
    const plain = timesOf(stops, time);
    const busy = timesOf(busyStops, time);
    return {
      product: [...plain.product, ...busy.product],
      floor: [...plain.floor, ...busy.floor],
      seed: plain.seed,
      nssm: [...plain.nssm, ...busy.nssm],
    };
  };
  const start = all('startMs');
  const online = all('onlineMs');
  return [
    ratioClaim({
      ...{ name: 'start: StartService until Running, median', limit: LIMIT.start, by: median },
      ...{ unit: 'x two starts of bare node', product: start.product, against: twoNodes, floor: start.floor },
      peers: { seed: start.seed, nssm: start.nssm },
    }),
    ratioClaim({
      ...{ name: 'online: StartService until the session, median', limit: LIMIT.online, by: median },
      ...{ unit: 'x floor', product: online.product, against: online.floor, floor: online.floor },
      peers: { seed: online.seed, nssm: online.nssm },
    }),
    ratioClaim({
      ...{
        name: 'online: StartService until the session, median, and NSSM',
        limit: LIMIT.onlineNssm,
        by: median,
      },
      ...{ unit: 'x NSSM', product: online.product, against: online.nssm, floor: online.floor },
      peers: { seed: online.seed },
    }),
  ];
};

/** Wine's fault or the product's: it is in the record. */
const lostClaim = ({ stops, busyStops, crashes, lost }: Measurements): Claim => {
  const lives = [...stops.product, ...busyStops.product, ...crashes.product].length + lost;
  const unit = `of ${lives} lives`;
  const all = Array.from({ length: lives }, (_, at) => at >= lost);
  return countClaim('service: lives that were not lived to their end', unit, all, (isLived) => isLived);
};

export const serviceClaims = (measured: Measurements): readonly Claim[] => [
  lostClaim(measured),
  ...stopClaims(measured),
  ...crashClaims(measured),
  ...startClaims(measured),
];

const groupOf = (title: string, lives: Lives, time: Time): BarGroup => {
  const times = timesOf(lives, time);
  return {
    title,
    unit: 'ms',
    bars: CONTENDERS.filter((key) => times[key].length > 0).map((key) => ({
      name: NAMES[key],
      values: times[key],
      role: key === 'product' || key === 'floor' ? key : 'peer',
    })),
  };
};

export const serviceGroups = ({ stops, busyStops, crashes, twoNodes }: Measurements): readonly BarGroup[] => {
  const start = groupOf('StartService until Running', stops, 'startMs');
  return [
    groupOf('SCM Stop until Stopped, session open', stops, 'endMs'),
    groupOf('SCM Stop until the relay has seen the close', stops, 'closedMs'),
    groupOf('the same until Stopped, worker busy for 500 ms', busyStops, 'endMs'),
    groupOf('worker ended until Stopped', crashes, 'endMs'),
    { ...start, bars: [...start.bars, { name: 'node -e 0, twice in a row', values: twoNodes }] },
    groupOf('StartService until the session at the relay', stops, 'onlineMs'),
  ];
};
