/** The agent as the fake SCM's program: the product's own supervisor, and a worker whose times are known to the millisecond. */
import { serviceConfig } from '@guruconnect/supervisor/manage/service-definition';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { OBEDIENT } from '../../helpers/fake-agent.ts';
import { type ManagedMachine, NAME, createManagedMachine, programOf } from '../../helpers/managed-machine.ts';

/** Installed, and neither started nor with recovery. */
const installed = async () => {
  const machine = createManagedMachine();
  const { manager } = machine.ports();
  await manager.create(serviceConfig(programOf('v1')));
  return { machine, manager };
};

const started = async () => {
  const on = await installed();
  await on.manager.start();
  await on.machine.elapse(1000);
  return on;
};

const stateOf = ({ scm }: ManagedMachine) => scm.service(NAME)?.status.state;

test('it is running with the hello of its worker, online a moment later, and neither before', async (t) => {
  const { machine, manager } = await installed();
  machine.disk.note = true;
  await manager.start();
  t.notOk(machine.disk.note, 'a note is for recovery restarts only');
  await machine.elapse(199);
  t.equal(stateOf(machine), 'start-pending');
  await machine.elapse(1);
  t.equal(stateOf(machine), 'running');
  await machine.elapse(99);
  t.notOk(machine.online());
  await machine.elapse(1);
  t.ok(machine.online());
  t.same(OBEDIENT, { hello: 200, online: 100, stop: 20 });
});

test('a stop is pending before the control returns, stopped with its worker’s end, and gone a moment later', async (t) => {
  const { machine, manager } = await started();
  await manager.stop();
  t.match(await manager.status(), { state: 'stop-pending', waitHint: TIMING.transitionHint });
  t.ok(machine.disk.note, 'it was asked to');
  await machine.elapse(19);
  t.equal(stateOf(machine), 'stop-pending');
  await machine.elapse(1);
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 0, serviceExitCode: 0 });
  t.notOk(machine.online());
  t.equal(machine.processes(), 1);
  await machine.elapse(9);
  t.equal(machine.processes(), 1);
  await machine.elapse(1);
  t.equal(machine.processes(), 0);
  t.same(machine.scm.violations, []);
});

test('a worker that does not stop is killed within the bound, and the check point grows until then', async (t) => {
  const { machine, manager } = await installed();
  machine.good.behave({ stop: 'never' });
  await manager.start();
  await machine.elapse(1000);
  await manager.stop();
  const seen: number[] = [];
  for (let ms = 0; stateOf(machine) === 'stop-pending'; ms += 100) {
    seen.push((await manager.status()).checkPoint);
    await machine.elapse(100);
    if (ms > 20_000) throw new Error('it does not stop');
  }
  t.same(
    seen,
    seen.toSorted((a, b) => a - b),
  );
  t.ok(new Set(seen).size > 1, [...new Set(seen)].join());
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 0 });
});

test('a crash is offline and a failure at once, and once', async (t) => {
  const { machine, manager } = await started();
  await manager.setFailureFlag(true);
  t.ok(machine.online());
  machine.good.crash();
  t.notOk(machine.online());
  machine.good.crash();
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1066, serviceExitCode: 1 });
  t.equal(machine.scm.service(NAME)?.failures, 1);
  t.notOk(machine.disk.note);
  t.same(machine.scm.violations, []);
});

test('a crash before the hello is one as well, and the hello does not come any more', async (t) => {
  const { machine, manager } = await installed();
  await manager.start();
  await machine.elapse(195);
  machine.good.crash();
  await machine.elapse(1000);
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1066 });
  t.notOk(machine.scm.history.some((line) => line.includes(': running')));
  t.same(machine.scm.violations, []);
});

test('one whose worker dies in its start does so after 100 ms', async (t) => {
  const { machine, manager } = await installed();
  machine.good.behave({ hello: 'dies' });
  await manager.start();
  await machine.elapse(99);
  t.equal(stateOf(machine), 'start-pending');
  await machine.elapse(1);
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1066 });
});

test('with every start it sees to its recovery', async (t) => {
  const { machine, manager } = await installed();
  await manager.start();
  await machine.elapse(0);
  t.ok(machine.scm.service(NAME)?.failureFlag);
});

test('a recovery restart that finds a note stops without a worker, as asked', async (t) => {
  const { machine, manager } = await started();
  machine.good.crash();
  machine.disk.note = true;
  await machine.elapse(5000);
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 0 });
  t.ok(machine.disk.note);
  await machine.elapse(1000);
  t.equal(machine.processes(), 0);
});
