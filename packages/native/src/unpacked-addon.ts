/**
 * The addon of the packaged program as a file, as Windows loads libraries from files alone. It lies beside the program, where whoever may
 * write could exchange the program itself; below Program Files those are administrators.
 */
import { mkdirSync, readFileSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const FILE = 'guruconnect.node';
/** Of the digits of the hash: enough to tell versions apart, and short in a path. */
const HASH_DIGITS = 16;
const A_FOLDER = /^native-[0-9a-f]{16}$/;

/** A folder for each content: a program that still runs has the old file open, and Windows keeps that from being replaced. Pure. */
export const addonFolder = (programFolder: string, hash: string): string =>
  join(programFolder, `native-${hash.slice(0, HASH_DIGITS)}`);

const holds = (file: string, content: Uint8Array): boolean => {
  try {
    return readFileSync(file).equals(content);
  } catch {
    return false;
  }
};

/** By a draft: nobody finds half a file. One that cannot take its place is no matter where another process was faster. */
const write = (file: string, content: Uint8Array): void => {
  const draft = `${file}.${process.pid}`;
  try {
    writeFileSync(draft, content, { flush: true });
    renameSync(draft, file);
  } finally {
    rmSync(draft, { force: true });
  }
};

/** What other versions have left; one that is still loaded cannot be removed, and a later version will. */
const removeOthers = (programFolder: string, own: string): void => {
  for (const name of readdirSync(programFolder)) {
    if (!A_FOLDER.test(name) || name === basename(own)) continue;
    try {
      rmSync(join(programFolder, name), { recursive: true });
    } catch {
      // In use.
    }
  }
};

/**
 * Every byte is compared before it is loaded, whoever wrote it.
 * @param hash hexadecimal, of `content`
 * @returns the file, absolute where the folder is
 * @throws Error of the file system where it is not there and cannot be written
 */
export const unpackAddon = (content: Uint8Array, hash: string, programFolder: string): string => {
  const folder = addonFolder(programFolder, hash);
  const file = join(folder, FILE);
  if (holds(file, content)) return file;
  try {
    mkdirSync(folder, { recursive: true });
    write(file, content);
    removeOthers(programFolder, folder);
  } catch (error) {
    if (!holds(file, content)) throw error;
  }
  return file;
};
