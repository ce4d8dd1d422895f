/** How a worker ended that nobody had asked to, where the relay has not been told yet. */
import { readFileSync } from 'node:fs';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import type { Episode, LastWords } from '@guruconnect/shared/relay-protocol';

/** What the file says, as far as it can be understood. */
export interface LastWordsFact extends Partial<Omit<LastWords, 'reason' | 'at'>> {
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
  /** The last line, as the one that says most. */
  readonly line?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const text = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined);
const number = (value: unknown): number | undefined => (typeof value === 'number' ? value : undefined);
const list = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : []);

const isEpisode = (value: unknown): value is Episode => {
  const { at, what } = (value ?? {}) as Fields;
  return typeof at === 'string' && typeof what === 'string';
};

/** By hand: the schema's library takes longer to load than everything else that `status` does. */
const parse = (json: string): LastWordsFact | undefined => {
  const fields = JSON.parse(json) as Fields;
  const { reason, at, exitCode, signal, livedMs } = fields;
  if (typeof reason !== 'string' || typeof at !== 'string') return undefined;
  const lines = list(fields['lines']).flatMap((line) => text(line) ?? []);
  return {
    ...{ reason, at, exitCode: number(exitCode), signal: text(signal), livedMs: number(livedMs) },
    ...{ line: lines.at(-1), lines, history: list(fields['history']).filter(isEpisode) },
  };
};

/** `undefined` where there are none, and where they cannot be read. */
export const lastWordsFact = (dataDir: string): LastWordsFact | undefined => {
  try {
    return parse(readFileSync(lastWordsPath(dataDir), 'utf8'));
  } catch {
    return undefined;
  }
};
