/**
 * How long an agent may be away: by `timing.ts`, and by the link's own `reconnect.ts` for what it may be waiting when the way is
 * whole again. Pure, in milliseconds; each bound says what it is made of.
 */
import { TIMING } from '@guruconnect/shared/timing';
import { type Wait, waitRange } from '@guruconnect/worker/reconnect';
import type { StormEvent } from './event.ts';
import type { LinkSight } from './link-sight.ts';
import { WINDOW_MS } from './schedule.ts';

export interface Bound {
  readonly ms: number;
  /** The names of its parts. */
  readonly of: string;
}

const sum = (...parts: readonly (readonly [of: string, ms: number])[]): Bound => ({
  ms: parts.reduce((ms, [, more]) => ms + more, 0),
  of: parts.map(([of]) => of).join(' + '),
});

const CONNECT = ['connect', TIMING.connect] as const;

/** From the end that nobody or somebody asked for, until the agent that was started in its place is online. */
export const boundOfRestart = (event: StormEvent & { readonly kind: 'crash' | 'stop' }): Bound => {
  const start = [['workerHello', TIMING.workerHello], CONNECT] as const;
  if (event.kind === 'stop') return sum(['stopBudget', TIMING.stopBudget], ...start);
  if (event.how === 'supervisor-killed') return sum(['parentDeath', TIMING.parentDeath], ...start);
  return sum(['exitGrace', TIMING.exitGrace], ...start);
};

const most = (wait: Wait): readonly [string, number] => [`${wait.kind}(${label(wait)})`, waitRange(wait)[1]];
const label = (wait: Wait): string => ('attempt' in wait ? `attempt ${wait.attempt}` : 'once');

/** The longest that a link waits: after a loss by its own network the first time, and then as after any silent relay. */
const waitOf = (loss: 'relay' | 'network' | 'session', attempt: number): Wait => {
  if (loss === 'relay') return { kind: 'window', windowMs: WINDOW_MS, attempt };
  if (loss === 'network' && attempt === 1) return { kind: 'blip' };
  return { kind: 'backoff', attempt };
};

const LOSS = { 'relay-restart': 'relay', partition: 'network', flood: 'session' } as const;

/**
 * From the moment that the relay can be reached again, for an agent that was seen like this then.
 * @param slotMs what is left until the slot that it has named.
 */
export const boundOfReturn = (
  event: StormEvent & { readonly kind: keyof typeof LOSS },
  sight: LinkSight,
  slotMs = 0,
): Bound => {
  const { state, attempt, waits } = sight;
  const slot = slotMs > 0 ? ([['slot', slotMs]] as const) : [];
  const loss = LOSS[event.kind];
  const next = most(waitOf('relay', attempt + 1));
  // A try is under way, and may have been made too early.
  if (state !== 'online' && state !== 'waiting') return sum(CONNECT, ...slot, next, CONNECT);
  // It has yet to notice.
  if (state === 'online') return sum(...slot, most(waitOf(loss, attempt + 1)), CONNECT);
  const now = most(waitOf(waits <= 1 ? loss : 'relay', attempt));
  return sum(...slot, now, CONNECT);
};

/** A session that was not to end answers a question within so long, whatever was sent before it. */
export const ANSWERED: Bound = sum(['heartbeatAck', TIMING.heartbeatAck]);
