// Wine prefixes for the suites that need Windows: `node scripts/wine.mjs boot|reboot|kill <directory>`.
// A prefix is only ever ended through its own wineserver, not by process name: other prefixes live on.
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, openSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

const STEP_TIMEOUT_MS = 120_000;
const EXIT_TIMEOUT_MS = 10_000;

/** They keep Wine from asking for Mono and Gecko, writing menus, and starting a debugger on a crash. */
const DLL_OVERRIDES = 'mscoree,mshtml=;winemenubuilder.exe=;winedbg.exe=';

/** @param {string} prefix */
export function wineEnvironment(prefix) {
  const { DISPLAY: _display, WAYLAND_DISPLAY: _wayland, ...inherited } = process.env;
  return {
    ...inherited,
    WINEPREFIX: resolve(prefix),
    WINEARCH: 'win64',
    // A suite that reads what Wine itself says asks for more.
    WINEDEBUG: process.env.GURUCONNECT_WINEDEBUG ?? '-all',
    WINEDLLOVERRIDES: DLL_OVERRIDES,
    // Without one of UTF-8, Wine hands on arguments with a question mark for every letter that is not ASCII.
    LC_ALL: 'C.UTF-8',
  };
}

/**
 * Where services write: they inherit the standard streams of the prefix's first Wine process.
 * @param {string} prefix
 */
export function bootLog(prefix) {
  return join(resolve(prefix), 'boot.log');
}

/**
 * Makes the prefix if need be and leaves it booted: the service manager runs, and goes on until `killPrefix`.
 * @param {string} prefix
 */
export async function bootPrefix(prefix) {
  mkdirSync(prefix, { recursive: true });
  await step(prefix, 'wine', ['wineboot', '-i']);
  await step(prefix, 'wine', ['winecfg', '-v', 'win10']);
  // Wine gives a service 10 s to call its dispatcher, Windows 30 s: on a machine that does other things node takes longer to begin.
  const timeout = ['/v', 'ServicesPipeTimeout', '/t', 'REG_SZ', '/d', '60000', '/f'];
  await step(prefix, 'wine', ['reg', 'add', 'HKLM\\System\\CurrentControlSet\\Control', ...timeout]);
  await rebootPrefix(prefix);
}

/**
 * What a restart of Windows is to services: all end without a control, automatic ones start again.
 * @param {string} prefix
 */
export async function rebootPrefix(prefix) {
  await killPrefix(prefix);
  // Without -p the server would leave, and take the services along, when the last ordinary process ends.
  await step(prefix, 'wineserver', ['-p']);
  // The server starts nothing by itself: the service manager comes with the first Wine process.
  await step(prefix, 'wine', ['cmd', '/c', 'exit']);
}

/** @param {string} prefix */
export async function killPrefix(prefix) {
  // The exit code of -k says whether a server was there; both answers are fine.
  await run(prefix, 'wineserver', ['-k']);
  await step(prefix, 'wineserver', ['-w']);
}

/**
 * The same for exit handlers, in which nothing asynchronous happens any more.
 * @param {string} prefix
 */
export function killPrefixNow(prefix) {
  const env = wineEnvironment(prefix);
  for (const option of ['-k', '-w']) spawnSync('wineserver', [option], { env, timeout: EXIT_TIMEOUT_MS });
}

/**
 * @param {string} prefix
 * @param {string} program
 * @param {string[]} args
 */
async function step(prefix, program, args) {
  const code = await run(prefix, program, args);
  if (code !== 0) throw new Error(`${program} ${args.join(' ')} ended with ${code}; see ${bootLog(prefix)}`);
}

/**
 * Streams are files because the services keep them: a pipe would not end before the prefix does.
 * @param {string} prefix
 * @param {string} program
 * @param {string[]} args
 * @returns {Promise<number | string>}
 */
function run(prefix, program, args) {
  const log = openSync(bootLog(prefix), 'a');
  const child = spawn(program, args, {
    env: wineEnvironment(prefix),
    stdio: ['ignore', log, log],
    timeout: STEP_TIMEOUT_MS,
    killSignal: 'SIGKILL',
  });
  closeSync(log);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => done(code ?? String(signal)));
  });
}

/** @type {Record<string, (prefix: string) => Promise<void>>} */
const COMMANDS = { boot: bootPrefix, reboot: rebootPrefix, kill: killPrefix };

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [name = '', prefix] = process.argv.slice(2);
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined || prefix === undefined) {
    console.error('usage: node scripts/wine.mjs boot|reboot|kill <prefix directory>');
    process.exit(2);
  }
  await command(prefix);
}
