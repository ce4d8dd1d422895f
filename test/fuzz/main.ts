/** `npm run fuzz`: exit codes: 0 nothing found, 1 something, 2 usage; killed where an input never ends. */
import { randomInt } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { ROOT } from '../helpers/program.ts';
import { corpusFolder, readCorpus, writeCorpus, writeInput } from './corpus.ts';
import { coverageOf, startCoverage } from './coverage.ts';
import { type FuzzRun, startFuzzing } from './engine.ts';
import { type Options, USAGE, parseOptions } from './options.ts';
import { assertUnpolluted } from './plain.ts';
import { loadTarget } from './target.ts';
import { startWatchdog } from './watchdog.ts';

const SLICE = 100_000;
const HANG_MS = 10_000;
/** What a run may keep besides its corpus. */
const MAX_GROWTH_BYTES = 16 * 1024 * 1024;

const say = (text: string): void => void process.stdout.write(`${text}\n`);
const found = (target: string): string => join(ROOT, '.cache', 'fuzz', target);

setFlagsFromString('--expose_gc');
const collect = runInNewContext('gc') as () => void;
const memory = (): number => {
  collect();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};
const inMiB = (bytes: number): string => (bytes / 1024 / 1024).toFixed(1);

const describe = (run: FuzzRun): string => {
  const modules = coverageOf(run.isSeen).map(({ name, hit, count }) => `${name} ${hit}/${count}`);
  return `${run.corpus().length} inputs in the corpus, ${run.features()} features\n  ${modules.join('\n  ')}`;
};

/** @returns whether there was nothing to find */
const fuzz = async (name: string, { runs, seed, keep }: Options): Promise<boolean> => {
  const watchdog = await startWatchdog(HANG_MS, found(name));
  const run = startFuzzing(await loadTarget(name), readCorpus(corpusFolder(name)), seed, watchdog.note);
  say(`${name}: ${runs} runs, seed ${seed}, node ${process.version}`);
  const start = performance.now();
  let before: number | undefined;
  for (let done = 0; done < runs; done += SLICE) {
    const finding = run.go(Math.min(SLICE, runs - done));
    if (finding !== undefined) {
      watchdog.stop();
      const path = writeInput(found(name), finding.input);
      say(`found: ${String(finding.error)}\n  npm run fuzz -- --target ${name} --replay ${path}`);
      return false;
    }
    before ??= memory();
  }
  watchdog.stop();
  assertUnpolluted();
  const seconds = (performance.now() - start) / 1000;
  const grown = memory() - (before ?? 0);
  say(
    `${name}: ${Math.round(runs / seconds)} runs/s, memory ${inMiB(before ?? 0)} MiB and ${inMiB(grown)} more`,
  );
  say(describe(run));
  if (keep) writeCorpus(corpusFolder(name), run.corpus());
  if (grown > MAX_GROWTH_BYTES) say('found: memory grows with the inputs');
  return grown <= MAX_GROWTH_BYTES;
};

const main = async (): Promise<number> => {
  const options = parseOptions(process.argv.slice(2), randomInt(1e9));
  if (options.replay !== undefined) {
    (await loadTarget(options.targets[0] ?? '')).run(readFileSync(options.replay));
    say('nothing is wrong with it');
    return 0;
  }
  startCoverage();
  let code = 0;
  for (const name of options.targets) if (!(await fuzz(name, options))) code = 1;
  return code;
};

try {
  process.exitCode = await main();
} catch (error) {
  if (!(error instanceof RangeError) && !(error instanceof TypeError)) throw error;
  process.stderr.write(`fuzz: ${error.message}\n${USAGE}\n`);
  process.exitCode = 2;
}
