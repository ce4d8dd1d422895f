/** A relay that sends far more than usual, or what it may not: to both agents at once. */
import { MAX_MESSAGE_BYTES } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { ANSWERED } from './bound.ts';
import { type StormEvent, nameOf } from './event.ts';
import type { Timed } from './finding.ts';
import { type World, members } from './world.ts';

type Flood = StormEvent & { readonly kind: 'flood' };
type Frame = string | Uint8Array;

/** Far from the ids of the relay's own questions. */
const FIRST_ID = 1_000_000_000;
const QUESTIONS = 2_000;
const LARGE_BYTES = MAX_MESSAGE_BYTES - 4 * 1024;
/** Of large ones: the relay itself lets go of an agent with more than a megabyte unread. */
const LARGE_ONES = 14;
const BATCHES = 20;

const repeat = <T>(count: number, make: (i: number) => T): readonly T[] =>
  Array.from({ length: count }, (_, i) => make(i));

/** What is sent at one go. */
const batchOf = ({ how }: Flood): readonly Frame[] => {
  switch (how) {
    case 'questions':
      return repeat(QUESTIONS, (i) => JSON.stringify({ kind: 'status-request', id: FIRST_ID + i }));
    case 'unknown':
      return repeat(LARGE_ONES, () => JSON.stringify({ kind: 'of-later', text: 'x'.repeat(LARGE_BYTES) }));
    case 'binary':
      return repeat(LARGE_ONES, () => new Uint8Array(LARGE_BYTES));
    case 'oversized':
      return repeat(3, () => JSON.stringify({ kind: 'of-later', text: 'x'.repeat(3 * MAX_MESSAGE_BYTES) }));
    case 'malformed':
      return repeat(100, () => '{"kind":');
  }
};

const ENDS: ReadonlySet<Flood['how']> = new Set(['oversized', 'malformed']);

/** @returns the slowest answer to what was borne; `undefined` once what ends a session has been sent. */
export const flood = async (world: World, event: Flood): Promise<readonly Timed[] | undefined> => {
  const relay = world.station.relay();
  const batch = batchOf(event);
  const send = (sessionId: string): void => {
    for (const frame of batch) relay.sendRaw(sessionId, frame);
  };
  const sessionOf = (id: string): string => world.station.last(id)?.sessionId ?? '';
  if (ENDS.has(event.how)) {
    for (const { id } of members(world)) send(sessionOf(id));
    return undefined;
  }
  return Promise.all(
    members(world).map(async ({ agent, id }) => {
      const took: number[] = [];
      for (let sent = 0; sent < BATCHES; sent += 1) {
        const from = performance.now();
        send(sessionOf(id));
        // Answered in turn: what was sent before it has been read then.
        await relay.requestStatus(sessionOf(id), TIMING.heartbeatAck);
        took.push(performance.now() - from);
      }
      return { what: nameOf(event), who: agent.name, ms: Math.max(...took), bound: ANSWERED };
    }),
  );
};
