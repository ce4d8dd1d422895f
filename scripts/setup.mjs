// What every npm script needs first: dependencies, the built TypeScript, and the addon where a compiler is at hand.
// It runs before anything is installed, so it is plain JavaScript and imports nothing but Node. Cheap when up to date.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { buildAddon } from './native.mjs';

export const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WINDOWS = process.platform === 'win32';
const STAMP = join(ROOT, '.cache', 'installed');

/** @param {string} path */
const read = (path) => readFileSync(join(ROOT, path), 'utf8');

/** Runs a program of Node's; its output is shown only when it fails. */
function run(what, program, args, options = {}) {
  const result = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8', ...options });
  if (result.status === 0) return;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}${result.error?.message ?? ''}\n`);
  process.stderr.write(`${what} failed: ${program} ${args.join(' ')}\n`);
  process.exit(1);
}

/** The dependencies as the lockfile has them, by the pnpm that package.json names. */
function install(say) {
  const pnpm = JSON.parse(read('package.json')).packageManager;
  const wanted = createHash('sha256').update(read('pnpm-lock.yaml')).digest('hex');
  const have = existsSync(STAMP) && existsSync(join(ROOT, 'node_modules')) ? readFileSync(STAMP, 'utf8') : '';
  if (have === wanted) return;
  say('Installing the dependencies...');
  run('The installation', 'npx', ['--yes', pnpm, 'install', '--frozen-lockfile'], { shell: WINDOWS });
  mkdirSync(join(ROOT, '.cache'), { recursive: true });
  writeFileSync(STAMP, wanted);
}

/** @param {string[]} projects of `tsc -b`; none for all of them, the tests included */
export function compile(projects, say) {
  const first = !existsSync(join(ROOT, 'packages', 'supervisor', 'dist'));
  if (first) say('Building...');
  run('The build', process.execPath, [
    join(ROOT, 'node_modules', 'typescript', 'bin', 'tsc'),
    '-b',
    ...projects,
  ]);
}

const PRODUCT = ['shared', 'native', 'store', 'supervisor', 'worker', 'relay'].map(
  (name) => `packages/${name}`,
);

/** @param {(line: string) => void} say progress, for a person */
export function setUp(say = (line) => process.stdout.write(`${line}\n`)) {
  install(say);
  compile(PRODUCT, say);
  const missing = buildAddon(say);
  if (missing !== undefined) say(`The native addon is not built: ${missing}.`);
}
