/** How the agent ended, kept in the data folder until the relay has been told. */
import { rmSync, writeFileSync } from 'node:fs';
import { lastWordsPath } from './data-folder.ts';
import type { LastWords } from './relay-protocol.ts';

const MAX_LINE = 1024;
const MAX_LINES = 20;
const CREDENTIAL = /cak_[A-Za-z0-9_-]+/g;

/** Lines fit to be told: the last ones, no longer than may be, without a credential and without `secrets`. Pure. */
export const scrubLines = (lines: readonly string[], secrets: readonly string[] = []): string[] =>
  lines.slice(-MAX_LINES).map((line) =>
    secrets
      .filter((secret) => secret !== '')
      .reduce((text, secret) => text.replaceAll(secret, '…'), line.replace(CREDENTIAL, 'cak_…'))
      .slice(0, MAX_LINE),
  );

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
