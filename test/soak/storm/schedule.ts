/** Which events come, in which order, and what they are like: the same ones for the same seed, for as long as is asked. Pure. */
import { TIMING } from '@guruconnect/shared/timing';
import { type Random, createRandom } from '../../worker/simulation/random.ts';
import type { EventKind, StormEvent } from './event.ts';

export interface Step {
  readonly event: StormEvent;
  /** Nothing happens for so long once the agents are online again. */
  readonly calmMs: number;
}

/** What the relay of a storm announces, in milliseconds: shorter than usual, so that half an hour has many partitions. */
export const HEARTBEAT_MS = 5_000;
/** What it announces for the return of its agents. */
export const WINDOW_MS = 3_000;
/** A link that is dead is noticed within so long: a heartbeat is due, and then its acknowledgement. */
export const NOTICED_MS = HEARTBEAT_MS + TIMING.heartbeatAck;

const DOWN_MS = { least: 500, most: 12_000 };
/** Well below what a heartbeat's acknowledgement may take. */
const BLINK_MS = { least: 500, most: TIMING.heartbeatAck - 3_000 };
/** From just noticed to after a try that got no answer. */
const OUTAGE_MS = { least: NOTICED_MS + 2_000, most: NOTICED_MS + TIMING.connect + 10_000 };
/** The relay has let go of whatever it closed by then. */
const CALM_MS = { least: 2_000, most: 6_000 };
/** Once in a deck: longer than a link needs to be taken for stable, so that backoff starts from the beginning again. */
const LONG_CALM_MS = TIMING.stable + 3_000;

const between = (random: Random, { least, most }: { least: number; most: number }): number =>
  random.between(least, most);

/** Every event in every variety once, and a stop as often as two. */
const deckOf = (random: Random): readonly StormEvent[] => [
  ...(['worker-killed', 'worker-segfault', 'supervisor-killed'] as const).map((how) => ({
    kind: 'crash' as const,
    how,
  })),
  ...[1, 2].map(() => ({ kind: 'stop' as const })),
  ...(['announced', 'plain', 'crashed'] as const).map((how) => ({
    kind: 'relay-restart' as const,
    how,
    downMs: between(random, DOWN_MS),
  })),
  { kind: 'partition', how: 'blink', forMs: between(random, BLINK_MS) },
  { kind: 'partition', how: 'outage', forMs: between(random, OUTAGE_MS) },
  ...(['questions', 'unknown', 'binary', 'oversized', 'malformed'] as const).map((how) => ({
    kind: 'flood' as const,
    how,
  })),
];

/** Fisher and Yates'. */
const shuffled = <T>(random: Random, cards: readonly T[]): readonly T[] => {
  const deck = [...cards];
  for (let last = deck.length - 1; last > 0; last -= 1) {
    const other = random.between(0, last);
    [deck[last], deck[other]] = [deck[other] as T, deck[last] as T];
  }
  return deck;
};

/**
 * Deck after deck, without an end: in random order, and yet each variety about as often as any other however short the run.
 * @param only the kinds that are wanted. @throws RangeError for none.
 */
export function* schedule(seed: number, only: ReadonlySet<EventKind>): Generator<Step, never> {
  if (only.size === 0) throw new RangeError('no events');
  const random = createRandom(seed);
  for (;;) {
    const deck = shuffled(random, deckOf(random));
    const long = random.between(0, deck.length - 1);
    for (const [i, event] of deck.entries()) {
      const calmMs = i === long ? LONG_CALM_MS : between(random, CALM_MS);
      if (only.has(event.kind)) yield { event, calmMs };
    }
  }
}
