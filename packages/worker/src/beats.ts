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
  /** Something has changed: told at once. */
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

export const keepBeating = ({
  send,
  first,
  intervalMs = TIMING.beat,
  clock = systemClock,
  probePool = randomByte,
}: BeatPorts): Beats => {
  const alarm = createAlarm(clock);
  let last = first;
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
    send(poolMisses === 0 ? last : { ...last, poolMisses });
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
      last = beat;
      tell();
    },
    stop: alarm.off,
  };
};
