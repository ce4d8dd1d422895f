/** The rules of the fake SCM, each by itself: what is built on it is worth as much as they are. */
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { test } from 'tap';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { createFakeScm } from '../../helpers/fake-scm.ts';
import { elapse, runToEnd } from '../../helpers/run-to-end.ts';
import { CONFIG, NAME, RUNNING, STATUS, STOPPED, crash, stage } from './scm-stage.ts';

const refused = (code: number) => ({ code });
const nothing = (work: Promise<unknown>): Promise<void> => work.then(() => undefined);

test('of a service that does not exist everything is 1060; one that exists is not created again (1073)', async (t) => {
  const { scm, manager } = await stage();
  const other = scm.manager('Other');
  for (const method of ['status', 'config', 'start', 'stop', 'delete', 'process'] as const) {
    await t.rejects(nothing(other[method]()), refused(1060), method);
  }
  await t.rejects(manager.create(CONFIG), refused(1073));
});

test('never started: stopped, 1077', async (t) => {
  t.match(await (await stage()).manager.status(), { state: 'stopped', win32ExitCode: 1077, pid: 0 });
});

test('a started service is pending until its process reports; a second start is 1056', async (t) => {
  const { manager, last } = await stage();
  await manager.start();
  t.match(await manager.status(), { state: 'start-pending', waitHint: 2000, pid: last().pid });
  await t.rejects(manager.start(), refused(1056));
  last().report(RUNNING);
  t.match(await manager.status(), { state: 'running', pid: last().pid });
});

test('rule 5: a disabled service is not started (1058), nor one without a program (2)', async (t) => {
  const { manager } = await stage();
  await manager.change({ startType: 'disabled' });
  await t.rejects(manager.start(), refused(1058));
  const scm = createFakeScm(createFakeClock(), () => undefined);
  await scm.manager(NAME).create(CONFIG);
  await t.rejects(scm.manager(NAME).start(), refused(2));
});

test('rule 6: a control by state: stopped 1062, pending 1061, not accepted 1052, else it is delivered', async (t) => {
  const { manager, last } = await stage();
  await t.rejects(manager.stop(), refused(1062));
  await manager.start();
  await t.rejects(manager.stop(), refused(1061));
  last().report({ ...RUNNING, controlsAccepted: 0 });
  await t.rejects(manager.stop(), refused(1052));
  last().report(RUNNING);
  const controls: number[] = [];
  last().onControl((code) => controls.push(code));
  await manager.stop();
  t.same(controls, [1]);
  last().report({ ...STATUS, state: 'stop-pending' });
  await t.rejects(manager.stop(), refused(1061));
});

test('rule 4: Stopped is the last report; another one is a violation and changes nothing', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.start();
  last().report(STOPPED);
  t.same(scm.violations, []);
  last().report(RUNNING);
  t.equal(scm.violations.length, 1);
  t.match(await manager.status(), { state: 'stopped', pid: 0 });
});

test('rule 7: pending without a check point for longer than the hint is hung; a check point is progress', async (t) => {
  const on = await stage();
  await on.manager.start();
  const pending = { ...STATUS, state: 'start-pending', waitHint: 10_000 } as const;
  on.last().report({ ...pending, checkPoint: 1 });
  await on.elapse(10_000);
  t.notOk(on.scm.isHung(NAME));
  on.last().report({ ...pending, checkPoint: 2 });
  await on.elapse(10_000);
  t.notOk(on.scm.isHung(NAME), 'it moved');
  on.last().report({ ...pending, checkPoint: 2 });
  await on.elapse(1);
  t.ok(on.scm.isHung(NAME), 'a report without progress is none');
  on.last().report({ ...pending, checkPoint: 3, waitHint: 600_000 });
  await on.elapse(30_001);
  t.ok(on.scm.isHung(NAME), 'no hint is worth more than 30 s');
});

test('a deleted service that runs or is held stays, marked (1072), and goes with the last of both', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.start();
  last().report(RUNNING);
  const release = scm.hold(NAME);
  await manager.delete();
  await t.rejects(manager.create(CONFIG), refused(1072));
  await t.rejects(manager.change({ startType: 'auto' }), refused(1072));
  await t.rejects(manager.delete(), refused(1072));
  await t.rejects(manager.start(), refused(1072));
  t.match(await manager.status(), { state: 'running' });
  t.equal((await manager.config()).startType, 'disabled');
  last().report(STOPPED);
  last().exit(0);
  t.match(await manager.status(), { state: 'stopped' }, 'it is held');
  release();
  await t.rejects(manager.status(), refused(1060));
  await manager.create(CONFIG);
});

test('a power cut ends processes, queues, counts and marks; the configuration stays, and boot starts what is automatic', async (t) => {
  const on = await stage();
  const { scm } = on;
  await on.manager.setFailureActions(RECOVERY);
  await crash(on, 1000);
  await on.manager.start();
  scm.powerCut();
  const manager = scm.manager(NAME);
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1077, pid: 0 });
  t.notOk(on.last().alive);
  await on.elapse(86_400_000);
  t.equal(on.processes.length, 2, 'nothing was queued any more');
  scm.boot();
  t.equal(on.processes.length, 3);
  t.equal(on.last().startReason, 'auto');
  t.same(await manager.failureActions(), RECOVERY);
  await manager.change({ startType: 'demand' });
  scm.powerCut();
  scm.boot();
  t.equal(on.processes.length, 3, 'what is not automatic waits for somebody');
});

test('power that is cut at the n-th call leaves the caller without an answer for ever', async (t) => {
  const { scm, manager } = await stage();
  scm.cutAt(2);
  await manager.status();
  let answered = false;
  void manager.status().finally(() => (answered = true));
  await elapse(scm.clock, 1_000_000);
  t.notOk(answered);
  t.match(scm.history.at(-1), /power cut/);
});

test('without administrator rights the service can be looked at, and nothing else', async (t) => {
  const { scm } = await stage();
  const manager = scm.manager(NAME, false);
  await manager.status();
  await manager.config();
  for (const attempt of [
    () => manager.authorize(),
    () => manager.start(),
    () => manager.stop(),
    () => manager.change({}),
    () => manager.delete(),
    () => manager.create(CONFIG),
    () => manager.setFailureActions(RECOVERY),
    () => manager.process(),
  ]) {
    await t.rejects(nothing(attempt()), refused(5));
  }
});

test('a test can have a call refused, or answered without its effect', async (t) => {
  const { scm, manager } = await stage();
  scm.fault('change', 1055);
  await t.rejects(manager.change({ startType: 'demand' }), refused(1055));
  scm.fault('change', 'dropped');
  await manager.change({ startType: 'demand' });
  t.equal((await manager.config()).startType, 'auto');
  await manager.change({ startType: 'demand' });
  t.equal((await manager.config()).startType, 'demand');
});

test('a process handle knows the end of its own process, and can bring it about', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.start();
  const handle = await manager.process();
  if (handle === undefined) throw new Error('there is a process');
  t.equal(handle.pid, last().pid);
  t.notOk(await runToEnd(scm.clock, handle.ended(1000)));
  const ended = handle.ended(1000);
  handle.terminate();
  t.ok(await runToEnd(scm.clock, ended));
  t.ok(await runToEnd(scm.clock, handle.ended(0)));
  t.equal(await manager.process(), undefined);
});
