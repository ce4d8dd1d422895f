import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { constants } from 'node:os';
import { join } from 'node:path';
import { test } from 'tap';
import { ROOT, type Ended, fixture, startProgram } from '../helpers/program.ts';

const FOLDER = join(ROOT, 'packages', 'native', 'build', 'linux-x64-asan', 'Release');
const built = existsSync(join(FOLDER, 'unit'));
const options = built
  ? { timeout: 120_000 }
  : { skip: 'not built (npm run native linux-x64-asan; on Linux)' };
// Leaks too: node itself frees what it has, or keeps a pointer to it.
const ASAN = 'ASAN_OPTIONS=detect_leaks=1:abort_on_error=0';

/** node is not sanitized, so that the library has to be there before it. */
const runtime = (): string =>
  spawnSync('c++', ['-print-file-name=libasan.so'], { encoding: 'utf8' }).stdout.trim();

const runFixture = (...wrong: readonly string[]): Promise<Ended> => {
  const by = ['env', `LD_PRELOAD=${runtime()}`, ASAN];
  return startProgram(fixture('sanitized'), [FOLDER, ...wrong], { by, limitMs: 100_000 }).ended;
};

const runUnit = (...wrong: readonly string[]) =>
  spawnSync('env', [ASAN, join(FOLDER, 'unit'), ...wrong], { encoding: 'utf8', timeout: 100_000 });

const RESULTS = [
  '',
  'a\u{1F600}\uD800',
  null,
  'TypeError: A text must have no NUL',
  'TypeError: A string was expected',
  [],
  [1, 1, 1],
  [1, 1],
  'TypeError: A Uint8Array was expected',
  'TypeError: A Uint8Array was expected',
  'TypeError: A Uint8Array was expected',
  [0, 4_294_967_295],
  [],
  'TypeError: A number was expected',
  'TypeError: An array was expected',
  100_000,
  'Error: thrown off the thread',
  'Error: thrown on the thread',
  1,
  constants.errno.EINVAL,
];

test('nothing of the bindings that the sanitizers would report', options, async (t) => {
  const ended = await runFixture();
  t.match(ended, { code: 0, signal: null, stderr: '' });
  t.same(JSON.parse(ended.stdout), RESULTS);
});

const WRONGS = [
  { wrong: 'readPastTheEnd', report: /AddressSanitizer: heap-buffer-overflow/ },
  { wrong: 'overflowAnInt', report: /runtime error: signed integer overflow/ },
  { wrong: 'loseMemory', report: /LeakSanitizer: detected memory leaks/ },
];
for (const { wrong, report } of WRONGS) {
  test(`what ${wrong} does in an addon is reported, and ends the process`, options, async (t) => {
    const ended = await runFixture(wrong);
    t.not(ended.code, 0);
    t.match(ended.stderr, report);
  });
}

test('the parts in pure C++ do what they say, and nothing that the sanitizers would report', options, (t) => {
  const { status, stdout, stderr } = runUnit();
  const lines = stdout.trim().split('\n');
  for (const line of lines.slice(0, -1)) t.match(line, /^ok \d+ - /);
  t.equal(lines.at(-1), `1..${lines.length - 1}`);
  t.same([status, stderr], [0, '']);
  t.end();
});

const UNIT_WRONGS = [
  { wrong: 'overflow', report: /AddressSanitizer: heap-buffer-overflow/ },
  { wrong: 'arithmetic', report: /runtime error: signed integer overflow/ },
  { wrong: 'leak', report: /LeakSanitizer: detected memory leaks/ },
];
for (const { wrong, report } of UNIT_WRONGS) {
  test(`the program notices ${wrong} where there is one`, options, (t) => {
    const { status, stderr } = runUnit(wrong);
    t.not(status, 0);
    t.match(stderr, report);
    t.end();
  });
}
