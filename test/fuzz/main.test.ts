/** `npm run fuzz` as a person runs it. */
import { spawnSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { ROOT } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { corpusFolder, readCorpus, writeCorpus, writeInput } from './corpus.ts';
import { parseOptions } from './options.ts';

const DIST = join(ROOT, 'test', 'dist', 'fuzz');
/** Without tap's hooks, which take the signals, and time. */
const env = { ...process.env, NODE_OPTIONS: '' };
const fuzz = (...args: readonly string[]) =>
  spawnSync(process.execPath, [join(DIST, 'main.js'), ...args], {
    encoding: 'utf8',
    env,
    timeout: 60_000,
    killSignal: 'SIGKILL',
  });

test('a run says what it did, and how it can be had again', (t) => {
  const { status, stdout } = fuzz('--target', 'pipe', '--runs', '500', '--seed', '7');
  t.equal(status, 0);
  t.match(stdout, /^pipe: 500 runs, seed 7, node v/);
  t.match(stdout, /packages\/shared\/dist\/lines \d+\/\d+/);
  t.end();
});

test('one input alone is run with nothing around it', (t) => {
  const [input = Buffer.alloc(0)] = readCorpus(corpusFolder('pipe'));
  const path = writeInput(tempDir(t), input);
  t.match(fuzz('--target', 'pipe', '--replay', path), { status: 0, stdout: /nothing is wrong/ });
  t.end();
});

test('a word that is none of its own is a usage error', (t) => {
  const { status, stderr } = fuzz('--target', 'nobody');
  t.equal(status, 2);
  t.match(stderr, /^fuzz: .*nobody.*\nnpm run fuzz/s);
  for (const args of [['--runs', 'many'], ['--replay', 'x'], ['--hurry']])
    t.throws(() => parseOptions(args, 1));
  t.end();
});

test('without options it is every target, and any seed', (t) => {
  t.match(parseOptions([], 42), { targets: ['pipe', 'relay', 'machine'], seed: 42, keep: false });
  t.end();
});

const withWatchdog = (t: Test, work: string) => {
  const folder = join(tempDir(t), 'found');
  const script = `
    import { startWatchdog } from ${JSON.stringify(new URL('./watchdog.js', import.meta.url).href)};
    const watchdog = await startWatchdog(300, ${JSON.stringify(folder)});
    watchdog.note(Buffer.from('endless'));
    ${work}`;
  const ended = spawnSync(process.execPath, ['--input-type=module', '--eval', script], {
    encoding: 'utf8',
    env,
    timeout: 20_000,
    killSignal: 'SIGKILL',
  });
  return { folder, ...ended };
};

test('an input that never ends is written down, and ends the run', (t) => {
  const { folder, signal, status, stderr } = withWatchdog(t, 'for (;;);');
  t.ok(signal === 'SIGKILL' || status !== 0);
  t.match(stderr, /no end within 300 ms/);
  t.same(
    readdirSync(folder).map((name) => readFileSync(join(folder, name), 'utf8')),
    ['endless'],
  );
  t.end();
});

test('a run that is over is not watched any more', (t) => {
  const { status, stderr } = withWatchdog(t, 'watchdog.stop(); setTimeout(() => undefined, 1000);');
  t.equal(status, 0);
  t.equal(stderr, '');
  t.end();
});

test('a corpus that is written is what is read, and nothing else', (t) => {
  const folder = join(tempDir(t), 'corpus');
  t.same(readCorpus(folder), []);
  writeInput(folder, Buffer.from('old'));
  writeCorpus(folder, [Buffer.from('a'), Buffer.from('b')]);
  t.same(readCorpus(folder).map(String).sort(), ['a', 'b']);
  t.end();
});
