/** `npm run bench`: what is claimed, measured. Exit codes: 0 every claim holds, 1 one does not, 2 usage. */
import type { Bench } from './bench.ts';
import { type Claim, describeClaim } from './claim.ts';
import { benchFleet } from './fleet/bench.ts';
import { type Options, USAGE, parseOptions } from './options.ts';

const BENCHES: Readonly<Record<string, Bench>> = { fleet: benchFleet };

const print = (text: string): void => void process.stdout.write(`${text}\n`);

const run = async (options: Options): Promise<void> => {
  const names = Object.keys(BENCHES).filter((name) => options.only === undefined || name === options.only);
  if (names.length === 0)
    throw new RangeError(`--only ${options.only ?? ''}: one of ${Object.keys(BENCHES).join(', ')}`);
  const say = options.json ? () => undefined : print;
  const claims: Claim[] = [];
  for (const name of names) claims.push(...((await BENCHES[name]?.(options, say))?.claims ?? []));
  print(options.json ? JSON.stringify({ claims }, null, 2) : claims.map(describeClaim).join('\n'));
  if (claims.some(({ holds }) => !holds)) process.exitCode = 1;
};

try {
  await run(parseOptions(process.argv.slice(2)));
} catch (error) {
  if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
  process.stderr.write(`bench: ${error.message} (${USAGE})\n`);
  process.exitCode = 2;
}
