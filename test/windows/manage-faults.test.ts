/** The service's commands where something is wrong. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { CONTROL, STOPPED_FAILED } from '../helpers/agent-service.ts';
import { LABORATORY, openManaged } from '../helpers/managed-service.ts';
import { managerCalls } from '../helpers/manager-calls.ts';
import { readLog } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import {
  nodeExe,
  openLab,
  quoteImagePath,
  toWindowsPath,
  windowsUnavailable,
  windowsFixture,
} from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const LIMIT_MS = 20_000;
const DOES_NOT_EXIST = 1060;

void test('the service’s commands, where something is wrong', { skip, timeout: 400_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const isGone = async (pid: number): Promise<boolean> => (await lab.svcctl('alive', pid)).alive !== true;

  await suite.test('a worker’s death is what status says of it, and start brings it back', async (t) => {
    const service = await openManaged(t, lab);
    await service.install();
    const { supervisor } = await service.status();
    await lab.svcctl('terminate', supervisor?.workerPid ?? 0, 3);
    t.match(await lab.svcctl('wait', SERVICE_NAME, 'stopped', LIMIT_MS), STOPPED_FAILED);
    t.match(await service.run('status'), {
      code: 3,
      stdout: /last exit +the worker ended without being asked to/,
    });
    t.match(await service.run('start'), { code: 0, stdout: /started: online at/ });
  });

  await suite.test('a supervisor that was killed: stop and start get over what is left of it', async (t) => {
    const service = await openManaged(t, lab);
    await service.install();
    await lab.svcctl('terminate', (await service.query()).pid ?? 0, 77);
    t.match(await service.run('status'), { code: 3, stdout: /last exit +the supervisor vanished/ });
    t.equal((await service.run('stop')).code, 0);
    t.match(await service.run('start'), { code: 0, stdout: /started: online at/ });
    t.match(await service.query(), { state: 'running', alive: true });
  });

  await suite.test(
    'a service that hangs is told, and ends within its budget when it is stopped',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install();
      await service.run('stop');
      const data = ['--relay', service.relay.url, '--data', toWindowsPath(service.data)];
      const parts = [toWindowsPath(nodeExe), toWindowsPath(windowsFixture('service')), '-', 'hang', ...data];
      await lab.svcctl('delete', SERVICE_NAME);
      await lab.svcctl('create', SERVICE_NAME, quoteImagePath(parts), 'demand');
      await lab.svcctl('start', SERVICE_NAME);
      await lab.svcctl('wait', SERVICE_NAME, 'running', LIMIT_MS);
      const { pid = 0 } = await service.query();
      t.match(
        await service.status(),
        { supervisor: { pid }, service: { state: 'running' } },
        'the addon answers for it',
      );
      const since = performance.now();
      t.match(await service.run('stop'), { code: 0, stdout: /did not answer in time and was ended/ });
      const took = performance.now() - since;
      t.ok(took > TIMING.stopBudget && took < 40_000, `once its budget was over: ${Math.round(took)} ms`);
      t.match(await service.status(), { service: { state: 'stopped', lastExit: /1066 \/ 2/ } });
      t.ok(await isGone(pid));
      t.ok(existsSync(join(service.data, 'stopped')), 'and a note keeps its recovery from bringing it back');
    },
  );

  await suite.test(
    'marked for deletion: what keeps it is named; when that is gone, it installs',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install('--no-start');
      const holding = lab.svcctl('hold', SERVICE_NAME, 25_000);
      await new Promise((resolve) => setTimeout(resolve, 1000));
      t.match(await service.run('uninstall'), { code: 1, stderr: /marked for deletion.*services\.msc/ });
      t.match(await service.install(), { code: 1, stderr: /marked for deletion.*services\.msc/ });
      // It may have gone in time for the former one to be put back.
      await holding;
      t.match(await service.install(), { code: 0, stdout: /(installed|updated): online at/ });
    },
  );

  await suite.test(
    'a restart whose terminal dies in the middle of it leaves no machine behind',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install();
      await service.run('stop');
      // A worker that does not obey: the stop takes its whole grace.
      const data = ['--relay', service.relay.url, '--data', toWindowsPath(service.data)];
      const worker = toWindowsPath(windowsFixture('worker-deaf'));
      await lab.svcctl('delete', SERVICE_NAME);
      const parts = [toWindowsPath(nodeExe), toWindowsPath(windowsFixture('service')), worker, '-', ...data];
      await lab.svcctl('create', SERVICE_NAME, quoteImagePath(parts), 'demand');
      await lab.svcctl('start', SERVICE_NAME);
      t.match(await lab.svcctl('wait', SERVICE_NAME, 'running', LIMIT_MS), { error: 0 });
      const before = (await service.query()).pid;
      const restart = await lab.guruconnect(['restart'], {
        timeoutMs: 4000,
      });
      t.equal(restart.code, null, 'it was killed');
      t.match(await service.query(), { state: 'stop_pending' }, 'in the middle of the stop');
      t.match(await lab.svcctl('wait', SERVICE_NAME, 'stopped', LIMIT_MS), { error: 0 });
      t.match(
        await lab.svcctl('wait', SERVICE_NAME, 'running', LIMIT_MS),
        { error: 0 },
        'started by the guard',
      );
      t.not((await service.query()).pid, before);
    },
  );

  await suite.test('refused before anything is changed', async (t) => {
    const service = await openManaged(t, lab);
    const data = ['--data', toWindowsPath(service.data)];
    const relay = ['--relay', service.relay.url];
    const refuse = async (args: readonly string[], why: RegExp): Promise<void> => {
      const { code, stderr } = await service.run('install', ...args);
      t.equal(code, 2, stderr);
      t.match(stderr, why);
      t.notOk(existsSync(join(service.data, 'config.json')));
    };
    await refuse([...data, ...relay], /: .* can change what the service would run as LocalSystem/);
    const insecure = [...LABORATORY, ...data];
    await refuse([...insecure], /no relay is configured/);
    await refuse([...insecure, '--relay', 'ws://relay.example'], /relay: ws:\/\/ is not encrypted/);
    await refuse([...insecure, ...relay, '--ca', 'nowhere.pem'], /--ca: ENOENT/);
    await refuse([...insecure, ...relay, '--delayed-start', 'perhaps'], /--delayed-start: not yes or no/);
    const at = (path: string) => [...LABORATORY, ...relay, '--data', path];
    await refuse(at('\\\\server\\share\\data'), /\\\\server\\share\\data: must be on a local drive/);
    await refuse(at('\\\\?\\C:\\data'), /must be on a local drive/);
    await refuse(at('C:\\%PUBLIC%\\data'), /must not contain %…%/);
    await refuse(at('C:\\nowhere\\at all\\data'), /C:\\nowhere\\at all does not exist: make it first/);
    const open = tempDir(t);
    writeFileSync(join(open, 'config.json'), '{}');
    const theirs = ['--data', toWindowsPath(open), ...relay];
    await refuse(['--allow-insecure-path', ...theirs], /cannot be believed.*--take-over-data/);
    await refuse(['--take-over-data', ...theirs], /can change what the service would run as LocalSystem/);
    const withoutToken = await lab.guruconnect(['install', ...insecure, ...relay], {
      env: { GURUCONNECT_ENROLL_TOKEN: '' },
    });
    t.match(withoutToken, { code: 2, stderr: /no credential is stored in .*--enroll-token/ });
    t.equal((await service.query()).error, DOES_NOT_EXIST);
  });

  await suite.test('a folder that holds other things is not taken over', async (t) => {
    const service = await openManaged(t, lab);
    const folder = join(service.data, 'full');
    mkdirSync(folder, { mode: 0o777 });
    writeFileSync(join(folder, 'mine.txt'), '');
    const { code, stderr } = await service.install('--data', toWindowsPath(folder));
    t.equal(code, 2);
    t.match(stderr, /holds other things already, and is open to /);
  });

  await suite.test(
    'a data folder that has gone is made anew, and lets in nobody who should not',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install();
      await service.run('stop');
      rmSync(service.data, { recursive: true });
      await lab.svcctl('start', SERVICE_NAME);
      await lab.svcctl('wait', SERVICE_NAME, 'stopped', LIMIT_MS);
      t.match(
        readLog(service.data).map(({ msg }) => msg),
        ['service started'],
      );
      const made = await managerCalls(lab)(['addon', 'fileSecurity', toWindowsPath(service.data)]);
      const { aces } = made[0]?.value as { readonly aces: readonly { readonly sid: string }[] };
      const sids = aces.map(({ sid }) => sid);
      t.ok(sids.includes('S-1-5-18'), sids.join());
      t.notOk(sids.includes('S-1-1-0') || sids.includes('S-1-5-32-545'), sids.join());
    },
  );

  await suite.test('a stop by another tool leaves its note, and a start removes it', async (t) => {
    const service = await openManaged(t, lab);
    await service.install();
    await lab.svcctl('control', SERVICE_NAME, CONTROL.stop);
    await lab.svcctl('wait', SERVICE_NAME, 'stopped', LIMIT_MS);
    t.ok(existsSync(join(service.data, 'stopped')));
    await lab.svcctl('start', SERVICE_NAME);
    await lab.svcctl('wait', SERVICE_NAME, 'running', LIMIT_MS);
    t.notOk(existsSync(join(service.data, 'stopped')));
    const messages = readLog(service.data).map(({ msg }) => msg);
    t.ok(messages.includes('service ended'));
  });
});
