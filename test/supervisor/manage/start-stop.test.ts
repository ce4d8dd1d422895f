import { installService } from '@guruconnect/supervisor/manage/install-service';
import { restartService, startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

const machineWith = async (version = 'v1') => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request(version)));
  await machine.elapse(1000);
  return machine;
};

const RUNNING = { state: 'running' } as const;

test('start: one that runs is running already, and not started twice', async (t) => {
  const machine = await machineWith();
  t.same(await machine.run(startService(machine.ports())), { already: true });
  t.equal(machine.processes(), 1);
});

test('start: one whose start is under way is waited for', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.good.behave({ hello: 8000 });
  await machine.ports().manager.start();
  t.same(await machine.run(startService(machine.ports())), { already: true });
  t.match(machine.scm.service(NAME)?.status, RUNNING);
  t.ok(
    machine.progress.some((what) => what.includes('to be running')),
    'and said so',
  );
});

test('start: one that is stopping is waited for, and started then', async (t) => {
  const machine = await machineWith();
  machine.good.behave({ stop: 4000 });
  await machine.run(restartService(machine.ports()));
  await machine.ports().manager.stop();
  t.same(await machine.run(startService(machine.ports())), { already: false });
  t.match(machine.scm.service(NAME)?.status, RUNNING);
  t.equal(machine.processes(), 1);
});

test('start: an answer of 1056 has been overtaken by another start: the next look tells', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.scm.fault('start', 1056);
  t.same(await machine.run(startService(machine.ports())), { already: false });
  t.match(machine.scm.service(NAME)?.status, RUNNING);
});

test('start: a database that is locked for a moment (1055) is tried again', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.scm.fault('start', 1055);
  await machine.run(startService(machine.ports()));
  t.match(machine.scm.service(NAME)?.status, RUNNING);
});

test('start: a database that stays locked is given up, within the bound', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.scm.fault('start', 1055, true);
  await t.rejects(machine.run(startService(machine.ports())), { message: /did not take the start in time/ });
});

test('start: one that is disabled says how to mend it', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  await machine.ports().manager.change({ startType: 'disabled' });
  await t.rejects(machine.run(startService(machine.ports())), {
    message: /is disabled: "guruconnect install"/,
  });
});

test('start: one whose worker dies at once says so, and does not try for ever', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.good.behave({ hello: 'dies' });
  await t.rejects(machine.run(startService(machine.ports())), {
    message: /did not start: the worker ended without being asked to/,
  });
});

test('start: one that stays pending without progress is called that', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.scm.fault('start', 'dropped');
  const service = machine.scm.service(NAME);
  if (service !== undefined) service.status = { ...service.status, state: 'start-pending', waitHint: 3000 };
  const since = machine.clock.now();
  await t.rejects(machine.run(startService(machine.ports())), { message: /start-pending without progress/ });
  t.ok(machine.clock.now() - since < 5000, 'after its wait hint');
});

test('stop: a stopped one is stopped already, and keeps from being restarted', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  t.same(await machine.run(stopService(machine.ports())), { already: true, forced: false });
  t.ok(machine.disk.note);
});

test('stop: one whose start is under way is stopped once it runs', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.good.behave({ hello: 3000 });
  await machine.ports().manager.start();
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: false });
  t.match(machine.scm.service(NAME)?.status, { state: 'stopped', win32ExitCode: 0 });
});

test('stop: one that is stopping already is waited for', async (t) => {
  const machine = await machineWith();
  machine.good.behave({ stop: 5000 });
  await machine.run(restartService(machine.ports()));
  await machine.ports().manager.stop();
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: false });
  t.equal(machine.processes(), 0);
});

for (const code of [1061, 1052]) {
  test(`stop: an answer of ${code} while it looks running is asked again`, async (t) => {
    const machine = await machineWith();
    machine.scm.fault('stop', code);
    t.same(await machine.run(stopService(machine.ports())), { already: false, forced: false });
  });
  test(`stop: one that answers ${code} for ever is ended by force, within the bound, and does not come back`, async (t) => {
    const machine = await machineWith();
    machine.scm.fault('stop', code, true);
    const since = machine.clock.now();
    t.same(await machine.run(stopService(machine.ports())), { already: false, forced: true });
    t.ok(machine.clock.now() - since < 65_000);
    await machine.elapse(86_400_000);
    t.equal(machine.processes(), 0);
  });
}

test('stop: an answer of 1062 has been overtaken by its end', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('stop', 1062);
  t.match(await machine.run(stopService(machine.ports())), { already: false });
});

test('stop: a supervisor that hangs in StopPending is ended by its handle, once its hint is over', async (t) => {
  const machine = await machineWith();
  const service = machine.scm.service(NAME);
  const since = machine.clock.now();
  if (service !== undefined)
    service.status = { ...service.status, state: 'stop-pending', waitHint: 10_000, checkPoint: 1 };
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: true });
  const took = machine.clock.now() - since;
  t.ok(took >= 10_000 && took < 12_000, `${took} ms`);
  t.match(machine.scm.service(NAME)?.status, { state: 'stopped', win32ExitCode: 1067 });
  await machine.elapse(86_400_000);
  t.equal(machine.processes(), 0, 'its recovery restart stands down');
});

test('stop: a slow one that keeps moving its check point is left its time', async (t) => {
  const machine = await machineWith();
  machine.good.behave({ stop: 'never' });
  await machine.run(restartService(machine.ports()));
  const since = machine.clock.now();
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: false });
  t.ok(
    machine.clock.now() - since >= 8000,
    'the worker was given its grace, and then killed by its supervisor',
  );
});

test('stop: a handle that cannot be had is no reason not to ask', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('process', 5, true);
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: false });
});

test('stop: what even force does not end is said', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('stop', 1053, true);
  const ports = machine.ports();
  const stubborn = {
    ...ports.manager,
    process: async () => {
      const process = await ports.manager.process();
      return process && { ...process, terminate: () => undefined };
    },
  };
  await t.rejects(machine.run(stopService({ ...ports, manager: stubborn })), { message: /cannot be ended/ });
});

test('restart: of a stopped one is a start', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  t.same(await machine.run(restartService(machine.ports())), { forced: false });
  t.match(machine.scm.service(NAME)?.status, RUNNING);
});
