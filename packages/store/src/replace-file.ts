/**
 * Replaces a small file as a whole. The bytes are written aside, flushed, and renamed over the old file; then the folder is
 * flushed, as a rename is not on the disk before that. A power cut at any point leaves the old file or the new one.
 *
 * The name aside is always the same, `<name>.new`: what a power cut leaves is removed by the next write, and is known to
 * the rest of the agent as its own. Two processes that write the same file at once are found out before the rename.
 */
import { dirname } from 'node:path';

/** A file that was made just now and is private from its first moment. */
export interface NewFile {
  write(bytes: Uint8Array): Promise<void>;
  /** Resolves once the bytes are on the disk. */
  sync(): Promise<void>;
  /** Whether the path still leads to this file, and not to another process's. */
  isAt(path: string): Promise<boolean>;
  close(): Promise<void>;
}

/** The file system, as far as the store needs it. Every method rejects with the system's error. */
export interface Files {
  /** `undefined` where there is no such file. */
  read(path: string): Promise<Uint8Array | undefined>;
  /** Makes a folder that is missing, for nobody else, durably. One that is there is left as it is. */
  makeFolder(path: string): Promise<void>;
  /** Rejects where something of that name exists. */
  create(path: string): Promise<NewFile>;
  /** Atomic; replaces what is there. */
  rename(from: string, to: string): Promise<void>;
  /** What is missing is removed already. */
  remove(path: string): Promise<void>;
  /** Resolves once the folder's entries are on the disk. */
  syncFolder(path: string): Promise<void>;
}

export const temporaryOf = (path: string): string => `${path}.new`;

const fill = async (file: NewFile, path: string, bytes: Uint8Array): Promise<void> => {
  try {
    await file.write(bytes);
    await file.sync();
    if (!(await file.isAt(path))) throw new Error(`${path}: another process writes the same file`);
  } finally {
    await file.close();
  }
};

/** @throws the system's error; the old file is then as it was, or the new one is in its place but may not outlive a power cut. */
export const replaceFile = async (files: Files, path: string, bytes: Uint8Array): Promise<void> => {
  const aside = temporaryOf(path);
  await files.makeFolder(dirname(path));
  await files.remove(aside);
  const file = await files.create(aside);
  try {
    await fill(file, aside, bytes);
    await files.rename(aside, path);
  } catch (error) {
    await files.remove(aside).catch(() => undefined);
    throw error;
  }
  await files.syncFolder(dirname(path));
};
