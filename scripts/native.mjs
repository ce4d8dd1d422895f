// Builds the native addon: `node scripts/native.mjs` for this machine, `... win32-x64` for Windows, on Linux by mingw-w64.
// `... linux-x64-asan` is for the tests: sanitized, and with what exercises the portable parts.
import { spawnSync } from 'node:child_process';
import { readdirSync, statSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const NATIVE = join(ROOT, 'packages', 'native');
const HOST = `${process.platform}-${process.arch}`;
const CROSS = 'win32-x64';
/** Of the tests alone: the loader in packages/native does not know of it. */
export const SANITIZED = 'linux-x64-asan';
const MINGW = join(NATIVE, 'cmake', 'mingw-w64-x86_64.cmake');

const SETTINGS = {
  [CROSS]: [`--CDCMAKE_TOOLCHAIN_FILE=${MINGW}`],
  [SANITIZED]: ['--CDGURUCONNECT_SANITIZE=ON'],
};
const TARGETS = [...new Set([HOST, CROSS, ...(HOST === 'linux-x64' ? [SANITIZED] : [])])];

/** The file that the loader in packages/native loads on `target`. */
export const addonFile = (target = HOST) => join(NATIVE, 'build', target, 'Release', 'guruconnect.node');

const changedAt = (path) => statSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;

function isFresh(target) {
  const sources = ['cpp', 'cmake', 'test'].flatMap((folder) =>
    readdirSync(join(NATIVE, folder)).map((name) => join(NATIVE, folder, name)),
  );
  const newest = Math.max(...[...sources, join(NATIVE, 'CMakeLists.txt')].map(changedAt));
  return changedAt(addonFile(target)) > newest;
}

const works = (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).status === 0;

/** Why it cannot be built here, or undefined. On Windows cmake-js itself looks for Visual Studio. */
function missingTool(target) {
  if (!works('cmake')) return 'cmake is missing';
  if (target === CROSS) return works('x86_64-w64-mingw32-g++-posix') ? undefined : 'mingw-w64 is missing';
  if (process.platform === 'win32') return undefined;
  return works('c++') ? undefined : 'a C++ compiler is missing';
}

/**
 * @param {(line: string) => void} say
 * @param {string} target platform and architecture
 * @returns {string | undefined} why there is none, in a few words
 */
export function buildAddon(say, target = HOST) {
  if (isFresh(target)) return undefined;
  const missing = missingTool(target);
  if (missing !== undefined) return missing;
  say(`Building the native addon for ${target}...`);
  const cli = join(ROOT, 'node_modules', 'cmake-js', 'bin', 'cmake-js');
  const out = join('build', target);
  const args = [cli, 'build', '--out', out, ...(SETTINGS[target] ?? [])];
  const result = spawnSync(process.execPath, args, { cwd: NATIVE, encoding: 'utf8' });
  if (result.status === 0) {
    // A source of another platform leaves the file as it is: it is fresh all the same.
    utimesSync(addonFile(target), new Date(), new Date());
    return undefined;
  }
  process.stderr.write(`${result.stdout}${result.stderr}`);
  return 'the build failed, see above';
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const target = process.argv[2] ?? HOST;
  if (!TARGETS.includes(target)) {
    process.stderr.write(`native: ${target}: can build ${TARGETS.join(', ')} only\n`);
    process.exit(2);
  }
  const missing = buildAddon((line) => process.stdout.write(`${line}\n`), target);
  if (missing !== undefined) process.stderr.write(`native: ${missing}\n`);
  process.exitCode = missing === undefined ? 0 : 1;
}
