/** A storm in figures: for each kind of event how often it came, how long the agents were away, and what they hold. Pure. */
import { textTable } from '../../helpers/text-table.ts';
import type { Verdict } from '../judge.ts';
import { verdictRows } from '../verdict-table.ts';
import type { Timed } from './finding.ts';

/** Milliseconds; both agents' times together. */
export interface EventRow {
  readonly event: string;
  readonly times: number;
  readonly medianMs: number;
  readonly p99Ms: number;
  readonly maxMs: number;
  /** By the policy it depends on what went before. */
  readonly leastBoundMs: number;
  readonly mostBoundMs: number;
  /** The nearest that a time has come to its own bound, 1 being the bound. */
  readonly nearest: number;
  readonly late: number;
}

export interface StormReport {
  readonly seed: number;
  readonly minutes: number;
  readonly seconds: number;
  readonly steps: number;
  readonly events: readonly EventRow[];
  readonly growth: readonly Verdict[];
  readonly faults: readonly string[];
  readonly ok: boolean;
}

/** Nearest rank. @param share from 0 to 1. */
const quantile = (sorted: readonly number[], share: number): number =>
  sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)] ?? NaN;

const rowOf = (event: string, timed: readonly Timed[]): EventRow => {
  const times = timed.map(({ ms }) => ms).sort((a, b) => a - b);
  const bounds = timed.map(({ bound }) => bound.ms);
  return {
    event,
    times: times.length,
    medianMs: quantile(times, 0.5),
    p99Ms: quantile(times, 0.99),
    maxMs: quantile(times, 1),
    leastBoundMs: Math.min(...bounds),
    mostBoundMs: Math.max(...bounds),
    nearest: Math.max(...timed.map(({ ms, bound }) => ms / bound.ms)),
    late: timed.filter(({ ms, bound }) => ms > bound.ms).length,
  };
};

/** In the order of their names. */
export const eventRows = (timed: readonly Timed[]): readonly EventRow[] =>
  [...new Set(timed.map(({ what }) => what))]
    .sort()
    .map((event) => rowOf(event, timed.filter(({ what }) => what === event))); // prettier-ignore

const seconds = (ms: number): string => (ms / 1000).toFixed(2);

const shown = (row: EventRow) => ({
  event: row.event,
  times: row.times,
  'median s': seconds(row.medianMs),
  'p99 s': seconds(row.p99Ms),
  'max s': seconds(row.maxMs),
  'bound s':
    row.leastBoundMs === row.mostBoundMs
      ? seconds(row.mostBoundMs)
      : `${seconds(row.leastBoundMs)} to ${seconds(row.mostBoundMs)}`,
  nearest: `${Math.round(100 * row.nearest)} %`,
  late: row.late,
});

/** What a person reads at the end of a run. */
export const describeReport = (report: StormReport): readonly string[] => [
  `seed ${report.seed}: ${report.steps} events in ${report.seconds} s`,
  '',
  ...textTable(report.events.map(shown)),
  '',
  ...textTable(verdictRows(report.growth, 'step')),
  ...report.faults.map((fault) => `FAULT ${fault}`),
  report.ok ? 'ok' : 'NOT OK',
];
