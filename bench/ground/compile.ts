/** The floors in C: compiled when they are needed, warnings as errors. */
import { spawnSync } from 'node:child_process';
import { basename, join } from 'node:path';
import { BENCH, cached } from '../places.ts';

const FLAGS = ['-std=c11', '-O2', '-Wall', '-Wextra', '-Wpedantic', '-Wconversion', '-Werror'];

/** @param source below bench/. @returns the program, or `undefined` where there is no compiler. @throws Error with what it says */
export const compileHere = (source: string): string | undefined => {
  const program = cached('linux', basename(source, '.c'));
  const { error, status, stderr } = spawnSync('cc', [...FLAGS, '-o', program, join(BENCH, source)], {
    encoding: 'utf8',
  });
  if (error !== undefined) return undefined;
  if (status !== 0) throw new Error(`${source}: ${stderr}`);
  return program;
};
