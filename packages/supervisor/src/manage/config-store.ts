/** The configuration file as the installer writes it: as a whole, aside, flushed, renamed over the old one. */
import { rm, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configPath } from '@guruconnect/shared/data-folder';
import writeFileAtomic from 'write-file-atomic';
import type { ConfigStore } from './install-service.ts';
import type { Companion } from './installed-config.ts';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** @param dataDir exists, and lets nobody but administrators in. */
export const configStore = (dataDir: string): ConfigStore => {
  const path = configPath(dataDir);
  return {
    read: async () => {
      try {
        return await readFile(path, 'utf8');
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
    write: (text) =>
      text === undefined
        ? rm(path, { force: true })
        : writeFileAtomic(path, text, { mode: 0o600, fsync: true }),
  };
};

/** A file beside the configuration, for it to name. */
export const writeCompanion = (dataDir: string, { name, text }: Companion): Promise<void> =>
  writeFileAtomic(join(dataDir, name), text, { mode: 0o600, fsync: true });
