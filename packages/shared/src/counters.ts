/** What a worker counts from its start on: told to the supervisor with every beat, shown by `status --json`. Pure. */

export interface Histogram {
  /** Upper ends of the buckets in milliseconds; one more, for what is longer than all, has no end. */
  readonly bounds: readonly number[];
  readonly counts: readonly number[];
  readonly sum: number;
}

/** The counters that are one number each. */
export const COUNTER_NAMES = [
  /** Sessions that came online. */
  'connects',
  /** Sessions that ended unasked. */
  'losses',
  /** Tries that came to no session, refusals included. */
  'failures',
  /** Upgrades and enrolments that were refused with 401 or 403. */
  'authFailures',
  'enrolments',
  'messagesReceived',
  'messagesSent',
  /** Of the received ones, those of a kind that this version does not know. */
  'messagesUnknown',
  /** On the wire of the sessions, TLS and upgrade included. */
  'bytesReceived',
  'bytesSent',
] as const;
export type CounterName = (typeof COUNTER_NAMES)[number];

export type Counters = Readonly<Record<CounterName, number>> & {
  /** Heartbeats and their acknowledgements. */
  readonly roundTripMs: Histogram;
};

type Fields = Readonly<Record<string, unknown>>;

const MAX_BUCKETS = 32;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isCount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;
const areCounts = (value: unknown): value is readonly number[] =>
  Array.isArray(value) && value.length <= MAX_BUCKETS && value.every(isCount);

const isHistogram = (value: unknown): value is Histogram =>
  isFields(value) &&
  areCounts(value['bounds']) &&
  areCounts(value['counts']) &&
  value['counts'].length === value['bounds'].length + 1 &&
  isCount(value['sum']);

/** @returns `undefined` for anything else. */
export const parseCounters = (value: unknown): Counters | undefined => {
  if (!isFields(value) || !isHistogram(value['roundTripMs'])) return undefined;
  if (!COUNTER_NAMES.every((name) => isCount(value[name]))) return undefined;
  const counts = Object.fromEntries(COUNTER_NAMES.map((name) => [name, value[name]]));
  const { bounds, counts: buckets, sum } = value['roundTripMs'];
  return { ...counts, roundTripMs: { bounds, counts: buckets, sum } } as Counters;
};
