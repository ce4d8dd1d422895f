/** `guruconnect install` and its kin as an administrator runs them, in the Windows laboratory, with a relay of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Relay, startRelay } from '@guruconnect/relay';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Test } from 'tap';
import type { Status } from './agent-service.ts';
import { type RunResult, type WindowsLab, toWindowsPath } from './windows.ts';

/** The parts of `status --json` that the suites look at. */
export interface StatusJson {
  readonly service: {
    readonly presence: string;
    readonly state?: string;
    readonly pid?: number;
    readonly imagePath?: string;
    readonly lastExit?: string | null;
    readonly recovery?: { readonly actions: unknown; readonly flag: boolean | null };
  };
  readonly supervisor: {
    readonly pid: number;
    readonly workerPid?: number;
    readonly link?: { readonly state: string };
  } | null;
  readonly trouble: string | null;
  readonly credential: string;
  readonly exitCode: number;
}

export interface ManagedService {
  readonly relay: Relay;
  /** Of this machine, not as Windows sees it. */
  readonly data: string;
  readonly token: string;
  /** `guruconnect <command> <options>`. */
  run(command: string, ...args: readonly string[]): Promise<RunResult>;
  /** Installs with all that the laboratory needs. */
  install(...args: readonly string[]): Promise<RunResult>;
  status(): Promise<StatusJson>;
  /** What the laboratory's own program says of it. */
  query(): Promise<Status>;
}

/** The laboratory's disk belongs to the user it runs as: for Windows that is no administrator. */
export const LABORATORY = ['--allow-insecure-path', '--take-over-data'] as const;

/** Nothing is installed yet. What is at the end is uninstalled, with its process. */
export const openManaged = async (t: Test, lab: WindowsLab): Promise<ManagedService> => {
  const token = randomBytes(16).toString('hex');
  const relay = await startRelay({ port: 0, enrollTokens: [token] });
  const data = mkdtempSync(join(tmpdir(), 'guruconnect-managed-'));
  const run: ManagedService['run'] = (command, ...args) =>
    lab.guruconnect([command, ...args], {
      env: { GURUCONNECT_ENROLL_TOKEN: token },
      timeoutMs: 120_000,
    });
  const service: ManagedService = {
    relay,
    data,
    token,
    run,
    install: (...args) =>
      run('install', ...LABORATORY, '--relay', relay.url, '--data', toWindowsPath(data), ...args),
    status: async () => JSON.parse((await run('status', '--json')).stdout) as StatusJson,
    query: () => lab.svcctl('query', SERVICE_NAME),
  };
  t.teardown(async () => {
    await run('uninstall');
    await relay.close();
    rmSync(data, { recursive: true, force: true });
  });
  return service;
};
