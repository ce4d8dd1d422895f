/** How a worker ended that nobody had asked to, where the relay has not been told yet. */
import { readFileSync } from 'node:fs';
import { lastWordsPath } from '@guruconnect/shared/data-folder';

export interface LastWordsFact {
  readonly reason: string;
  /** RFC 3339. */
  readonly at: string;
  /** The last line, as the one that says most. */
  readonly line?: string | undefined;
}

type Fields = Readonly<Record<string, unknown>>;

const lastOf = (lines: unknown): string | undefined => {
  const last: unknown = Array.isArray(lines) ? lines.at(-1) : undefined;
  return typeof last === 'string' ? last : undefined;
};

/** `undefined` where there are none, and where they cannot be read. */
export const lastWordsFact = (dataDir: string): LastWordsFact | undefined => {
  try {
    const { reason, at, lines } = JSON.parse(readFileSync(lastWordsPath(dataDir), 'utf8')) as Fields;
    if (typeof reason !== 'string' || typeof at !== 'string') return undefined;
    return { reason, at, line: lastOf(lines) };
  } catch {
    return undefined;
  }
};
