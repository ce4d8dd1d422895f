/** What can be known from outside of an agent's link: its state, and how far its backoff has come. Pure. */
import { TIMING } from '@guruconnect/shared/timing';

export interface LinkSight {
  /** As the agent's console says it; empty before its first word. */
  readonly state: string;
  /** Since when, in milliseconds of any clock. */
  readonly since: number;
  /** Waits since the link was last stable: what the backoff grows with. */
  readonly attempt: number;
  /** Waits since the link was last online. */
  readonly waits: number;
}

export const UNSEEN: LinkSight = { state: '', since: 0, attempt: 0, waits: 0 };

/** As it is at that time: a link that has been online for long has nothing left of its backoff. */
export const sightAt = (sight: LinkSight, at: number): LinkSight =>
  sight.state === 'online' && at - sight.since >= TIMING.stable ? { ...sight, attempt: 0 } : sight;

/** After the console has named a state; the same one again is nothing new. */
export const seeState = (before: LinkSight, state: string, at: number): LinkSight => {
  if (state === before.state) return before;
  const { attempt, waits } = sightAt(before, at);
  if (state === 'waiting') return { state, since: at, attempt: attempt + 1, waits: waits + 1 };
  return { state, since: at, attempt, waits: state === 'online' ? 0 : waits };
};

/** What `LINK: STATE ...` of a console names, or `undefined` for another line. */
export const stateOfLine = (line: string): string | undefined => /^link: ([a-z]+)/.exec(line)?.[1];
