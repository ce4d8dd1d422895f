/** How the agent ended last time, for the relay: what the supervisor has written down, and the end of the worker's log. */
import { closeSync, fstatSync, openSync, readSync } from 'node:fs';
import type { Config } from '@guruconnect/shared/config';
import { SYSTEM_PROXY } from '@guruconnect/shared/system-proxy';
import { forgetLastWords, scrubHistory, scrubLines } from '@guruconnect/shared/last-words';
import { readLastWords } from '@guruconnect/shared/last-words-file';
import { newestSlot } from '@guruconnect/shared/log-slots';
import { LOG_LIMITS } from '@guruconnect/shared/rotation';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import type { AgentPorts } from './agent-ports.ts';

/** The hello has to fit into one message, whatever the lines and the states hold. */
const MAX_LINES_BYTES = 12 * 1024;
const MAX_HISTORY_BYTES = 3 * 1024;
/** A relay that does not welcome them three times may be one that cannot take them: being online counts more. */
const MAX_TRIES = 3;
const LOG_TAIL_BYTES = 4096;
const LOG_LINES = 10;

const tailOf = (path: string): readonly string[] => {
  try {
    const file = openSync(path, 'r');
    try {
      const { size } = fstatSync(file);
      const buffer = Buffer.alloc(Math.min(size, LOG_TAIL_BYTES));
      readSync(file, buffer, 0, buffer.length, size - buffer.length);
      // The first line may have lost its beginning.
      const lines = buffer.toString('utf8').trimEnd().split('\n');
      return (size > buffer.length ? lines.slice(1) : lines).filter((line) => line !== '').slice(-LOG_LINES);
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
};

/** It may have been rotated a moment before. */
const logTail = (path: string): readonly string[] => {
  const lines = tailOf(path);
  const before = lines.length < LOG_LINES ? newestSlot(path, LOG_LIMITS) : undefined;
  return before === undefined ? lines : [...tailOf(before), ...lines].slice(-LOG_LINES);
};

/** Where they are kept until they have been told: a file, or the supervisor. */
export interface KeptWords {
  readonly found: LastWords | undefined;
  forget(): void;
}

/** In the data folder. */
export const wordsInFile = (dataDir: string): KeptWords => ({
  found: readLastWords(dataDir),
  forget: () => {
    forgetLastWords(dataDir);
  },
});

/** The latest of them that have room together. */
const latest = <T>(items: readonly T[], bytes: number): T[] => {
  const kept = [...items];
  while (kept.length > 0 && Buffer.byteLength(JSON.stringify(kept)) > bytes) kept.shift();
  return kept;
};

/** Each has a room of its own: neither many states nor long lines are to take the other's. */
const fit = ({ history, lines, ...words }: LastWords): LastWords => ({
  ...words,
  lines: latest(lines, MAX_LINES_BYTES),
  ...(history !== undefined && { history: latest(history, MAX_HISTORY_BYTES) }),
});

/** What must not be told of a configuration. */
export const secretsOf = ({
  enrollToken,
  proxy,
}: Pick<Config, 'enrollToken' | 'proxy'>): readonly (string | undefined)[] => [
  enrollToken,
  proxy === SYSTEM_PROXY ? undefined : proxy,
];

/**
 * To be read before this worker logs anything: the end of the log is the former one's.
 * @param secrets what must not be told, beside the credential.
 */
export const openLastWords = (
  { found, forget }: KeptWords,
  logPath: string | undefined,
  secrets: readonly (string | undefined)[],
): AgentPorts['lastWords'] => {
  let tries = 0;
  const hidden = secrets.filter((secret) => secret !== undefined);
  const logged = logPath === undefined ? [] : logTail(logPath);
  let words =
    found &&
    fit({
      ...found,
      lines: scrubLines([...logged, ...found.lines], hidden),
      ...(found.history !== undefined && { history: scrubHistory(found.history, hidden) }),
    });
  return {
    read: () => {
      tries += 1;
      return tries > MAX_TRIES ? undefined : words;
    },
    forget: () => {
      if (words !== undefined) forget();
      words = undefined;
    },
  };
};
