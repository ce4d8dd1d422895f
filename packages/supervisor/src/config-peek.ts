/** Single keys of the configuration file, read without what judges a whole configuration: the Service Control Manager does not wait for that. */
import { readFileSync } from 'node:fs';
import type { AgentOptions } from '@guruconnect/shared/config';
import { configPath, dataDir } from '@guruconnect/shared/data-folder';

export interface Peek {
  /** The file, for messages. */
  readonly path: string;
  /** Its keys as they are written; none of a file that is missing, or that cannot be understood. */
  readonly content: Readonly<Record<string, unknown>>;
}

export const peekConfig = (options: AgentOptions): Peek => {
  const path = options.config ?? configPath(dataDir(options));
  try {
    const content: unknown = JSON.parse(readFileSync(path, 'utf8').replace(/^\uFEFF/, ''));
    const isObject = typeof content === 'object' && content !== null && !Array.isArray(content);
    return { path, content: isObject ? { ...content } : {} };
  } catch {
    return { path, content: {} };
  }
};
