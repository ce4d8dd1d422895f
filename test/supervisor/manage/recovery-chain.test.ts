/** The whole chain on the fake SCM: the worker dies, the product's machine reports it, recovery starts the service, it is online. */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

const installed = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  await machine.elapse(1000);
  return machine;
};

test('every death of the worker is answered, after 5, 5, 5, 30, 120, 600 s and then every 600 s', async (t) => {
  const machine = await installed();
  t.ok(machine.online());
  for (const delayMs of [5000, 5000, 5000, 30_000, 120_000, 600_000, 600_000]) {
    machine.good.crash();
    t.match(machine.scm.service(NAME)?.status, { state: 'stopped', win32ExitCode: 1066, serviceExitCode: 1 });
    await machine.elapse(delayMs - 1);
    t.equal(machine.processes(), 0, `not before ${delayMs} ms`);
    await machine.elapse(1000);
    t.ok(machine.online(), `online again after ${delayMs} ms and its start`);
  }
  t.same(machine.scm.violations, []);
});

test('after a day without a failure it is back at 5 s', async (t) => {
  const machine = await installed();
  for (const delayMs of [5000, 5000, 5000, 30_000]) {
    machine.good.crash();
    await machine.elapse(delayMs + 1000);
  }
  await machine.elapse(RECOVERY.resetPeriodS * 1000);
  machine.good.crash();
  await machine.elapse(6000);
  t.ok(machine.online());
});

test('without the flag the death of a worker is the end of it: what the seed shipped', async (t) => {
  const machine = await installed();
  const service = machine.scm.service(NAME);
  if (service !== undefined) service.failureFlag = false;
  machine.good.crash();
  await machine.elapse(86_400_000);
  t.notOk(machine.online());
});

test('a supervisor that vanishes is answered without the flag as well', async (t) => {
  const machine = await installed();
  const service = machine.scm.service(NAME);
  if (service !== undefined) service.failureFlag = false;
  machine.scm.process(NAME)?.exit(0xc0000005);
  t.match(service?.status, { state: 'stopped', win32ExitCode: 1067 });
  await machine.elapse(6000);
  t.ok(machine.online());
});

test('a worker that never says hello is killed, and that is a failure like any other', async (t) => {
  const machine = await installed();
  machine.good.behave({ hello: 'never' });
  machine.good.crash();
  await machine.elapse(5000 + 9000 + 100);
  t.match(machine.scm.service(NAME)?.status, { state: 'stopped', win32ExitCode: 1066 });
  machine.good.behave({ hello: 200 });
  await machine.elapse(6000);
  t.ok(machine.online());
});

for (const stop of [20, 'never'] as const) {
  test(`a stop that was asked for stays one, with a worker that ${stop === 20 ? 'obeys' : 'has to be killed'}`, async (t) => {
    const machine = await installed();
    machine.good.behave({ stop });
    machine.good.crash();
    await machine.elapse(7000);
    t.ok(machine.online());
    t.match(await machine.run(stopService(machine.ports())), { already: false, forced: false });
    t.match(machine.scm.service(NAME)?.status, { state: 'stopped', win32ExitCode: 0, serviceExitCode: 0 });
    await machine.elapse(86_400_000);
    t.equal(machine.processes(), 0);
  });
}

test('a restart that is queued finds the note: stopped, as asked, and no worker', async (t) => {
  const machine = await installed();
  machine.good.crash();
  t.match(await machine.run(stopService(machine.ports())), { already: true });
  await machine.elapse(86_400_000);
  t.equal(machine.processes(), 0);
  t.match(machine.scm.service(NAME)?.status, { state: 'stopped', win32ExitCode: 0 });
  t.ok(
    machine.scm.history.some((line) => line.includes('(restart)')),
    'it was started indeed',
  );
});

test('crash, start and stop by hand within the delay: it stays stopped; without the note it comes back', async (t) => {
  for (const noted of [true, false]) {
    const machine = await installed();
    machine.good.crash();
    await machine.elapse(1000);
    await machine.run(startService(machine.ports()));
    await machine.run(stopService(machine.ports()));
    if (!noted) machine.disk.note = false;
    await machine.elapse(60_000);
    t.equal(machine.online(), !noted);
  }
});

test('after a stop, boot and a start by hand bring it back, and recovery answers again', async (t) => {
  const machine = await installed();
  await machine.run(stopService(machine.ports()));
  machine.scm.powerCut();
  machine.scm.boot();
  await machine.elapse(1000);
  t.ok(machine.online(), 'boot');
  await machine.run(stopService(machine.ports()));
  await machine.run(startService(machine.ports()));
  await machine.elapse(1000);
  t.ok(machine.online(), 'by hand');
  machine.good.crash();
  await machine.elapse(7000);
  t.ok(machine.online(), 'recovery');
});
