/**
 * Notices a worker that hangs: by beats that do not come, or by beats that tell of a pool of threads that does not answer. It
 * counts its own ticks and not the time that has passed, and no tick that comes late itself: then it was this process that
 * did not run (a suspended machine, a paused VM, a stopped process, a clock that jumped), and the worker, as a rule, did
 * not either.
 */
import { type Clock, createAlarm } from '@guruconnect/shared/clock';
import { BEAT_MISSES } from '@guruconnect/shared/timing';
import { type Hang, type ProcessLook, type Sight, hangOf } from './hang.ts';

export interface WatchPorts {
  readonly clock: Clock;
  /** Milliseconds between two beats. */
  readonly intervalMs: number;
  /** A look at the worker's process, or `undefined` where nothing can be seen. */
  readonly look: () => ProcessLook | undefined;
  /** Called once; nothing is watched from then on. */
  readonly onHung: (hang: Hang) => void;
}

export interface HeartbeatWatch {
  /**
   * @param poolMisses for how many beats the worker's pool has not answered.
   * @returns `false` where the worker counts as hung: what it still says changes nothing.
   */
  beat(poolMisses?: number): boolean;
  stop(): void;
}

/** A tick that took more than so many intervals to come is not counted. */
const LATE = 2;

/** Hung is a worker that misses more than BEAT_MISSES beats in a row, or tells of so many that its pool has missed. */
export const watchHeartbeat = ({ clock, intervalMs, look, onHung }: WatchPorts): HeartbeatWatch => {
  const alarm = createAlarm(clock);
  let missed: readonly Sight[] = [];
  let hung = false;
  const give = (hang: Hang): void => {
    hung = true;
    alarm.off();
    onHung(hang);
  };
  const next = (): void => {
    const setAt = clock.now();
    alarm.set(intervalMs, () => {
      const at = clock.now();
      missed = at - setAt > LATE * intervalMs ? [] : [...missed, { at, look: look() }];
      if (missed.length > BEAT_MISSES) give(hangOf(missed));
      else next();
    });
  };
  next();
  return {
    beat: (poolMisses = 0) => {
      missed = [];
      if (!hung && poolMisses > BEAT_MISSES) give('pool');
      return !hung;
    },
    stop: alarm.off,
  };
};
