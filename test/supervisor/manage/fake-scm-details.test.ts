/** The fake SCM's smaller print: what a fresh service looks like, and what a process can no longer do to its service. */
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { test } from 'tap';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { createFakeScm } from '../../helpers/fake-scm.ts';
import { START_REASON } from '../../helpers/fake-scm-service.ts';
import { elapse } from '../../helpers/run-to-end.ts';
import { CONFIG, FAILED, NAME, RUNNING, STATUS, STOPPED, crash, stage } from './scm-stage.ts';

test('the reasons of a start have Windows’ numbers', (t) => {
  t.same(START_REASON, { demand: 1, auto: 2, restart: 8 });
  t.end();
});

test('a fresh service has no description, no recovery, no flag, no delay and all privileges', async (t) => {
  const { manager } = await stage();
  t.same(await manager.status(), { ...STOPPED, win32ExitCode: 1077, pid: 0 });
  t.same(await manager.config(), CONFIG);
  t.equal(await manager.description(), '');
  t.same(await manager.failureActions(), { resetPeriodS: 0, actions: [] });
  t.equal(await manager.failureFlag(), false);
  t.equal(await manager.delayedStart(), false);
  t.same(await manager.privileges(), []);
});

test('a service that is started has failed at nothing yet, and takes no controls', async (t) => {
  const { manager, last } = await stage();
  await manager.start();
  t.same(await manager.status(), { ...STATUS, state: 'start-pending', waitHint: 2000, pid: last().pid });
});

test('rule 7: the wait hint begins with the start, however long the machine has been up', async (t) => {
  const on = await stage();
  await on.elapse(100_000);
  await on.manager.start();
  t.notOk(on.scm.isHung(NAME));
  await on.elapse(2001);
  t.ok(on.scm.isHung(NAME));
  t.notOk(on.scm.isHung('Other'), 'what is not there does not hang');
});

test('rule 7: another pending state is progress, whatever its check point, and what is not pending never hangs', async (t) => {
  const on = await stage();
  await on.manager.start();
  on.last().report({ ...STATUS, state: 'start-pending', checkPoint: 9, waitHint: 2000 });
  await on.elapse(1500);
  on.last().report({ ...STATUS, state: 'stop-pending', checkPoint: 0, waitHint: 2000 });
  await on.elapse(1500);
  t.notOk(on.scm.isHung(NAME));
  on.last().report(RUNNING);
  await on.elapse(86_400_000);
  t.notOk(on.scm.isHung(NAME));
});

test('rule 1: failures are counted within the reset period, whenever that begins', async (t) => {
  const on = await stage();
  await on.manager.setFailureActions(RECOVERY);
  await on.elapse(10 * 86_400_000);
  for (const count of [1, 2, 3]) {
    await crash(on, 5000);
    t.equal(on.scm.service(NAME)?.failures, count);
  }
});

test('rule 1: where there are no actions, or the action is none, nothing is queued', async (t) => {
  const on = await stage();
  for (const actions of [[], [{ kind: 'none', delayMs: 0 }] as const]) {
    await on.manager.setFailureActions({ resetPeriodS: 60, actions });
    await crash(on, 86_400_000);
    t.match(await on.manager.status(), { state: 'stopped' });
  }
});

test('rule 3: an error beside another state than Stopped is no failure', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.setFailureFlag(true);
  await manager.start();
  last().report({ ...RUNNING, win32ExitCode: 1 });
  t.equal(scm.service(NAME)?.failures, 0);
});

test('a process that is gone reports nothing and cannot end its successor', async (t) => {
  const { scm, manager, processes, last } = await stage();
  await manager.start();
  const [former] = processes;
  const handle = await manager.process();
  former?.exit(1);
  t.notOk(former?.alive);
  await manager.start();
  last().report(RUNNING);
  former?.report(FAILED);
  former?.exit(1);
  handle?.terminate();
  t.match(await manager.status(), { state: 'running', pid: last().pid });
  t.ok(last().alive);
  t.same(scm.violations, []);
});

test('a deleted service that nobody has open goes with its process, and not before', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.start();
  last().report(RUNNING);
  await manager.delete();
  t.match(await manager.status(), { state: 'running' });
  last().report(STOPPED);
  t.ok(scm.service(NAME), 'its process is there still');
  last().exit(0);
  t.equal(scm.service(NAME), undefined);
});

test('a deleted service that somebody has open goes with the power', async (t) => {
  const { scm, manager } = await stage();
  const release = scm.hold(NAME);
  await manager.delete();
  t.ok(scm.service(NAME));
  scm.powerCut();
  t.equal(scm.service(NAME), undefined);
  release();
});

test('with the power go queue and count: the first failure after it is the first', async (t) => {
  const on = await stage();
  await on.manager.setFailureActions(RECOVERY);
  await crash(on, 5000);
  await crash(on, 0);
  t.equal(on.scm.service(NAME)?.queue.size, 1);
  on.scm.powerCut();
  t.equal(on.scm.service(NAME)?.queue.size, 0);
  t.match(on.scm.service(NAME), { failures: 0, handles: 0 });
  on.scm.boot();
  on.last().exit(1);
  t.equal(on.scm.service(NAME)?.failures, 1);
});

test('a program that is gone with the power is never answered again, whatever it asks', async (t) => {
  const { scm, manager } = await stage();
  scm.powerCut();
  const answered: string[] = [];
  void manager.status().then(() => answered.push('status'));
  void manager.start().finally(() => answered.push('start'));
  await elapse(scm.clock, 1000);
  t.same(answered, []);
  t.match(await scm.manager(NAME).status(), { state: 'stopped' });
});

test('a power cut that was planned does not come after another one', async (t) => {
  const { scm } = await stage();
  scm.cutAt(3);
  scm.powerCut();
  const manager = scm.manager(NAME);
  for (let call = 1; call <= 5; call += 1)
    t.match(await manager.status(), { state: 'stopped' }, `call ${call}`);
});

test('boot leaves alone what has no program', async (t) => {
  const scm = createFakeScm(createFakeClock(), () => undefined);
  const manager = scm.manager(NAME);
  await manager.create(CONFIG);
  scm.boot();
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1077 });
});

test('each open handle counts', async (t) => {
  const { scm, manager } = await stage();
  t.throws(() => scm.hold('Other'), { message: 'Other is not installed' });
  const [first, second] = [scm.hold(NAME), scm.hold(NAME)];
  await manager.delete();
  first();
  t.ok(scm.service(NAME));
  second();
  t.equal(scm.service(NAME), undefined);
});

test('faults can be taken back', async (t) => {
  const { scm, manager } = await stage();
  scm.fault('status', 5, true);
  await t.rejects(manager.status(), { code: 5 });
  scm.clearFaults();
  t.match(await manager.status(), { state: 'stopped' });
});

test('waiting for the end of a process leaves nothing behind', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.start();
  const ended = (await manager.process())?.ended(10_000);
  last().exit(0);
  t.equal(await ended, true);
  t.same(scm.clock.pending(), []);
});
