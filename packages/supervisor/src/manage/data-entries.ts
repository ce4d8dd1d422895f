/**
 * What of ours lies in a data folder: looked at before it is believed, protected where an administrator answers for it. Links
 * are refused, as what they lead to is somebody else's, and so is a file with a second name, which may lie anywhere.
 */
import { lstatSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { UsageError } from '@guruconnect/shared/usage-error';
import { WIN32, isWin32 } from './win32-error.ts';

/** Logs can be many, but nobody keeps that many; who could write there may have left any number. */
const MOST_ENTRIES = 10_000;

export interface DataEntry {
  readonly path: string;
  readonly isFolder: boolean;
}

/** @param wanted says by name which entries matter. */
const entriesOf = (folder: string, wanted: (name: string) => boolean): readonly DataEntry[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter(({ name }) => wanted(name))
    .map((entry) => {
      const path = join(folder, entry.name);
      const isFolder = entry.isDirectory();
      if (entry.isSymbolicLink()) throw new UsageError(`${path}: is a link: remove it`);
      // What is gone by now has no links.
      const { nlink = 1 } = lstatSync(path, { throwIfNoEntry: false }) ?? {};
      if (!isFolder && nlink > 1)
        throw new UsageError(`${path}: the file has another name elsewhere: remove it`);
      return { path, isFolder };
    });

/** What has gone since it was listed (a log, say) matters to nobody. @returns whether it was there. */
const unlessGone = async (work: Promise<void>): Promise<boolean> => {
  try {
    await work;
    return true;
  } catch (error) {
    if (!isWin32(error, WIN32.fileNotFound, WIN32.pathNotFound)) throw error;
    return false;
  }
};

/**
 * Visits the entries by names of ours and all that is below them, a folder before what is in it: the visit may close it
 * first, so that what is found in it then stays as it is.
 * @throws UsageError for links and for more than {@link MOST_ENTRIES}; what the visit throws.
 */
export const visitOwnEntries = async (
  dataDir: string,
  visit: (entry: DataEntry) => Promise<void>,
): Promise<void> => {
  let visited = 0;
  const enter = async (folder: string, wanted: (name: string) => boolean): Promise<void> => {
    for (const entry of entriesOf(folder, wanted)) {
      visited += 1;
      if (visited > MOST_ENTRIES)
        throw new UsageError(`${dataDir}: more than ${MOST_ENTRIES} files are in it: remove what is too old`);
      const isThere = await unlessGone(visit(entry));
      if (isThere && entry.isFolder) await enter(entry.path, () => true);
    }
  };
  await enter(dataDir, isOwnFile);
};
