import { startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import type { ServiceStateName } from '@guruconnect/supervisor/manage/service-manager';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { trueStatus } from '@guruconnect/supervisor/manage/true-status';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

/** The SCM has not noticed yet that the process is gone; Wine's never does. */
const unnoticed = async (state: ServiceStateName = 'running') => {
  const machine = createManagedMachine();
  const ports = machine.ports();
  await machine.run(installService(ports, request('v1')));
  const running = machine.scm.service(NAME)?.status;
  if (running === undefined) throw new Error('it is installed');
  const before = { ...running, state, waitHint: state === 'running' ? 0 : 10_000 };
  machine.scm.process(NAME)?.exit(1);
  let noticed = false;
  const manager = {
    ...ports.manager,
    status: () => (noticed ? ports.manager.status() : Promise.resolve(before)),
    start: () => {
      noticed = true;
      return ports.manager.start();
    },
  };
  return { machine, ports: { ...ports, manager } };
};

test('a service that is called running, and whose process is gone, is stopped already', async (t) => {
  const { machine, ports } = await unnoticed();
  t.same(await machine.run(stopService(ports)), { already: true, forced: false });
  t.ok(machine.disk.note);
});

test('a service that is called running, and whose process is gone, is started', async (t) => {
  const { machine, ports } = await unnoticed();
  t.same(await machine.run(startService(ports)), { already: false });
  t.match(machine.scm.service(NAME)?.status, { state: 'running' });
});

test('who may not look at the process believes the SCM', async (t) => {
  const { machine, ports } = await unnoticed();
  machine.scm.fault('process', 5, true);
  t.same(await machine.run(startService(ports)), { already: true });
});

for (const state of ['start-pending', 'stop-pending'] as const) {
  test(`a service that is called ${state}, and whose process is gone, is stopped already`, async (t) => {
    const { machine, ports } = await unnoticed(state);
    t.same(await machine.run(stopService(ports)), { already: true, forced: false });
  });
}

test('a service that is being started and has no process yet is not gone', async (t) => {
  const { machine, ports } = await unnoticed('start-pending');
  const manager = {
    ...ports.manager,
    status: async () => ({ ...(await ports.manager.status()), pid: 0 }),
  };
  t.equal((await machine.run(trueStatus(manager))).state, 'start-pending');
});

test('a service that is called running, and whose process is gone, has the status of one that vanished', async (t) => {
  const { machine, ports } = await unnoticed();
  t.same(await machine.run(trueStatus(ports.manager)), {
    state: 'stopped',
    controlsAccepted: 0,
    win32ExitCode: 1067,
    serviceExitCode: 0,
    checkPoint: 0,
    waitHint: 0,
    pid: 0,
  });
});

test('a service that is called running, and has no process by the SCM’s own words, has vanished, whoever asks', async (t) => {
  const { machine, ports } = await unnoticed();
  const status = async () => ({ ...(await ports.manager.status()), pid: 0 });
  machine.scm.fault('process', 5, true);
  const found = await machine.run(trueStatus({ ...ports.manager, status }));
  t.match(found, { state: 'stopped', win32ExitCode: 1067 });
});

test('a service that runs is left as the SCM tells it', async (t) => {
  const machine = createManagedMachine();
  const { manager } = machine.ports();
  await machine.run(installService(machine.ports(), request('v1')));
  t.same(await machine.run(trueStatus(manager)), await manager.status());
});
