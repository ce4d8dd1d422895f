/** Faults of the supervisor, and of the real agent; fault-matrix.test has those of a worker. */
import { ofKind } from '@guruconnect/relay';
import { test } from 'tap';
import { STOPPED_FAILED, installAgent } from '../helpers/agent-service.ts';
import { readLog, workerExit } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openLab, toWindowsPath, windowsUnavailable, agentProgram } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;

void test('faults of the service', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const alive = async (pid: number): Promise<boolean> => (await lab.svcctl('alive', pid)).alive ?? false;
  const workerPid = (data: string): number =>
    readLog(data)
      .flatMap(({ msg, worker }) => (msg === 'worker spawned' ? [Number(worker)] : []))
      .at(-1) ?? 0;

  await suite.test('a worker that is killed: 1066/1, and no process left', async (t) => {
    const service = await installAgent(t, lab);
    await service.online();
    const { pid: supervisorPid = 0 } = await service.query();
    const pid = workerPid(service.data);
    t.equal((await lab.svcctl('terminate', pid, 3)).error, 0);
    t.match(await service.waitFor('stopped'), STOPPED_FAILED);
    t.equal(workerExit(readLog(service.data))?.worker?.code, 3);
    t.notOk(await alive(pid), 'the worker is gone');
    t.notOk(await alive(supervisorPid), 'the supervisor is gone');
    t.equal((await service.relay.waitFor(ofKind('session-closed'), 5000)).code, 1006);
  });

  await suite.test('a supervisor that is killed takes its worker with it', async (t) => {
    const service = await installAgent(t, lab);
    await service.online();
    const { pid: supervisorPid = 0 } = await service.query();
    const pid = workerPid(service.data);
    t.ok(await alive(pid));
    await lab.svcctl('terminate', supervisorPid, 77);
    await service.relay.waitFor(ofKind('session-closed'), 5000);
    t.notOk(await alive(pid), 'the worker is gone');
    // Windows: Stopped with 1067. Wine keeps the state of the dead process, until the service is started again.
    const status = await service.query();
    t.ok(status.win32ExitCode === 1067 || status.alive === false, JSON.stringify(status));
    await service.online();
  });

  for (const mischief of ['throw-later', 'throw-at-spawn']) {
    await suite.test(`an exception in the supervisor's own code (${mischief}): 1066/1, logged`, async (t) => {
      const service = await installAgent(t, lab, { mischief });
      await service.start();
      t.match(await service.waitFor('stopped'), STOPPED_FAILED);
      const log = readLog(service.data);
      t.ok(
        log.some(({ msg }) => msg === 'the supervisor has failed'),
        'logged',
      );
      if (mischief === 'throw-later') t.notOk(await alive(workerPid(service.data)), 'no worker is left');
    });
  }

  await suite.test('a bad option in the image path: 1066/1, logged, not a service that hangs', async (t) => {
    const name = lab.serviceName('GuruConnect');
    const parts = agentProgram.map(toWindowsPath);
    const data = tempDir(t);
    const options = ['--bogus', '--data', toWindowsPath(data)];
    await lab.svcctl('create', name, lab.quoteImagePath([...parts, 'service-run', ...options]), 'demand');
    await lab.svcctl('start', name);
    t.match(await lab.svcctl('wait', name, 'stopped', 20_000), STOPPED_FAILED);
    t.match(readLog(data).at(-1), { msg: 'the supervisor has failed', err: { message: /--bogus/ } });
  });
});
