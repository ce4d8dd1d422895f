/** Steps that must not be left half done: a service that was stopped to be started again, above all. */

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;

/** While `work` runs, signals are answered with a line and nothing else: every wait inside has a bound. */
export const uninterrupted = async <T>(say: (line: string) => void, work: () => Promise<T>): Promise<T> => {
  const answer = (): void => {
    say('This is not left half done: it ends by itself in a moment.');
  };
  for (const signal of SIGNALS) process.on(signal, answer);
  try {
    return await work();
  } finally {
    for (const signal of SIGNALS) process.off(signal, answer);
  }
};
