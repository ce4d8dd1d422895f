/** Beats of a worker, as the supervisor hears them. */
import { COUNTER_NAMES, type CounterName, type Counters } from '@guruconnect/shared/counters';
import type { Beat } from '@guruconnect/shared/pipe-protocol';

export const RELAY = 'wss://relay.example';

export const countersOf = (counts: Partial<Counters> = {}): Counters => ({
  ...(Object.fromEntries(COUNTER_NAMES.map((name) => [name, 0])) as Record<CounterName, number>),
  roundTripMs: { bounds: [], counts: [0], sum: 0 },
  ...counts,
});

export const beatOf = (link: Beat['link'], counts: Partial<Counters> = {}, trouble?: string): Beat => ({
  kind: 'beat',
  link,
  relay: RELAY,
  counters: countersOf(counts),
  ...(trouble !== undefined && { trouble }),
});
