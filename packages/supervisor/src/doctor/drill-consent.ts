/** The question before a drill, and whom it may kill after it. */
import { createInterface } from 'node:readline/promises';

/** @returns whether it was answered with yes; the end of the input, and Ctrl-C, are a no. */
export const askYes = async (
  question: string,
  input: NodeJS.ReadableStream,
  output: NodeJS.WritableStream,
): Promise<boolean> => {
  const terminal = createInterface({ input, output });
  const given = new AbortController();
  // Ctrl-D closes it without an answer; the question alone would wait for ever.
  terminal.once('close', () => {
    given.abort();
  });
  try {
    return /^y(es)?$/i.test((await terminal.question(question, { signal: given.signal })).trim());
  } catch (error) {
    if ((error as Error).name === 'AbortError') return false;
    throw error;
  } finally {
    terminal.close();
  }
};

/**
 * Looked for before the question, so that nobody is asked for nothing, and again after it: it waits without a bound, and a
 * process that has ended by then may have left its PID to another.
 * @param ask `undefined`: nobody is asked. @returns `undefined` where the answer was no. @throws what `find` throws
 */
export const agreedVictim = async <Victim>(
  find: () => Promise<Victim>,
  ask: (() => Promise<boolean>) | undefined,
): Promise<Victim | undefined> => {
  const victim = await find();
  if (ask === undefined) return victim;
  return (await ask()) ? find() : undefined;
};
