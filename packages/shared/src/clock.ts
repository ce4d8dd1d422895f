/** Time as an effect, so that tests can own it. */
export interface Timer {
  cancel(): void;
}

export interface Clock {
  /** Monotonic milliseconds; only differences mean anything. */
  now(): number;
  /** Calls back once, `ms` from now. */
  after(ms: number, callback: () => void): Timer;
}

export const systemClock: Clock = {
  now: () => performance.now(),
  after: (ms, callback) => {
    const handle = setTimeout(callback, ms);
    return {
      cancel: () => {
        clearTimeout(handle);
      },
    };
  },
};

/** The one timer of a machine: setting it again replaces it. */
export interface Alarm {
  set(ms: number, callback: () => void): void;
  off(): void;
}

export const createAlarm = (clock: Clock): Alarm => {
  let timer: Timer | undefined;
  const off = (): void => {
    timer?.cancel();
    timer = undefined;
  };
  return {
    off,
    set: (ms, callback) => {
      off();
      timer = clock.after(ms, callback);
    },
  };
};
