/** A bug that is found only by who sees how near an input is. */
import type { FuzzTarget } from '../target.ts';

const nth = (input: Buffer, at: number): string => String.fromCharCode(input[at] ?? 0);

export const target: FuzzTarget = {
  seeds: [],
  run: (input) => {
    if (nth(input, 0) !== 's') return;
    if (nth(input, 1) !== 'e') return;
    if (nth(input, 2) !== 'c') return;
    if (nth(input, 3) !== 'r') return;
    if (nth(input, 4) !== 'e') return;
    if (nth(input, 5) === 't') throw new Error('the bug');
  },
};
