/** `npm run bench`: what is claimed, measured. Exit codes: 0 every claim holds, 1 one does not, 2 usage. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import type { Bench, BenchResult } from './bench.ts';
import { type Claim, notMeasured, plainClaim } from './claim.ts';
import { benchFleet } from './fleet/bench.ts';
import { benchGrowth } from './growth/bench.ts';
import { benchIdle } from './idle/bench.ts';
import { benchMessages } from './messages/bench.ts';
import { type Options, USAGE, parseOptions } from './options.ts';
import { pictureOf } from './picture/picture.ts';
import { benchPipe } from './pipe/bench.ts';
import { cached } from './places.ts';
import { benchRelay } from './relay/bench.ts';
import { tableOf } from './table.ts';
import { benchPackaged, benchService, benchShutdown } from './windows/bench.ts';

const BENCHES: Readonly<Record<string, Bench>> = {
  idle: benchIdle,
  pipe: benchPipe,
  messages: benchMessages,
  relay: benchRelay,
  growth: benchGrowth,
  fleet: benchFleet,
  service: benchService,
  shutdown: benchShutdown,
  packaged: benchPackaged,
};

const print = (text: string): void => void process.stdout.write(`${text}\n`);
/** With `--json` standard output is for programs. */
const tell = (text: string): void => void process.stderr.write(`${text}\n`);

/** The bench that could not be run counts as a claim that does not hold, and keeps the others from nothing. */
const failed = (name: string, error: unknown): BenchResult => {
  const why = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const [first = ''] = why.split('\n');
  tell(`bench ${name}: ${why}`);
  return { claims: [notMeasured({ name, limit: 0, unit: '' }, first)] };
};

/** One after the other: they would measure each other. */
const runAll = async (names: readonly string[], options: Options, say: (text: string) => void) => {
  const results: BenchResult[] = [];
  for (const [index, name] of names.entries()) {
    const from = performance.now();
    say(`[${index + 1}/${names.length}] ${name}`);
    try {
      const result = await BENCHES[name]?.(options, (text) => {
        say(text);
      });
      results.push(result ?? { claims: [] });
    } catch (error) {
      results.push(failed(name, error));
    }
    say(`[${index + 1}/${names.length}] ${name}: ${Math.round((performance.now() - from) / 1000)} s\n`);
  }
  return results;
};

const run = async (options: Options): Promise<void> => {
  const names = Object.keys(BENCHES).filter((name) => options.only === undefined || name === options.only);
  if (names.length === 0)
    throw new RangeError(`--only ${options.only ?? ''}: one of ${Object.keys(BENCHES).join(', ')}`);
  const say = options.json ? tell : print;
  const results = await runAll(names, options, say);
  const claims: readonly Claim[] = results.flatMap((result) => result.claims);
  const picture = options.svg === undefined ? cached('bench.svg') : resolve(options.svg);
  const groups = results.flatMap((result) => result.groups ?? []);
  const plots = results.flatMap((result) => result.plots ?? []);
  writeFileSync(picture, pictureOf(groups, plots));
  if (options.json) print(JSON.stringify({ claims: claims.map(plainClaim) }, null, 2));
  say(options.json ? '' : `${tableOf(claims)}\n`);
  say(`picture: ${picture}`);
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1;
};

try {
  await run(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
  process.stderr.write(`bench: ${error.message} (${USAGE})\n`);
  process.exitCode = 2;
}
