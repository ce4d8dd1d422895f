// `npm test`: sets up whatever is missing, then runs every suite with tap, the Windows ones included. Ends with the line
// `N passed, N failed`. `--lint` checks style and format as well; other arguments are test files, compiled (test/dist/...).
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildLab, fetchWindowsNode } from './lab.mjs';
import { SANITIZED, buildAddon } from './native.mjs';
import { ROOT, compile, setUp } from './setup.mjs';
import { missingTidy, runTidy } from './tidy.mjs';
import { installTools } from './tools.mjs';
import { bootPrefix, killPrefix } from './wine.mjs';

const CI = process.env.CI === 'true';
const BIN = join(ROOT, 'node_modules');
const RESULTS = join(ROOT, '.cache', 'results');
const WINDOWS_SUITES = 'test/dist/windows/';

const say = (line) => process.stdout.write(`${line}\n`);
const total = { passed: 0, failed: 0 };
// Whatever ends this early (a build that fails, say) is a failure with the same last line.
const onExit = () => say(`\n${total.passed} passed, ${total.failed + 1} failed`);
process.once('exit', onExit);
const count = (passed, failed) => {
  total.passed += passed;
  total.failed += failed;
};

/** A check that is one program: passed or failed. */
function check(what, script, ...args) {
  const { status } = spawnSync(process.execPath, [join(BIN, script), ...args], {
    cwd: ROOT,
    stdio: 'inherit',
  });
  report(what, status === 0);
}

function report(what, passed) {
  say(`${passed ? 'ok' : 'not ok'} - ${what}`);
  count(passed ? 1 : 0, passed ? 0 : 1);
}

/** The C++ of all platforms, where the compilers for them are. */
async function checkCpp() {
  const missing = missingTidy();
  if (missing === undefined) return report('clang-tidy', await runTidy(say));
  say(`not run: clang-tidy (${missing})`);
  if (CI && process.platform === 'linux') count(0, 1);
}

/** Runs tap over compiled suites and counts their assertions; a run that gave no count counts as one failure. */
async function runTap(name, files, args, env = {}) {
  if (files.length === 0) return;
  const output = join(RESULTS, `${name}.tap`);
  const reporter = process.stdout.isTTY ? 'base' : 'terse';
  // On Windows some suites are for Wine or POSIX only.
  const skips = CI && process.platform === 'linux' ? ['--fail-skip'] : [];
  const tap = spawn(
    process.execPath,
    [join(BIN, 'tap', 'dist', 'esm', 'run.mjs'), `--reporter=${reporter}`, `--output-file=${output}`].concat(
      ...[skips, args, files],
    ),
    { cwd: ROOT, stdio: 'inherit', env: { ...process.env, ...env } },
  );
  const [status] = await once(tap, 'exit');
  const summary = /^# \{ total: (\d+)(?:, pass: (\d+))?(?:, fail: (\d+))?/m.exec(
    readFileSync(output, 'utf8'),
  );
  const [, , pass = 0, fail = 0] = (summary ?? []).map(Number).map((n) => n || 0);
  count(pass, status === 0 ? fail : Math.max(1, fail));
  if (status !== 0) reportFailures(output);
  reportUnchecked(output);
}

/** What a platform cannot show is not skipped in silence. */
function reportUnchecked(output) {
  const lines = readFileSync(output, 'utf8').match(/^ *# not checked.*$/gm) ?? [];
  const unchecked = [...new Set(lines.map((line) => line.trim().slice(2)))];
  if (unchecked.length > 0) say(`\n${unchecked.join('\n')}`);
}

/** The failed lines once more, at the end, where a person looks. */
function reportFailures(output) {
  const failed = readFileSync(output, 'utf8').match(/^ *not ok .*$/gm) ?? [];
  say(`\nFailed (all of it in ${output}):\n${failed.join('\n')}\n`);
}

/** By the sources, so that what is left of a removed one does not run. */
const compiledSuites = () =>
  readdirSync(join(ROOT, 'test'), { recursive: true })
    .map((name) => name.replaceAll('\\', '/'))
    .filter((name) => name.endsWith('.test.ts') && !name.startsWith('dist/'))
    .map((name) => `test/dist/${name.replace(/ts$/, 'js')}`)
    .sort();

/**
 * One Wine prefix for all the Windows suites, and those one after the other: they share the machine's SCM, and two beside each other were
 * seen to be too much for two processors.
 */
async function runWindowsSuites(files) {
  if (files.length === 0) return;
  if (process.platform === 'win32') return runTap('windows', files, ['--jobs=1']);
  const prefix = mkdtempSync(join(tmpdir(), 'guruconnect-wine-'));
  try {
    await bootPrefix(prefix);
    await runTap('windows', files, ['--jobs=1'], { GURUCONNECT_WINEPREFIX: prefix });
  } finally {
    await killPrefix(prefix);
    rmSync(prefix, { recursive: true, force: true });
  }
}

/** What the Windows suites stand on. @returns why they cannot run, or undefined */
function prepareWindows() {
  const missing = installTools(say);
  if (missing !== undefined) return missing;
  const why = buildAddon(say, 'win32-x64');
  if (why !== undefined) return `the addon for Windows is not built: ${why}`;
  try {
    buildLab();
    fetchWindowsNode();
    return undefined;
  } catch (error) {
    return error.message;
  }
}

const [flags, wanted] = [(arg) => arg.startsWith('--'), (arg) => !arg.startsWith('--')].map((want) =>
  process.argv.slice(2).filter(want),
);
// Before the set-up, as the compiler and cmake that it may install are what the addon of this machine is built with.
const missing = process.platform === 'win32' ? undefined : installTools(say, flags.includes('--lint'));
setUp(say);
if (process.platform === 'linux') {
  const why = buildAddon(say, SANITIZED);
  if (why !== undefined) say(`The sanitized suite is skipped: ${why}`);
}
const unavailable = missing ?? prepareWindows();
if (unavailable !== undefined) say(`The Windows suites are skipped: ${unavailable}`);
say('Compiling the tests...');
compile(['test'], say);
mkdirSync(RESULTS, { recursive: true });

if (flags.includes('--lint')) {
  check('eslint', join('eslint', 'bin', 'eslint.js'), '.');
  check('prettier', join('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.');
  await checkCpp();
}
const suites = wanted.length > 0 ? wanted : compiledSuites();
const isWindows = (file) => file.startsWith(WINDOWS_SUITES);
await runTap(
  'portable',
  suites.filter((file) => !isWindows(file)),
  ['--jobs=2'],
);
const windows = suites.filter(isWindows);
if (unavailable === undefined) await runWindowsSuites(windows);
else if (windows.length > 0) {
  say(`not run: ${windows.join(', ')} (${unavailable})`);
  // Skipped in front of a person is a notice; skipped in CI is a failure.
  if (CI) count(0, windows.length);
}
process.off('exit', onExit);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
// tap's reporter leaves the cursor's escape sequences without a newline behind.
say(`\n${total.passed} passed, ${total.failed} failed`);
