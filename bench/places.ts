/** Where things are. */
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The checkout. */
export const ROOT = fileURLToPath(new URL('../..', import.meta.url));
/** The sources of the benches, of floors and peers above all. */
export const BENCH = join(ROOT, 'bench');
const CACHE = join(ROOT, '.cache', 'bench');

/** A path below the benches' own cache, whose folder is there; ending with `.`, that folder. */
export const cached = (...path: readonly string[]): string => {
  const file = join(CACHE, ...path);
  mkdirSync(path.at(-1) === '.' ? file : dirname(file), { recursive: true });
  return file;
};
