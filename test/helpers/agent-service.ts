/** The agent as an installed service in the Windows laboratory, with a relay of its own. */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Faults, type Relay, ofKind, startRelay } from '@guruconnect/relay';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import type { Test } from 'tap';
import type { ServiceStatus, SvcctlResult } from './windows-results.ts';
import {
  type WindowsLab,
  agentProgram,
  nodeExe,
  quoteImagePath,
  toWindowsPath,
  windowsFixture,
} from './windows.ts';

/** Bounds for things that take some hundred milliseconds, on a machine that does other things too. */
const LIMIT_MS = 20_000;

export type Status = SvcctlResult & Partial<ServiceStatus>;

export interface AgentService {
  readonly name: string;
  readonly imagePath: string;
  readonly relay: Relay;
  readonly data: string;
  start(): Promise<void>;
  /** Started, Running, and online at the relay. */
  online(): Promise<void>;
  control(code: number): Promise<Status>;
  query(): Promise<Status>;
  waitFor(state: 'running' | 'stopped' | 'start_pending' | 'stop_pending'): Promise<Status>;
}

export interface ServiceOptions {
  readonly startType?: 'auto' | 'demand';
  readonly faults?: Faults;
  /** A worker of test/fixtures in place of the product's. */
  readonly worker?: string;
  /** What the service fixture is to do wrong itself. */
  readonly mischief?: string;
}

const CONTROL_STOP = 1;
export const CONTROL = { stop: CONTROL_STOP, interrogate: 4, shutdown: 5, custom: 129, pause: 2 } as const;

const programOf = ({ worker, mischief }: ServiceOptions): readonly string[] =>
  worker === undefined && mischief === undefined
    ? [...agentProgram.map(toWindowsPath), SERVICE_RUN_ARG]
    : [
        ...[nodeExe, windowsFixture('service')].map(toWindowsPath),
        worker === undefined ? '-' : toWindowsPath(windowsFixture(worker)),
        mischief ?? '-',
      ];

/** Installs it; what the test leaves running is stopped, and the service deleted, by the laboratory. */
export const installAgent = async (
  t: Test,
  lab: WindowsLab,
  options: ServiceOptions = {},
): Promise<AgentService> => {
  const token = randomBytes(16).toString('hex');
  const relay = await startRelay({ port: 0, enrollTokens: [token], faults: options.faults ?? {} });
  const data = mkdtempSync(join(tmpdir(), 'guruconnect-svc-'));
  const name = lab.serviceName('GuruConnect');
  const imagePath = quoteImagePath([
    ...programOf(options),
    ...['--relay', relay.url, '--enroll-token', token, '--data', toWindowsPath(data)],
  ]);
  const { error } = await lab.svcctl('create', name, imagePath, options.startType ?? 'demand');
  if (error !== 0) throw new Error(`CreateService: ${error}`);
  const waitFor = (state: string) => lab.svcctl('wait', name, state, LIMIT_MS);
  const service: AgentService = {
    name,
    imagePath,
    relay,
    data,
    start: async () => {
      t.equal((await lab.svcctl('start', name)).error, 0, 'StartService');
    },
    online: async () => {
      const before = relay.events.length;
      await service.start();
      t.match(await waitFor('running'), { error: 0, state: 'running', controlsAccepted: 5, alive: true });
      await relay.waitFor(ofKind('session-online'), LIMIT_MS, before);
    },
    control: (code) => lab.svcctl('control', name, code),
    query: () => lab.svcctl('query', name),
    waitFor,
  };
  t.teardown(async () => {
    if ((await service.query()).state === 'running') await service.control(CONTROL_STOP);
    // Waited for and not asserted: in a teardown the test is over.
    if ((await service.query()).alive === true) await waitFor('stopped');
    await relay.close();
    rmSync(data, { recursive: true, force: true });
  });
  return service;
};

/** `Stopped`, ended as asked. */
export const STOPPED_OK = {
  error: 0,
  state: 'stopped',
  win32ExitCode: 0,
  serviceSpecificExitCode: 0,
  pid: 0,
};
/** `Stopped`, failed: ERROR_SERVICE_SPECIFIC_ERROR with code 1. */
export const STOPPED_FAILED = {
  error: 0,
  state: 'stopped',
  win32ExitCode: 1066,
  serviceSpecificExitCode: 1,
  pid: 0,
};
