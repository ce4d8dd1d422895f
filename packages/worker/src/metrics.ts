/** Counts what happens to the link. */
import type { CounterName, Counters } from '@guruconnect/shared/counters';

/** Upper ends in milliseconds: a local network, a country, a continent, a satellite, trouble. */
const ROUND_TRIP_BOUNDS = [1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000];

/** What is counted one by one. */
type EventName = Exclude<CounterName, 'bytesReceived' | 'bytesSent'>;

export interface Metrics {
  count(name: EventName): void;
  roundTrip(ms: number): void;
  /** Bytes of a session that has ended. */
  traffic(bytes: { readonly received: number; readonly sent: number }): void;
  /** @param open bytes of the session that is open. */
  snapshot(open?: { readonly received: number; readonly sent: number }): Counters;
}

export const createMetrics = (): Metrics => {
  const counters: Record<EventName, number> = {
    connects: 0,
    losses: 0,
    failures: 0,
    authFailures: 0,
    enrolments: 0,
    messagesReceived: 0,
    messagesSent: 0,
    messagesUnknown: 0,
  };
  const bytes = { received: 0, sent: 0 };
  const counts = new Array<number>(ROUND_TRIP_BOUNDS.length + 1).fill(0);
  let sum = 0;
  return {
    count: (name) => {
      counters[name] += 1;
    },
    roundTrip: (ms) => {
      const at = ROUND_TRIP_BOUNDS.findIndex((bound) => ms <= bound);
      const bucket = at === -1 ? ROUND_TRIP_BOUNDS.length : at;
      counts[bucket] = (counts[bucket] ?? 0) + 1;
      sum += ms;
    },
    traffic: ({ received, sent }) => {
      bytes.received += received;
      bytes.sent += sent;
    },
    snapshot: (open = { received: 0, sent: 0 }) => ({
      ...counters,
      bytesReceived: bytes.received + open.received,
      bytesSent: bytes.sent + open.sent,
      roundTripMs: { bounds: [...ROUND_TRIP_BOUNDS], counts: [...counts], sum },
    }),
  };
};
