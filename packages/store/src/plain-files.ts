/** The store's files where modes protect them, and on a Windows without the addon, where the folder's ACL has to do. */
import { existsSync } from 'node:fs';
import { type FileHandle, open, readFile, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import { makeFolder } from '@guruconnect/shared/make-folder';
import type { Files, NewFile } from './replace-file.ts';

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Some file systems cannot flush a folder (SMB, FUSE): they say so, and nothing more can be done. */
const NOT_FOR_FOLDERS: ReadonlySet<string | undefined> = new Set(['EINVAL', 'ENOTSUP', 'EOPNOTSUPP']);

export const newFile = (handle: FileHandle): NewFile => ({
  write: (bytes) => handle.writeFile(bytes),
  sync: () => handle.sync(),
  isAt: async (path) => {
    try {
      const [mine, there] = await Promise.all([handle.stat({ bigint: true }), stat(path, { bigint: true })]);
      return mine.ino === there.ino && mine.dev === there.dev;
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return false;
      throw error;
    }
  },
  close: () => handle.close(),
});

/** @see https://man7.org/linux/man-pages/man2/fsync.2.html on why the folder has to be flushed as well */
const syncFolder = async (path: string): Promise<void> => {
  if (process.platform === 'win32') return;
  const handle = await open(path, 'r');
  try {
    await handle.sync();
  } catch (error) {
    if (!NOT_FOR_FOLDERS.has(codeOf(error))) throw error;
  } finally {
    await handle.close();
  }
};

/** The folders to be made for this one, it first. */
const missing = (path: string): readonly string[] =>
  existsSync(path) || dirname(path) === path ? [] : [path, ...missing(dirname(path))];

export const plainFiles: Files = {
  read: async (path) => {
    try {
      return await readFile(path);
    } catch (error) {
      if (codeOf(error) === 'ENOENT') return undefined;
      throw error;
    }
  },
  makeFolder: async (path) => {
    const made = missing(path);
    makeFolder(path, 0o700);
    for (const folder of made) await syncFolder(dirname(folder));
  },
  create: async (path) => newFile(await open(path, 'wx', 0o600)),
  rename,
  remove: (path) => rm(path, { force: true }),
  syncFolder,
};
