/**
 * Notices a worker whose event loop has stopped. It counts its own ticks and not the time that has passed: after a
 * suspend or a clock jump the tick that comes late is one miss, as it should be, and not a hundred.
 */
import { type Clock, createAlarm } from '@guruconnect/shared/clock';
import { BEAT_MISSES, TIMING } from '@guruconnect/shared/timing';

export interface HeartbeatWatch {
  beat(): void;
  stop(): void;
}

/** Calls `onHung` once, when more than BEAT_MISSES ticks in a row have come without a beat. */
export const watchHeartbeat = (clock: Clock, onHung: () => void): HeartbeatWatch => {
  const alarm = createAlarm(clock);
  let misses = 0;
  const next = (): void => {
    alarm.set(TIMING.beat, () => {
      misses += 1;
      if (misses > BEAT_MISSES) onHung();
      else next();
    });
  };
  next();
  return {
    beat: () => {
      misses = 0;
    },
    stop: alarm.off,
  };
};
