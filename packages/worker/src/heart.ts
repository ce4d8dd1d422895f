/** Heartbeats and their acknowledgements: what proves the link in both directions. */
import { type Clock, createAlarm } from '@guruconnect/shared/clock';
import { TIMING } from '@guruconnect/shared/timing';

export interface Heart {
  /** Beats now, and from then on an interval after each acknowledgement. @param intervalMs of the relay's welcome. */
  start(intervalMs: number): void;
  /** Beats at once, and gives the answer less time than usual. */
  probe(): void;
  /** @returns the round trip in milliseconds, or `undefined` for an older heartbeat and for a second answer. */
  acknowledge(seq: number): number | undefined;
  stop(): void;
}

/** @param lost is called where an acknowledgement does not come in time. */
export const createHeart = (clock: Clock, send: (seq: number) => void, lost: () => void): Heart => {
  const alarm = createAlarm(clock);
  let interval: number | undefined;
  let seq = 0;
  let acknowledged = 0;
  let sentAt = 0;
  const beat = (bound: number): void => {
    sentAt = clock.now();
    seq += 1;
    send(seq);
    alarm.set(bound, lost);
  };
  return {
    start: (intervalMs) => {
      interval = intervalMs;
      beat(TIMING.heartbeatAck);
    },
    probe: () => {
      if (interval !== undefined) beat(TIMING.probeAck);
    },
    acknowledge: (answered) => {
      if (interval === undefined || answered !== seq || answered === acknowledged) return undefined;
      acknowledged = answered;
      alarm.set(interval, () => {
        beat(TIMING.heartbeatAck);
      });
      return clock.now() - sentAt;
    },
    stop: () => {
      interval = undefined;
      alarm.off();
    },
  };
};
