import { spawn, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { accessSync, closeSync, constants, existsSync, openSync, readFileSync } from 'node:fs';
import { readFile, rm } from 'node:fs/promises';
import { delimiter, dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';

import type * as LabScript from '../../scripts/lab.mjs';
import type * as WineScript from '../../scripts/wine.mjs';

const DEFAULT_TIMEOUT_MS = 60_000;

export interface RunOptions {
  /** After this time the program is killed. */
  readonly timeoutMs?: number;
  /** Added to the environment. */
  readonly env?: Readonly<Record<string, string>>;
  readonly cwd?: string;
}

export interface RunResult {
  /** Wine keeps only the low eight bits; null says that the program was killed. */
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

export type Run = (program: string, args?: readonly string[], options?: RunOptions) => Promise<RunResult>;

export const onWindows = process.platform === 'win32';

const root = repositoryRoot(dirname(fileURLToPath(import.meta.url)));
const lab = (await importScript('lab.mjs')) as typeof LabScript;

export const wine = (await importScript('wine.mjs')) as typeof WineScript;

/** The Windows node.exe that the services under test run on. */
export const nodeExe = onWindows
  ? process.execPath
  : (process.env['GURUCONNECT_WINDOWS_NODE'] ?? lab.windowsNode);

/** What the suites run: `packaged` (scripts/test.mjs sets it), or the checkout as it is compiled. */
export const isPackaged = process.env['GURUCONNECT_PROGRAM'] === 'packaged';
const packagedExe = join(root, 'dist', 'guruconnect.exe');

/** The program, with what stands in front of its command. */
export const agentProgram: readonly string[] = isPackaged
  ? [packagedExe]
  : [nodeExe, join(root, 'packages', 'supervisor', 'bin', 'guruconnect.js')];

/** A program of test/fixtures for node.exe: bundled where the product is packaged, as many small files are slow to load under Wine. */
export const windowsFixture = (name: string): string =>
  join(root, ...(isPackaged ? ['.cache', 'bundled'] : ['test', 'dist', 'fixtures']), `${name}.js`);

/** What lives many lives in one process of Windows. */
export const soakProgram = isPackaged
  ? windowsFixture('soak')
  : join(root, 'test', 'dist', 'soak', 'main.js');

const builtAddon = join(root, 'packages', 'native', 'build', 'win32-x64', 'Release', 'guruconnect.node');
const hashOf = (file: string): string => createHash('sha256').update(readFileSync(file)).digest('hex');

/** The addon that the program loads: the built one, or what the packaged program has unpacked of it. */
export const addonOfAgent = (): string =>
  isPackaged
    ? join(root, 'dist', `native-${hashOf(builtAddon).slice(0, 16)}`, 'guruconnect.node')
    : builtAddon;

/** tap puts its own hooks into NODE_OPTIONS of every process spawned: Windows' node.exe cannot read them. */
const PLAIN = ['env', '-u', 'NODE_OPTIONS'];

export type LabProgram = 'svcctl' | 'standin';

export function labProgram(name: LabProgram): string {
  return join(lab.labPrograms, `${name}.exe`);
}

/** `net session` is refused to everyone but an administrator. */
const isElevated = (): boolean => spawnSync('net', ['session'], { stdio: 'ignore' }).status === 0;

/** Why no Windows program can run here, or undefined; made for tap's `skip`. */
export function windowsUnavailable(): string | undefined {
  if (!onWindows && !(onPath('wine') && onPath('wineserver'))) {
    return 'wine is missing: apt-get install --no-install-recommends wine wine64';
  }
  if (onWindows && !isElevated())
    return "these suites install services: run them from an administrator's terminal";
  const programs = [labProgram('svcctl'), labProgram('standin'), nodeExe, ...agentProgram];
  const missing = programs.find((file) => !existsSync(file));
  return missing === undefined
    ? undefined
    : `${missing} is missing: node scripts/lab.mjs, and npm run package where the packaged program is tested`;
}

/** Runs Windows programs in the prefix, with their output on files: node.exe cannot write to a Unix pipe. */
export function runner(scratch: string, prefix: string | undefined): Run {
  let count = 0;
  const prefixEnvironment = prefix === undefined ? process.env : wine.wineEnvironment(prefix);
  return async (program, args = [], options = {}) => {
    const base = join(scratch, `run-${count++}`);
    const plain = options.env?.['NODE_OPTIONS'] === undefined ? PLAIN : [];
    const [file, ...rest] = onWindows ? [program, ...args] : [...plain, 'wine', program, ...args];
    const code = await exitCode(base, file ?? program, rest, {
      env: { ...prefixEnvironment, ...options.env },
      timeout: options.timeoutMs ?? DEFAULT_TIMEOUT_MS,
      ...(options.cwd === undefined ? {} : { cwd: options.cwd }),
    });
    return { code, stdout: await taken(`${base}.out`), stderr: await taken(`${base}.err`) };
  };
}

interface SpawnOptions {
  readonly env: NodeJS.ProcessEnv;
  readonly timeout: number;
  readonly cwd?: string;
}

function exitCode(base: string, file: string, args: readonly string[], options: SpawnOptions) {
  const out = openSync(`${base}.out`, 'w');
  const err = openSync(`${base}.err`, 'w');
  const child = spawn(file, args, { ...options, killSignal: 'SIGKILL', stdio: ['ignore', out, err] });
  closeSync(out);
  closeSync(err);
  return new Promise<number | null>((done, fail) => {
    child.once('error', fail);
    child.once('exit', done);
  });
}

async function taken(file: string): Promise<string> {
  const text = await readFile(file, 'utf8');
  await rm(file);
  return text;
}

/** The same file as Windows programs see it: Wine shows the Unix root as drive Z. */
export function toWindowsPath(path: string): string {
  if (onWindows || /^[A-Za-z]:[\\/]/.test(path)) return path;
  return `Z:${resolve(path).replaceAll('/', '\\')}`;
}

/** A command line that Windows splits into exactly these parts, the program first. */
export function quoteImagePath(parts: readonly string[]): string {
  const [program = '', ...args] = parts;
  // The rules for the program differ: it ends at the next quote, and backslashes are never escapes.
  return [`"${program}"`, ...args.map(quoteArgument)].join(' ');
}

function quoteArgument(argument: string): string {
  if (argument !== '' && !/[\s"]/.test(argument)) return argument;
  // Backslashes are ordinary characters except in front of a quote, and our closing quote is one.
  const escaped = argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1');
  return `"${escaped}"`;
}

function onPath(program: string): boolean {
  const directories = (process.env['PATH'] ?? '').split(delimiter);
  return directories.some((directory) => executable(join(directory, program)));
}

function executable(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

function repositoryRoot(from: string): string {
  if (existsSync(join(from, 'pnpm-workspace.yaml'))) return from;
  const parent = dirname(from);
  if (parent === from) throw new Error('pnpm-workspace.yaml is in no directory above this file');
  return repositoryRoot(parent);
}

// The scripts lie outside of what tsc compiles: a static import would miss them from where the output lies.
function importScript(name: string): Promise<unknown> {
  return import(pathToFileURL(join(root, 'scripts', name)).href);
}
