/** The programs of the Windows benchmarks: the product as it is packaged, node.exe, what is compiled for them, and NSSM. */
import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type * as LabScript from '../../scripts/lab.mjs';
import type * as WineScript from '../../scripts/wine.mjs';
import { BENCH, ROOT, cached } from '../places.ts';

// The scripts lie outside of what tsc compiles: a static import would miss them from where the output lies.
const importScript = (name: string): Promise<unknown> =>
  import(pathToFileURL(join(ROOT, 'scripts', name)).href);
const lab = (await importScript('lab.mjs')) as typeof LabScript;
export const wine = (await importScript('wine.mjs')) as typeof WineScript;

export const PROGRAM = {
  product: join(ROOT, 'dist', 'guruconnect.exe'),
  node: lab.windowsNode,
  meter: cached('windows', 'meter.exe'),
  floor: cached('windows', 'floor_host.exe'),
  seed: cached('windows', 'seed_host.exe'),
  standin: join(lab.labPrograms, 'standin.exe'),
} as const;

const COMPILER = 'x86_64-w64-mingw32-gcc-posix';
const FLAGS = [
  ...['-std=c11', '-O2', '-s', '-static'],
  ...['UNICODE', '_UNICODE', '_WIN32_WINNT=0x0A00', 'WIN32_LEAN_AND_MEAN', '__USE_MINGW_ANSI_STDIO=1'].map(
    (name) => `-D${name}`,
  ),
  ...['-Werror', '-Wall', '-Wextra', '-Wpedantic', '-Wshadow', '-Wundef', '-Wformat=2', '-Wvla'],
  ...['-Wconversion', '-Wsign-conversion', '-Wcast-qual', '-Wswitch-enum', '-Wmissing-prototypes'],
];

const run = (program: string, args: readonly string[]): void => {
  const { status, error, stdout, stderr } = spawnSync(program, [...args], { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stdout}${stderr}`);
};

const compile = (program: string, sources: readonly string[], options: readonly string[]): void => {
  const files = sources.map((name) => join(BENCH, 'native', `${name}.c`));
  run(COMPILER, [...FLAGS, ...files, '-o', program, ...options]);
};

/** Why none of it can run on this machine, or `undefined`. */
export const windowsMissing = (): string | undefined => {
  if (process.platform !== 'linux') return 'these benchmarks run under Wine, on Linux';
  const missing = ['wine', 'wineserver', COMPILER].find(
    (program) => spawnSync(program, ['--version'], { stdio: 'ignore' }).error !== undefined,
  );
  return missing === undefined ? undefined : `${missing} is missing`;
};

let isPrepared = false;

/** Builds and fetches what is measured, once: the product anew, as it is in the checkout. Takes some 20 s. @throws Error that says what failed. */
export const prepareWindows = (): void => {
  if (isPrepared) return;
  run(process.execPath, [join(ROOT, 'scripts', 'package.mjs')]);
  lab.buildLab();
  compile(PROGRAM.meter, ['meter', 'meter_commands', 'worker_process'], ['-lntdll']);
  compile(PROGRAM.floor, ['floor_host', 'service'], ['-municode']);
  compile(PROGRAM.seed, ['seed_host', 'service', 'web_socket'], ['-lws2_32']);
  isPrepared = true;
};

/** As Windows programs see it: Wine shows the Unix root as drive Z. With slashes, which they take as well. */
export const onDriveZ = (path: string): string => `Z:${resolve(path)}`;

/** As the SCM wants it. */
export const windowsPath = (path: string): string => onDriveZ(path).replaceAll('/', '\\');
