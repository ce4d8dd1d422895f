/** Reads the last words again: apart from `last-words.ts`, as the judge of them is a package that a supervisor starts without. */
import { readFileSync } from 'node:fs';
import * as v from 'valibot';
import { lastWordsPath } from './data-folder.ts';
import { LastWords } from './relay-protocol.ts';

/** @returns `undefined` for anything else: somebody has written there what we have not. */
export const parseLastWords = (data: unknown): LastWords | undefined => {
  const result = v.safeParse(LastWords, data);
  return result.success ? result.output : undefined;
};

/** @returns `undefined` where there are none. */
export const readLastWords = (dataDir: string): LastWords | undefined => {
  try {
    return parseLastWords(JSON.parse(readFileSync(lastWordsPath(dataDir), 'utf8')));
  } catch {
    return undefined;
  }
};
