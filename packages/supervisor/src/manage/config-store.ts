/** The configuration file as the installer writes it: as a whole, aside, flushed, renamed over the old one. */
import { existsSync } from 'node:fs';
import { rm, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { configPath, credentialPath } from '@guruconnect/shared/data-folder';
import writeFileAtomic from 'write-file-atomic';
import type { ConfigStore } from './install-service.ts';
import type { Companion } from './installed-config.ts';
import type { FolderPlan } from './protected-folder.ts';

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

/** What a former installation has left. */
export interface FormerFiles {
  readonly config: string | undefined;
  readonly hasCredential: boolean;
}

/** A folder that is made anew had nothing of ours: what lies there by now has been put there since it was looked at. */
export const formerFiles = async (
  dataDir: string,
  plan: FolderPlan,
  store: Pick<ConfigStore, 'read'>,
): Promise<FormerFiles> =>
  plan === 'make' || plan === 'remake'
    ? { config: undefined, hasCredential: false }
    : { config: await store.read(), hasCredential: existsSync(credentialPath(dataDir)) };

/** A file beside the configuration, for it to name. */
export const writeCompanion = (dataDir: string, { name, text }: Companion): Promise<void> =>
  writeFileAtomic(join(dataDir, name), text, { mode: 0o600, fsync: true });
