/**
 * What proves to the supervisor that this worker lives. That a beat comes at all proves the event loop. The threads of libuv's
 * pool, which every file, name and key goes through, are proved by a job of their own: a beat tells for how many of its kind
 * that one has not been answered.
 */
import { randomBytes } from 'node:crypto';
import { type Clock, createAlarm, systemClock } from '@guruconnect/shared/clock';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';

export interface Beats {
  /** How the link is now. What has changed is told at once, and figures with the next beat. */
  beat(beat: Beat): void;
  stop(): void;
}

export interface BeatPorts {
  readonly send: (beat: Beat) => void;
  /** Told until there is a first change; the event loop is to be proved from the hello on. */
  readonly first: Beat;
  /** Milliseconds; {@link TIMING.beat} where the supervisor has named no other. */
  readonly intervalMs?: number | undefined;
  readonly clock?: Clock;
  /** Gives the pool a job, and calls back when it has been done. */
  readonly probePool?: (done: () => void) => void;
}

/** Of the kind that any free thread takes: of the slow one, names that is, libuv runs on half of its threads at the most. */
const randomByte = (done: () => void): void => {
  randomBytes(1, done);
};

/** Somebody waits for it: the link's state, or the first round trip of a session. Pure. */
const isNews = (before: Beat | undefined, after: Beat): boolean =>
  before === undefined ||
  after.link !== before.link ||
  after.relay !== before.relay ||
  after.trouble !== before.trouble ||
  (after.roundTripMs === undefined) !== (before.roundTripMs === undefined);

export const keepBeating = ({
  send,
  first,
  intervalMs = TIMING.beat,
  clock = systemClock,
  probePool = randomByte,
}: BeatPorts): Beats => {
  const alarm = createAlarm(clock);
  let heard: Beat | undefined;
  let poolMisses = 0;
  let asked = false;
  const ask = (): void => {
    asked = true;
    probePool(() => {
      asked = false;
      poolMisses = 0;
    });
  };
  const tell = (): void => {
    const beat = heard ?? first;
    send(poolMisses === 0 ? beat : { ...beat, poolMisses });
  };
  const next = (): void => {
    // One job at a time: a pool that is blocked would keep them all.
    if (!asked) ask();
    alarm.set(intervalMs, () => {
      if (asked) poolMisses += 1;
      next();
      tell();
    });
  };
  next();
  return {
    beat: (beat) => {
      const hasChanged = isNews(heard, beat);
      heard = beat;
      if (hasChanged) tell();
    },
    stop: alarm.off,
  };
};
