import { randomBytes } from 'node:crypto';
import { appendFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

import { wineProcesses } from './wine-processes.ts';
import { openPrefix } from './windows-prefix.ts';
import {
  agentProgram,
  labProgram,
  nodeExe,
  onWindows,
  quoteImagePath,
  runner,
  toWindowsPath,
  windowsUnavailable,
  wine,
  type LabProgram,
  type Run,
  type RunOptions,
  type RunResult,
} from './windows-programs.ts';
import type { StandinResult, SvcctlResult } from './windows-results.ts';

export {
  agentProgram,
  isPackaged,
  nodeExe,
  onWindows,
  quoteImagePath,
  toWindowsPath,
  windowsFixture,
  windowsUnavailable,
} from './windows-programs.ts';
export type { Run, RunOptions, RunResult } from './windows-programs.ts';
export type * from './windows-results.ts';

const SVCCTL_TIMEOUT_MS = 60_000;
// The stand-in bounds each of its waits; this is for the case that it fails to.
const STANDIN_TIMEOUT_MS = 180_000;
const STOP_TIMEOUT_MS = 10_000;

const SERVICE_CONTROL_STOP = 1;

export interface LabOptions {
  /** A Wine prefix for this suite alone even if the runner offers a shared one: it is needed to reboot. */
  readonly ownPrefix?: boolean;
}

export interface WindowsLab {
  readonly nodeExe: string;
  /** The file that the standard streams of services end in; undefined on Windows. */
  readonly bootLog: string | undefined;
  /** Why `reboot` would refuse, or undefined. */
  readonly rebootUnavailable: string | undefined;
  /** Why `standin` would refuse, or undefined. */
  readonly standinUnavailable: string | undefined;
  /** Runs a Windows program. Its path may be a Unix one, the arguments are passed on as they are. */
  readonly run: Run;
  /** `guruconnect <args>`. */
  guruconnect(args: readonly string[], options?: RunOptions): Promise<RunResult>;
  /** One command to the service manager: `svcctl('create', name, imagePath, 'auto')`. */
  svcctl(...args: readonly (string | number)[]): Promise<SvcctlResult>;
  /**
   * Runs a service that is installed and stopped under the stand-in, which ends it after the last step:
   * `standin(name, imagePath, 'wait:running:5000', 'control:5', 'wait-exit:5000')`.
   */
  standin(service: string, imagePath: string, ...steps: readonly string[]): Promise<StandinResult>;
  readonly toWindowsPath: typeof toWindowsPath;
  readonly quoteImagePath: typeof quoteImagePath;
  /** Writes down what every process does, for the runner to show where the suite fails. */
  tellStuck(what: string): void;
  /** A name that nothing else has. Whatever is installed under it by then, `close` stops and deletes. */
  serviceName(base: string): string;
  /** Restarts Windows as far as services can tell. */
  reboot(): Promise<void>;
  close(): Promise<void>;
}

export async function openLab(options: LabOptions = {}): Promise<WindowsLab> {
  const unavailable = windowsUnavailable();
  if (unavailable !== undefined) throw new Error(unavailable);
  const scratch = mkdtempSync(join(tmpdir(), 'guruconnect-lab-'));
  const discard = () => rmSync(scratch, { recursive: true, force: true });
  process.once('exit', discard);
  const prefix = await openPrefix(scratch, options.ownPrefix ?? false);
  const run = runner(scratch, prefix.directory);
  const [program = '', ...script] = agentProgram;
  const svcctl: WindowsLab['svcctl'] = async (...args) => {
    const result = await json<SvcctlResult>(run, 'svcctl', args.map(String), SVCCTL_TIMEOUT_MS);
    const [command, name, wanted] = args;
    if (command === 'wait' && result.state !== wanted)
      tellStuck(prefix.directory, `${name} is ${result.state}, not ${wanted}`);
    return result;
  };
  const names = new Set<string>();
  return {
    nodeExe,
    bootLog: prefix.directory === undefined ? undefined : wine.bootLog(prefix.directory),
    rebootUnavailable: prefix.rebootUnavailable,
    standinUnavailable: onWindows ? 'the stand-in speaks to services the way Wine does' : undefined,
    run,
    guruconnect: (args, runOptions) => run(program, [...script.map(toWindowsPath), ...args], runOptions),
    svcctl,
    standin: (...args) => json(run, 'standin', args, STANDIN_TIMEOUT_MS),
    toWindowsPath,
    quoteImagePath,
    tellStuck: (what) => {
      tellStuck(prefix.directory, what);
    },
    serviceName: (base) => freshName(names, base),
    reboot: () => prefix.reboot(),
    close: async () => {
      for (const name of names) await removeService(svcctl, name);
      names.clear();
      await prefix.close();
      process.off('exit', discard);
      discard();
    },
  };
}

/** Why a service did not get where it should is not to be seen afterwards. The runner shows the file where a suite failed. */
function tellStuck(prefix: string | undefined, what: string): void {
  const file = process.env['GURUCONNECT_STUCK'];
  if (file === undefined || prefix === undefined) return;
  appendFileSync(file, [what, ...wineProcesses(prefix).map((line) => `  ${line}`), ''].join('\n'));
}

function freshName(names: Set<string>, base: string): string {
  const name = `${base}-${randomBytes(4).toString('hex')}`;
  names.add(name);
  return name;
}

async function removeService(svcctl: WindowsLab['svcctl'], name: string): Promise<void> {
  const { error, alive, pid = 0 } = await svcctl('query', name);
  if (error !== 0) return;
  if (alive === true) {
    await svcctl('control', name, SERVICE_CONTROL_STOP);
    const stopped = await svcctl('wait', name, 'stopped', STOP_TIMEOUT_MS);
    if (stopped.error !== 0) await svcctl('terminate', pid, 1);
  }
  await svcctl('delete', name);
}

async function json<Result>(run: Run, name: LabProgram, args: readonly string[], timeoutMs: number) {
  const { code, stdout, stderr } = await run(labProgram(name), args, { timeoutMs });
  if (code !== 0) throw new Error(`${name} ${args.join(' ')} ended with ${String(code)}: ${stderr}`);
  return JSON.parse(stdout) as Result;
}
