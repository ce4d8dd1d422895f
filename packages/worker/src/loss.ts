/** What the end of a socket, or of an enrolment, says: whom it concerns, and when the relay would have us back. Pure. */
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import { nowOfAnswer, parseRetryAfter, slotOfReason } from '@guruconnect/shared/retry-after';
import { TIMING } from '@guruconnect/shared/timing';
import type { Loss } from './reconnect.ts';

/** Of the relay, or of what stands in front of it: busy, restarting, broken, for everybody. */
const RELAY_STATUS: ReadonlySet<number> = new Set([429, 500, 502, 503, 504]);
const SLOT_STATUS: ReadonlySet<number> = new Set([429, 503]);

/** Going away, without a frame, internal error, restart, try again later. */
const RELAY_CODES: ReadonlySet<number> = new Set([1000, 1001, 1005, 1006, 1011, 1012, 1013, 1014]);
const SLOT_CODES: ReadonlySet<number> = new Set([CLOSE.relayRestart.code, CLOSE.tryLater.code]);

/** Errors of the system that come before anything has reached the relay, or anybody near it. */
const NETWORK_ERRORS: ReadonlySet<string> = new Set([
  'EADDRNOTAVAIL',
  'EAI_AGAIN',
  'EAI_FAIL',
  'EHOSTDOWN',
  'EHOSTUNREACH',
  'ENETDOWN',
  'ENETRESET',
  'ENETUNREACH',
  'ENOTFOUND',
]);
const RELAY_ERRORS: ReadonlySet<string> = new Set(['ECONNREFUSED', 'ECONNRESET', 'EPIPE', 'ETIMEDOUT']);

const loss = (kind: Loss['kind'], ms: number | undefined, spreadMs: number): Loss =>
  ms === undefined ? { kind } : { kind, slot: { ms, spreadMs } };

/** @param date the answer's header of that name. @param now milliseconds since the Unix epoch. */
export const lossOfStatus = (
  status: number,
  retryAfter: string | undefined,
  date: string | undefined,
  now: number,
): Loss =>
  loss(
    RELAY_STATUS.has(status) ? 'relay' : 'session',
    SLOT_STATUS.has(status) ? parseRetryAfter(retryAfter, nowOfAnswer(date, now)) : undefined,
    TIMING.slotSpread,
  );

export const lossOfClose = (code: number, reason: string): Loss => {
  // The relay has not heard of us for long: what it sends may not arrive either, and it is not the relay that is gone.
  if (code === CLOSE.heartbeatLost.code) return { kind: 'network' };
  return loss(
    RELAY_CODES.has(code) ? 'relay' : 'session',
    SLOT_CODES.has(code) ? slotOfReason(reason) : undefined,
    0,
  );
};

/** A certificate that is not trusted, say, concerns this machine alone, as far as it can tell. */
export const lossOfError = (error: unknown): Loss => {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (NETWORK_ERRORS.has(code)) return { kind: 'network' };
  return { kind: RELAY_ERRORS.has(code) ? 'relay' : 'session' };
};
