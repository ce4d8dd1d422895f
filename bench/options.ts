import { parseArgs } from 'node:util';

export interface Options {
  /** A small run, to see that it runs. */
  readonly quick: boolean;
  /** The claims as JSON on standard output, and nothing else there. */
  readonly json: boolean;
  /** One benchmark alone. */
  readonly only?: string;
  /** Of the simulation. */
  readonly seeds?: number;
  /** Where the picture goes; `.cache/bench/bench.svg` where it is absent. */
  readonly svg?: string;
}

export const USAGE = 'npm run bench -- [--only NAME] [--quick] [--json] [--seeds N] [--svg FILE]';

/** Throws TypeError, as `parseArgs` does, and RangeError for a number of seeds that is none. */
export const parseOptions = (args: readonly string[]): Options => {
  const { values } = parseArgs({
    args: [...args],
    options: {
      quick: { type: 'boolean', default: false },
      json: { type: 'boolean', default: false },
      only: { type: 'string' },
      seeds: { type: 'string' },
      svg: { type: 'string' },
    },
  });
  const { quick, json, only, seeds, svg } = values;
  if (seeds !== undefined && !/^[1-9]\d{0,3}$/.test(seeds))
    throw new RangeError(`--seeds ${seeds}: 1 to 9999`);
  return {
    quick,
    json,
    ...(only !== undefined && { only }),
    ...(seeds !== undefined && { seeds: Number(seeds) }),
    ...(svg !== undefined && { svg }),
  };
};
