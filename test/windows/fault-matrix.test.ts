/** Every death of a worker in every state of its service: a service under the Service Control Manager. */
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { CONTROL } from '../helpers/agent-service.ts';
import { allowTime } from '../helpers/allow-time.ts';
import { type Cell, boundOf } from '../helpers/deaths.ts';
import { type Found, testMatrix } from '../helpers/fault-matrix.ts';
import { type LogLine, readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import {
  type SvcctlResult,
  type WindowsLab,
  openLab,
  windowsUnavailable,
  windowsFixture,
} from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
/** A minute or so where nothing else runs; forty services with forty workers where much does. */
const LIMIT_MS = 600_000;
const STOPPED_MS = 90_000;
const SEEN_MS = 30_000;
const LOOK_MS = 25;
/** What the worker that is killed from outside ends with. */
const KILLED = 3;

interface Service {
  readonly lab: WindowsLab;
  readonly name: string;
  readonly data: string;
}

/** @throws Error where there is no such line in time. Another system's programs write the log: there is no event. */
const logged = async ({ lab, data, name }: Service, wanted: (line: LogLine) => boolean): Promise<void> => {
  const end = performance.now() + SEEN_MS;
  const file = join(data, 'logs', 'supervisor.log');
  while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('\n') || !readLog(data).some(wanted)) {
    if (performance.now() > end) {
      const found = existsSync(file) ? readFileSync(file, 'utf8') : 'no such file';
      lab.tellStuck(`${name}: ${found}`);
      throw new Error(`nothing of the kind in ${file}: ${found}`);
    }
    await pause(LOOK_MS);
  }
};

const workerPid = (data: string): number | undefined =>
  readLog(data).find(({ msg }) => msg === 'worker spawned')?.worker as number | undefined;

const inState = (state: Cell['state']) => (line: LogLine) =>
  state === 'starting' ? line.msg === 'worker spawned' : line.msg === 'service' && line.to === state;

/** Does what the death needs to be done from outside. */
const bringAbout = async (service: Service, cell: Cell): Promise<void> => {
  const { lab, name, data } = service;
  await logged(service, inState(cell.state === 'starting' ? 'starting' : 'running'));
  if (cell.state === 'stopping') await lab.svcctl('control', name, CONTROL.stop);
  if (cell.name !== 'killed') return;
  await logged(service, inState(cell.state));
  await lab.svcctl('terminate', workerPid(data) ?? 0, KILLED);
};

const statusOf = ({ state, win32ExitCode, serviceSpecificExitCode }: SvcctlResult): string =>
  `${state} ${win32ExitCode}/${serviceSpecificExitCode}`;

/** The supervisor, the worker, and the child of the worker that leaves one. */
const leftOf = async ({ lab, data }: Service): Promise<number> => {
  const child = join(data, 'child.pid');
  const pids = [
    readLog(data)[0]?.pid,
    workerPid(data),
    existsSync(child) ? Number(readFileSync(child, 'utf8')) : undefined,
  ];
  const { left = NaN } = await lab.svcctl('left', TIMING.hardEnd, ...pids.filter((pid) => pid !== undefined));
  return left;
};

const runIn =
  (t: Test, lab: WindowsLab) =>
  async (cell: Cell, ready: () => void): Promise<Found> => {
    const data = tempDir(t);
    const name = `GuruConnect-${randomBytes(4).toString('hex')}`;
    const service = { lab, name, data };
    const parts = [lab.nodeExe, windowsFixture('dying-supervisor')].map(lab.toWindowsPath);
    const args = ['service', cell.name, cell.state, lab.toWindowsPath(data)];
    await lab.svcctl('create', name, lab.quoteImagePath([...parts, ...args]), 'demand');
    const { error } = await lab.svcctl('start', name);
    t.equal(error, 0, `StartService: ${cell.name} while ${cell.state}`);
    try {
      await bringAbout(service, cell);
      if (boundOf(cell.outcomes[0]) > 0) ready();
      const status = statusOf(await lab.svcctl('wait', name, 'stopped', STOPPED_MS));
      return { status, left: await leftOf(service), log: readLog(data) };
    } finally {
      await lab.svcctl('delete', name);
    }
  };

allowTime(LIMIT_MS);
void test('every death in every state, as a service', { skip, timeout: LIMIT_MS }, async (t) => {
  const lab = await openLab();
  t.teardown(() => lab.close());
  const statuses = { OK: 'stopped 0/0', FAILED: 'stopped 1066/1' };
  await testMatrix(t, { host: 'service', statuses, run: runIn(t, lab) });
});
