/** The fake SCM's rules on failures, the flag and queued restarts. */
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { test } from 'tap';
import { FAILED, NAME, RUNNING, STOPPED, crash, stage } from './scm-stage.ts';

test('rule 3: a process that vanishes is 1067 and a failure, whatever the flag says', async (t) => {
  const { scm, manager, last, processes, elapse: pass } = await stage();
  await manager.setFailureActions(RECOVERY);
  await manager.start();
  last().exit(0);
  t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1067 });
  t.equal(scm.service(NAME)?.failures, 1);
  await pass(5000);
  t.equal(processes.length, 2, 'restarted after 5 s');
  t.equal(last().startReason, 'restart');
});

for (const flag of [true, false]) {
  test(`rule 3: a Stopped with an error is ${flag ? 'a failure with' : 'none without'} the flag`, async (t) => {
    const { scm, manager, last, processes, elapse: pass } = await stage();
    await manager.setFailureActions(RECOVERY);
    await manager.setFailureFlag(flag);
    await manager.start();
    last().report(FAILED);
    last().exit(1);
    t.match(await manager.status(), { state: 'stopped', win32ExitCode: 1066, serviceExitCode: 1 });
    t.equal(scm.service(NAME)?.failures, flag ? 1 : 0);
    await pass(86_400_000);
    t.equal(processes.length, flag ? 2 : 1);
  });
}

test('rule 3: a Stopped without an error is no failure, with the flag and whatever the exit code', async (t) => {
  const { scm, manager, last } = await stage();
  await manager.setFailureActions(RECOVERY);
  await manager.setFailureFlag(true);
  await manager.start();
  last().report(STOPPED);
  last().exit(7);
  t.equal(scm.service(NAME)?.failures, 0);
});

test('rule 1: failure n is answered by action n, and the last action repeats', async (t) => {
  const on = await stage();
  await on.manager.setFailureActions(RECOVERY);
  let count = 1;
  for (const delayMs of [5000, 5000, 5000, 30_000, 120_000, 600_000, 600_000, 600_000]) {
    await crash(on, delayMs - 1);
    t.equal(on.processes.length, count, `not before ${delayMs} ms`);
    await on.elapse(1);
    count += 1;
    t.equal(on.processes.length, count, `after ${delayMs} ms`);
  }
});

test('rule 1: after the reset period without a failure the count starts anew', async (t) => {
  const on = await stage();
  await on.manager.setFailureActions(RECOVERY);
  for (const delayMs of [5000, 5000, 5000, 30_000]) await crash(on, delayMs);
  await on.elapse(86_400_000);
  await crash(on, 0);
  t.equal(on.scm.service(NAME)?.failures, 1);
});

test('rule 2: a queued restart is not cancelled by a start and a stop by hand', async (t) => {
  const on = await stage();
  await on.manager.setFailureActions(RECOVERY);
  await crash(on, 1000);
  await on.manager.start();
  on.last().report(RUNNING);
  on.last().report(STOPPED);
  on.last().exit(0);
  t.equal(on.processes.length, 2);
  await on.elapse(4000);
  t.equal(on.processes.length, 3, 'resurrected, as Microsoft documents');
});

test('rule 2: what is disabled meanwhile, or runs, is not restarted', async (t) => {
  const on = await stage();
  await on.manager.setFailureActions(RECOVERY);
  await crash(on, 1000);
  await on.manager.start();
  await on.elapse(10_000);
  t.equal(on.processes.length, 2, 'it runs');
  await crash(on, 1000);
  await on.manager.change({ startType: 'disabled' });
  await on.elapse(86_400_000);
  t.equal(on.processes.length, 2, 'it is disabled');
});
