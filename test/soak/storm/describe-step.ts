/** The line of a step while a storm is under way. Pure. */
import { type StormEvent, awayMs, nameOf } from './event.ts';
import type { Finding, Timed } from './finding.ts';
import type { Holding, Kept, StormSample } from './growth.ts';

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

const shownTimes = (timed: readonly Timed[]): string =>
  [...new Set(timed.map(({ what }) => what))]
    .map((what) => {
      const those = timed.filter((one) => one.what === what);
      const times = those.map(({ who, ms, bound }) => `${who} ${seconds(ms)} of ${seconds(bound.ms)} s`);
      return `${what}: ${times.join(', ')}`;
    })
    .join('; ');

const held = ({ supervisor, worker }: Holding): string =>
  `${supervisor.fds}+${worker.fds} fds, ${supervisor.anonKB}+${worker.anonKB} KB`;

const kept = (holding: Holding<Kept>): string => {
  const { supervisor, worker } = holding;
  return `${held(holding)}, heap ${Math.round(supervisor.heapKB)}+${Math.round(worker.heapKB)} KB`;
};

/** The event, the times and what is held (the supervisor's and the worker's); then a line for each fault. */
export const describeStep = (event: StormEvent, found: Finding, sample: StormSample): readonly string[] => {
  const away = awayMs(event);
  const newborn = sample.newborn === undefined ? '' : `; newborn ${held(sample.newborn)}`;
  return [
    [
      `${nameOf(event)}${away === undefined ? '' : ` for ${seconds(away)} s`}`,
      shownTimes(found.timed),
      `lasting ${kept(sample.lasting)}${newborn}`,
    ].join(' | '),
    ...found.faults.map((fault) => `FAULT ${fault}`),
  ];
};
