import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { EVENT_KINDS, type EventKind, nameOf } from './event.ts';
import { NOTICED_MS, type Step, schedule } from './schedule.ts';

const ALL: ReadonlySet<EventKind> = new Set(EVENT_KINDS);
const DECK = 15;
const first = (count: number, seed: number, only = ALL): readonly Step[] => {
  const steps = schedule(seed, only);
  return Array.from({ length: count }, () => steps.next().value);
};

test('the same seed makes the same storm, however long, and another seed another one', (t) => {
  t.same(first(40, 5), first(80, 5).slice(0, 40));
  t.notSame(first(40, 5), first(40, 6));
  t.end();
});

test('every variety comes in each deck, in another order each time', (t) => {
  const names = first(3 * DECK, 9).map(({ event }) => nameOf(event));
  const decks = [0, 1, 2].map((i) => names.slice(i * DECK, (i + 1) * DECK));
  const [deck = []] = decks;
  t.equal(new Set(deck).size, DECK - 1, 'all of them, and the stop twice');
  for (const other of decks) t.same([...other].sort(), [...deck].sort());
  t.notSame(decks[0], decks[1]);
  t.end();
});

test('a blink is no missed heartbeat, and an outage is one for sure', (t) => {
  for (const { event } of first(60 * DECK, 3)) {
    if (event.kind !== 'partition') continue;
    if (event.how === 'blink') t.ok(event.forMs < TIMING.heartbeatAck);
    else t.ok(event.forMs > NOTICED_MS);
  }
  t.end();
});

test('one calm in a deck is long enough for a link to be stable', (t) => {
  const isLong = ({ calmMs }: Step): boolean => calmMs > TIMING.stable;
  t.equal(first(4 * DECK, 2).filter(isLong).length, 4);
  t.end();
});

test('only what is asked for comes, and nothing at all is no storm', (t) => {
  const kinds = first(40, 1, new Set(['stop', 'flood'])).map(({ event }) => event.kind);
  t.same([...new Set(kinds)].sort(), ['flood', 'stop']);
  t.throws(() => first(1, 1, new Set()), RangeError);
  t.end();
});
