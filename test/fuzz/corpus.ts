/** The inputs that were worth keeping, in a folder: one file each, named by its content. */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ROOT } from '../helpers/program.ts';

/** Kept with the sources. */
export const corpusFolder = (target: string): string => join(ROOT, 'test', 'fuzz', 'corpus', target);

const nameOf = (input: Uint8Array): string => createHash('sha256').update(input).digest('hex').slice(0, 16);

/** In the order of their names; none where there is no folder. */
export const readCorpus = (folder: string): readonly Buffer[] => {
  try {
    return readdirSync(folder)
      .sort()
      .map((name) => readFileSync(join(folder, name)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return [];
  }
};

/** These, and no others. */
export const writeCorpus = (folder: string, inputs: readonly Uint8Array[]): void => {
  rmSync(folder, { recursive: true, force: true });
  for (const input of inputs) writeInput(folder, input);
};

/** @returns the path of the file */
export const writeInput = (folder: string, input: Uint8Array): string => {
  mkdirSync(folder, { recursive: true });
  const path = join(folder, nameOf(input));
  writeFileSync(path, input);
  return path;
};
