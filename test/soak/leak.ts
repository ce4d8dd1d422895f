/** A leak that is planted, to be found: a descriptor and 10 KB, or as many of them as are asked for. */
import { openSync } from 'node:fs';

const NUMBERS = 1280;
const leaked: unknown[] = [];

export const leak = (): void => {
  leaked.push(
    openSync(process.execPath, 'r'),
    Array.from({ length: NUMBERS }, () => Math.random()),
  );
};
