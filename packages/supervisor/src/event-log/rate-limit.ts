/** How many events of a kind are written: the Event Log is everybody's, and a fault that repeats must not fill it. Pure. */
import { TIMING } from '@guruconnect/shared/timing';
import type { EventName } from './events.ts';

/** Of each kind within {@link TIMING.eventWindow}. */
export const EVENT_LIMIT = 6;

interface Kind {
  /** Milliseconds of the clock, of those that were written within the window. */
  readonly written: readonly number[];
  readonly leftOut: number;
}

export type Rates = Readonly<Partial<Record<EventName, Kind>>>;
export const NO_EVENTS: Rates = {};

export interface Admission {
  readonly rates: Rates;
  /** How many were left out before this one; `undefined` where this one is left out as well. */
  readonly leftOut: number | undefined;
}

/** @param now monotonic milliseconds. */
export const admit = (rates: Rates, name: EventName, now: number): Admission => {
  const { written, leftOut } = rates[name] ?? { written: [], leftOut: 0 };
  const recent = written.filter((at) => now - at < TIMING.eventWindow);
  return recent.length < EVENT_LIMIT
    ? { rates: { ...rates, [name]: { written: [...recent, now], leftOut: 0 } }, leftOut }
    : { rates: { ...rates, [name]: { written: recent, leftOut: leftOut + 1 } }, leftOut: undefined };
};
