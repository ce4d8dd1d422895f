/** A zip file, entry after entry, so that no more than one of them is in memory. The only file that knows `fflate`. */
import { closeSync, openSync, rmSync, writeSync } from 'node:fs';
import { Zip, ZipDeflate, strToU8 } from 'fflate';

export interface ArchiveEntry {
  /** With `/` between folders. */
  readonly name: string;
  readonly text: string;
}

const fill = (file: number, entries: Iterable<ArchiveEntry>): number => {
  let bytes = 0;
  const zip = new Zip((error, chunk) => {
    // It has none, but in its types; without workers it works at once.
    if (error !== null) throw error;
    bytes += writeSync(file, chunk);
  });
  for (const { name, text } of entries) {
    const entry = new ZipDeflate(name, { level: 6 });
    zip.add(entry);
    entry.push(strToU8(text), true);
  }
  zip.end();
  return bytes;
};

/** For its owner alone, where modes count. @returns its size in bytes. @throws EEXIST where it is there; nothing is left of one that fails */
export const writeArchive = (path: string, entries: Iterable<ArchiveEntry>): number => {
  const file = openSync(path, 'wx', 0o600);
  let whole = false;
  try {
    const bytes = fill(file, entries);
    whole = true;
    return bytes;
  } finally {
    closeSync(file);
    if (!whole) rmSync(path, { force: true });
  }
};
