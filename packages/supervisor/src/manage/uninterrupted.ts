/** Steps that must not be left half done: a service that was stopped to be started again, above all. */
import type { Guard } from './guard.ts';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

const ignore = (): void => undefined;

/**
 * While `work` runs, signals are answered with a line and nothing else: every wait inside has a bound. That nobody reads
 * what is written any more ends nothing either. What no process can survive is left to `guard`.
 */
export const uninterrupted = async <T>(
  guard: Guard | undefined,
  say: (line: string) => void,
  work: () => Promise<T>,
): Promise<T> => {
  const answer = (): void => {
    say('This is not left half done: it ends by itself in a moment.');
  };
  // For good: what is said at the end may not be heard either.
  for (const stream of [process.stdout, process.stderr]) stream.on('error', ignore);
  for (const signal of SIGNALS) process.on(signal, answer);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, answer);
    guard?.dismiss();
  }
};
