/** The host that is a person at a terminal: Ctrl-C and SIGTERM are a Stop, a second Ctrl-C ends everything at once. */
import { EXIT } from '@guruconnect/shared/exit-codes';
import { watchInterruptKey } from '@guruconnect/shared/interrupt-key';
import type { Control } from '@guruconnect/shared/pipe-protocol';
import { createPresses } from '@guruconnect/shared/presses';
import type { Host } from './host.ts';

export interface ConsoleHost extends Host {
  /** Takes Ctrl-C and the signals; until then they have their default effect. @returns gives them back. */
  takeSignals(): () => void;
  stop(): void;
}

export const consoleHost = (now: () => number, endAtOnce: (code: number) => void): ConsoleHost => {
  const early: Control[] = [];
  let listener = (control: Control): void => {
    early.push(control);
  };
  const isSecondPress = createPresses(now);
  const stop = (): void => {
    listener('stop');
  };
  const onInterrupt = (): void => {
    if (isSecondPress()) endAtOnce(EXIT.interrupted);
    else stop();
  };
  const handlers = { SIGINT: onInterrupt, SIGBREAK: onInterrupt, SIGTERM: stop, SIGHUP: stop } as const;
  const signals = Object.keys(handlers) as (keyof typeof handlers)[];
  return {
    report: () => undefined,
    checkpoint: () => undefined,
    onControl: (next) => {
      listener = next;
      early.splice(0).forEach(next);
    },
    stop,
    takeSignals: () => {
      for (const signal of signals) process.on(signal, handlers[signal]);
      const giveTerminalBack = watchInterruptKey(onInterrupt);
      return () => {
        giveTerminalBack();
        for (const signal of signals) process.off(signal, handlers[signal]);
      };
    },
  };
};
