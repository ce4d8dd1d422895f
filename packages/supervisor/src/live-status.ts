/** What a running supervisor tells of itself to `guruconnect status`: one small object as JSON. No secret is in it. Pure. */
import { type Counters, parseCounters } from '@guruconnect/shared/counters';
import { VERSION } from '@guruconnect/shared/identity';
import { LINK_STATES, type LinkState } from '@guruconnect/shared/pipe-protocol';
import type { ConsoleStatus } from './console-status.ts';
import type { ServiceState } from './machine.ts';

export const LIVE_STATUS_VERSION = 1;

export interface LiveLink {
  readonly state: LinkState;
  readonly relay: string;
  /** Milliseconds of the last heartbeat's round trip. */
  readonly roundTripMs?: number | undefined;
  /** Why it is not online, in words. */
  readonly trouble?: string | undefined;
  /** RFC 3339: when it came online, or was first known not to be. */
  readonly since?: string | undefined;
  /** Since the worker's start. */
  readonly counters?: Counters | undefined;
}

export interface LiveStatus {
  readonly version: typeof LIVE_STATUS_VERSION;
  readonly product: string;
  readonly mode: 'service' | 'console';
  readonly pid: number;
  /** RFC 3339. */
  readonly startedAt: string;
  readonly service: ServiceState['kind'];
  readonly workerPid?: number | undefined;
  readonly link?: LiveLink | undefined;
  readonly note?: string | undefined;
}

/** What does not change while a supervisor lives. */
export type SupervisorFacts = Pick<LiveStatus, 'mode' | 'pid' | 'startedAt'>;

/** @param since of the link, RFC 3339. */
export const toLiveStatus = (facts: SupervisorFacts, status: ConsoleStatus, since?: string): LiveStatus => {
  const { service, workerPid, beat, note } = status;
  return {
    version: LIVE_STATUS_VERSION,
    product: VERSION,
    ...facts,
    service,
    workerPid,
    link: beat && {
      state: beat.link,
      relay: beat.relay,
      roundTripMs: beat.roundTripMs,
      trouble: beat.trouble,
      since,
      counters: beat.counters,
    },
    note,
  };
};

type Fields = Readonly<Record<string, unknown>>;

const isFields = (value: unknown): value is Fields => typeof value === 'object' && value !== null;
const isText = (value: unknown): value is string => typeof value === 'string';
const isNumber = (value: unknown): value is number => typeof value === 'number';
const optional = <T>(is: (value: unknown) => value is T, value: unknown): value is T | undefined =>
  value === undefined || is(value);

const SERVICE_STATES: readonly ServiceState['kind'][] = ['starting', 'running', 'stopping', 'stopped'];

const isCounters = (value: unknown): value is Counters => parseCounters(value) !== undefined;

const isLink = (value: unknown): value is LiveLink =>
  isFields(value) &&
  LINK_STATES.some((state) => state === value['state']) &&
  isText(value['relay']) &&
  optional(isNumber, value['roundTripMs']) &&
  optional(isText, value['trouble']) &&
  optional(isText, value['since']) &&
  optional(isCounters, value['counters']);

const isLiveStatus = (value: unknown): value is LiveStatus =>
  isFields(value) &&
  value['version'] === LIVE_STATUS_VERSION &&
  isText(value['product']) &&
  (value['mode'] === 'service' || value['mode'] === 'console') &&
  isNumber(value['pid']) &&
  isText(value['startedAt']) &&
  SERVICE_STATES.some((state) => state === value['service']) &&
  optional(isNumber, value['workerPid']) &&
  optional(isLink, value['link']) &&
  optional(isText, value['note']);

export interface Reading {
  readonly live: LiveStatus;
  /** Milliseconds since the supervisor's event loop has last told it. */
  readonly ageMs: number;
}

/** `<age in ms>\n<JSON>`, as both servers write it; `undefined` for anything else. */
export const parseReading = (text: string): Reading | undefined => {
  const [, age, json = ''] = /^(\d{1,15})\n(.*)$/s.exec(text) ?? [];
  try {
    const live: unknown = JSON.parse(json);
    return isLiveStatus(live) ? { live, ageMs: Number(age) } : undefined;
  } catch {
    return undefined;
  }
};
