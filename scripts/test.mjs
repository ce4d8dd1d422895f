// `npm test`: sets up whatever is missing, then runs every suite with tap, the Windows ones included. Ends with the line
// `N passed, N failed`. `--lint` checks style and format as well; other arguments are test files, compiled (test/dist/...).
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { buildLab } from './lab.mjs';
import { watchDisk } from './free-disk.mjs';
import { SANITIZED, buildAddon } from './native.mjs';
import { fetchWindowsNode } from './node-programs.mjs';
import { ROOT, compile, setUp } from './setup.mjs';
import { runTap } from './tap.mjs';
import { missingTidy, runTidy } from './tidy.mjs';
import { installTools } from './tools.mjs';
import { bootPrefix, killPrefix } from './wine.mjs';

const CI = process.env.CI === 'true';
const BIN = join(ROOT, 'node_modules');
const RESULTS = join(ROOT, '.cache', 'results');
const WINDOWS_SUITES = 'test/dist/windows/';
/** The Windows suites that run a second time. */
const FROM_SOURCES = ['console', 'reboot', 'service'];

const say = (line) => process.stdout.write(`${line}\n`);
const total = { passed: 0, failed: 0 };
/** What is to be said of the suites, at the end: two run at the same time. */
const reports = [];
// Whatever ends this early (a build that fails, say) is a failure with the same last line.
const onExit = () => say(`\n${total.passed} passed, ${total.failed + 1} failed`);
process.once('exit', onExit);
const count = (passed, failed) => {
  total.passed += passed;
  total.failed += failed;
};

/** A check that is one program: passed or failed. */
async function check(what, script, ...args) {
  const program = spawn(process.execPath, [join(BIN, script), ...args], { cwd: ROOT, stdio: 'inherit' });
  const [status] = await once(program, 'exit');
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

async function runSuites(name, files, args, env, isQuiet) {
  const { pass, fail, words } = await runTap(join(RESULTS, `${name}.tap`), files, args, env, isQuiet);
  count(pass, fail);
  reports.push(words);
}

/**
 * Now and then a process under Wine is gone, or silent, at a place where no reason was found; minutes later all is well. A suite that failed
 * is run once more, therefore, and both runs are told. What fails twice has failed.
 */
async function runWineSuites(name, files, env, isQuiet) {
  const file = (run) => join(RESULTS, `${run}.tap`);
  const first = await runTap(file(name), files, ['--jobs=1'], env, isQuiet);
  const isRepeated = process.platform !== 'win32' && first.failed.length > 0;
  const second = isRepeated
    ? await runTap(file(`${name}-again`), first.failed, ['--jobs=1'], env, isQuiet)
    : { pass: 0, fail: first.fail, words: '' };
  count(first.pass + second.pass, second.fail);
  reports.push(first.words);
  if (isRepeated)
    reports.push(
      `Run once more, as it failed: ${first.failed.join(', ')}: ${second.pass} passed, ${second.fail} failed\n${second.words}`,
    );
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
 * seen to be too much for two processors. They wait more than they work, so that everything else runs beside them.
 * @param {boolean} isQuiet
 */
async function runWindowsSuites(files, isQuiet) {
  if (files.length === 0) return;
  const runBoth = async (env) => {
    await runWineSuites('windows', files, { ...env, GURUCONNECT_PROGRAM: 'packaged' }, isQuiet);
    // The program from its sources, which developers run: the same code, loaded another way.
    const again = files.filter((file) => FROM_SOURCES.includes(basename(file, '.test.js')));
    await runWineSuites('windows-from-sources', again, env, isQuiet);
  };
  if (process.platform === 'win32') return runBoth({});
  const prefix = mkdtempSync(join(tmpdir(), 'guruconnect-wine-'));
  try {
    await bootPrefix(prefix);
    await runBoth({ GURUCONNECT_WINEPREFIX: prefix });
  } finally {
    await killPrefix(prefix);
    rmSync(prefix, { recursive: true, force: true });
  }
}

/** What the Windows suites stand on. @returns why they cannot run, or undefined */
async function prepareWindows() {
  const missing = installTools(say);
  if (missing !== undefined) return missing;
  try {
    buildLab();
    if (process.platform !== 'win32') fetchWindowsNode();
    say('Packaging...');
    // What they import is there only now.
    await (await import('./package/make.mjs')).makePackage(say);
    await (await import('./package/bundle.mjs')).bundleForWindows();
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
say('Compiling the tests...');
compile(['test'], say);
const suites = wanted.length > 0 ? wanted : compiledSuites();
const isWindows = (file) => file.startsWith(WINDOWS_SUITES);
const windows = suites.filter(isWindows);
const unavailable = missing ?? (windows.length > 0 ? await prepareWindows() : undefined);
if (unavailable !== undefined) say(`The Windows suites are skipped: ${unavailable}`);
mkdirSync(RESULTS, { recursive: true });

const disk = await watchDisk();
const portable = suites.filter((file) => !isWindows(file));
const beside = unavailable === undefined ? runWindowsSuites(windows, portable.length > 0) : Promise.resolve();
// Waited for below; what goes wrong before is told there.
beside.catch(() => undefined);
if (flags.includes('--lint')) {
  await check('eslint', join('eslint', 'bin', 'eslint.js'), '.');
  await check('prettier', join('prettier', 'bin', 'prettier.cjs'), '--check', '--log-level=warn', '.');
  await checkCpp();
}
await runSuites('portable', portable, ['--jobs=2'], {}, false);
if (unavailable === undefined && windows.length > 0 && portable.length > 0)
  say(`\nThe Windows suites go on (${join(RESULTS, 'windows.tap')})...`);
await beside;
if (unavailable !== undefined && windows.length > 0) {
  say(`not run: ${windows.join(', ')} (${unavailable})`);
  // Skipped in front of a person is a notice; skipped in CI is a failure.
  if (CI) count(0, windows.length);
}
// tap's reporter leaves the cursor's escape sequences without a newline behind.
say(`\n${reports.join('')}${disk.words()}`);
process.off('exit', onExit);
process.exitCode = total.failed === 0 && total.passed > 0 ? 0 : 1;
say(`${total.passed} passed, ${total.failed} failed`);
