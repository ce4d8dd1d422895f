/** How the agent ended last time, for the relay: what the supervisor has written down, and the end of the worker's log. */
import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs';
import type { Config } from '@guruconnect/shared/config';
import { SYSTEM_PROXY } from '@guruconnect/shared/config-urls';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { forgetLastWords, scrubLines } from '@guruconnect/shared/last-words';
import { LastWords } from '@guruconnect/shared/relay-protocol';
import * as v from 'valibot';
import type { AgentPorts } from './agent-ports.ts';

/** The hello has to fit into one message, whatever the lines hold. */
const MAX_BYTES = 16 * 1024;
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
      return (size > buffer.length ? lines.slice(1) : lines).slice(-LOG_LINES);
    } finally {
      closeSync(file);
    }
  } catch {
    return [];
  }
};

const read = (dataDir: string): LastWords | undefined => {
  try {
    return v.parse(LastWords, JSON.parse(readFileSync(lastWordsPath(dataDir), 'utf8')));
  } catch {
    // There are none, or somebody has written there what we have not.
    return undefined;
  }
};

/** Without the oldest lines, where all of them were too much. */
const fit = (words: LastWords): LastWords =>
  words.lines.length === 0 || Buffer.byteLength(JSON.stringify(words)) <= MAX_BYTES
    ? words
    : fit({ ...words, lines: words.lines.slice(1) });

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
  dataDir: string,
  logPath: string | undefined,
  secrets: readonly (string | undefined)[],
): AgentPorts['lastWords'] => {
  const found = read(dataDir);
  let tries = 0;
  let words =
    found &&
    fit({
      ...found,
      lines: scrubLines(
        [...(logPath === undefined ? [] : tailOf(logPath)), ...found.lines],
        secrets.filter((secret) => secret !== undefined),
      ),
    });
  return {
    read: () => {
      tries += 1;
      return tries > MAX_TRIES ? undefined : words;
    },
    forget: () => {
      if (words !== undefined) forgetLastWords(dataDir);
      words = undefined;
    },
  };
};
