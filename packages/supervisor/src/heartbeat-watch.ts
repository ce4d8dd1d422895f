/**
 * Notices a worker that hangs: by beats that do not come, or by beats that tell of a pool of threads that does not answer. What it
 * waits for is a silence, in which it looks at the worker's process three times; while beats come it wakes up seldom. A look that comes late
 * itself does not count: then it was this process that did not run (a suspended machine, a paused VM, a stopped process, a clock
 * that jumped), and the worker, as a rule, did not either.
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
  /** Called for each look in a silence but the last. @param forMs how long it has been going on. */
  readonly onSilence: (forMs: number) => void;
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

/** When the process is looked at, in parts of the silence that is a hang. */
const LOOKS = [5 / 8, 13 / 16, 1] as const;
/** A look that is later than this part of it does not count. */
const LATE = 1 / 4;

/** Hung is a worker that is silent for more than BEAT_MISSES beats in a row, or tells of so many that its pool has missed. */
export const watchHeartbeat = ({
  clock,
  intervalMs,
  look,
  onSilence,
  onHung,
}: WatchPorts): HeartbeatWatch => {
  const alarm = createAlarm(clock);
  const silence = (BEAT_MISSES + 1) * intervalMs;
  let heardAt = clock.now();
  let sights: readonly Sight[] = [];
  let hung = false;
  const heard = (): void => {
    heardAt = clock.now();
    sights = [];
  };
  const give = (hang: Hang): void => {
    hung = true;
    alarm.off();
    onHung(hang);
  };
  /** Of the looks that are due, none, one or several are made at once. */
  const take = (): void => {
    const silentMs = clock.now() - heardAt;
    const due = LOOKS.filter((part) => silentMs >= part * silence).length;
    if (due > sights.length) sights = [...sights, { at: clock.now(), look: look() }];
    if (due === LOOKS.length) {
      give(hangOf(sights));
      return;
    }
    if (due > 0) onSilence(silentMs);
    wait((LOOKS[due] ?? 1) * silence - silentMs);
  };
  const wait = (ms: number): void => {
    const dueAt = clock.now() + ms;
    alarm.set(ms, () => {
      if (clock.now() - dueAt > LATE * silence) heard();
      take();
    });
  };
  wait(LOOKS[0] * silence);
  return {
    beat: (poolMisses = 0) => {
      heard();
      if (!hung && poolMisses > BEAT_MISSES) give('pool');
      return !hung;
    },
    stop: alarm.off,
  };
};
