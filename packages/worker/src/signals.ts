/** Stopping by Ctrl-C or signal: how a worker is stopped that runs alone in a console. */
import { systemClock } from '@guruconnect/shared/clock';
import { EXIT } from '@guruconnect/shared/exit-codes';
import { watchInterruptKey } from '@guruconnect/shared/interrupt-key';
import { createPresses } from '@guruconnect/shared/presses';

const STOP_SIGNALS = ['SIGINT', 'SIGTERM', 'SIGBREAK', 'SIGHUP'] as const;

export interface ConsoleStop {
  /** Aborted with `stop` by the first Ctrl-C or signal; the second one ends the process at once. */
  readonly signal: AbortSignal;
  /** Gives the terminal back. */
  release(): void;
}

export const stopFromConsole = (): ConsoleStop => {
  const stop = new AbortController();
  const isSecondPress = createPresses(systemClock.now);
  const onSignal = (): void => {
    if (isSecondPress()) process.exit(EXIT.interrupted);
    if (!stop.signal.aborted) stop.abort('stop');
  };
  for (const signal of STOP_SIGNALS) process.on(signal, onSignal);
  return { signal: stop.signal, release: watchInterruptKey(onSignal) };
};

/** A supervised worker is stopped over the pipe only; a Ctrl-C of the console they share is the supervisor's business. */
export const ignoreConsoleSignals = (): void => {
  for (const signal of ['SIGINT', 'SIGBREAK', 'SIGHUP'] as const) process.on(signal, () => undefined);
};
