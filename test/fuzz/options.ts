import { parseArgs } from 'node:util';
import { TARGETS } from './target.ts';

export interface Options {
  readonly targets: readonly string[];
  readonly runs: number;
  readonly seed: number;
  /** Writes what was worth keeping into the corpus that is kept with the sources. */
  readonly keep: boolean;
  /** A file to run alone, without counters, instead. */
  readonly replay?: string;
}

export const USAGE = `npm run fuzz [-- --target ${TARGETS.join('|')}] [--runs N] [--seed S] [--keep] [--replay FILE]`;

const DEFAULT_RUNS = 200_000;

const toNumber = (name: string, text: string | undefined, otherwise: number): number => {
  if (text === undefined) return otherwise;
  if (!/^\d{1,9}$/.test(text)) throw new RangeError(`--${name}: not a whole number below a thousand million`);
  return Number(text);
};

/** @throws TypeError, as `parseArgs` does; RangeError for a number or a target that is none */
export const parseOptions = (args: readonly string[], anySeed: number): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      target: { type: 'string', multiple: true },
      runs: { type: 'string' },
      seed: { type: 'string' },
      keep: { type: 'boolean', default: false },
      replay: { type: 'string' },
    },
  });
  const { target, runs, seed, keep, replay } = values;
  const unknown = target?.find((name) => !TARGETS.some((known) => known === name));
  if (unknown !== undefined) throw new RangeError(`--target ${unknown}: there is none of that name`);
  if (replay !== undefined && target?.length !== 1) throw new RangeError('--replay: wants one --target');
  return {
    targets: target ?? TARGETS,
    runs: toNumber('runs', runs, DEFAULT_RUNS),
    seed: toNumber('seed', seed, anySeed),
    keep,
    ...(replay !== undefined && { replay }),
  };
};
