/** How the agent ended, kept in the data folder until the relay has been told. */
import { rmSync, writeFileSync } from 'node:fs';
import { lastWordsPath } from './data-folder.ts';
import type { Episode, LastWords } from './relay-protocol.ts';

const MAX_LINE = 1024;
const MAX_LINES = 20;
const MAX_WHAT = 256;
/** Of the episodes of a worker's life, the latest so many are kept. */
export const MAX_HISTORY = 20;
const CREDENTIAL = /cak_[A-Za-z0-9_-]+/g;

const scrub = (text: string, secrets: readonly string[], most: number): string =>
  secrets
    .filter((secret) => secret !== '')
    .reduce((clean, secret) => clean.replaceAll(secret, '…'), text.replace(CREDENTIAL, 'cak_…'))
    .slice(0, most);

/** Lines fit to be told: the last ones, no longer than may be, without a credential and without `secrets`. Pure. */
export const scrubLines = (lines: readonly string[], secrets: readonly string[] = []): string[] =>
  lines.slice(-MAX_LINES).map((line) => scrub(line, secrets, MAX_LINE));

/** The same for what the worker went through. Pure. */
export const scrubHistory = (history: readonly Episode[], secrets: readonly string[] = []): Episode[] =>
  history.slice(-MAX_HISTORY).map(({ at, what }) => ({ at, what: scrub(what, secrets, MAX_WHAT) }));

/** Without the oldest lines, where all of them were longer as JSON than so many bytes. Pure. */
export const fitLastWords = (words: LastWords, maxBytes: number): LastWords =>
  words.lines.length === 0 || Buffer.byteLength(JSON.stringify(words)) <= maxBytes
    ? words
    : fitLastWords({ ...words, lines: words.lines.slice(1) }, maxBytes);

/** Whoever cannot write has other troubles: there are no last words then. */
export const writeLastWords = (dataDir: string, words: LastWords): void => {
  try {
    writeFileSync(lastWordsPath(dataDir), `${JSON.stringify(words)}\n`, { mode: 0o600 });
  } catch {
    // The log has them as well.
  }
};

export const forgetLastWords = (dataDir: string): void => {
  try {
    rmSync(lastWordsPath(dataDir), { force: true });
  } catch {
    // They are told once more next time.
  }
};
