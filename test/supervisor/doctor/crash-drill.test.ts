/** The drill on the fake SCM, which restarts as Microsoft says: what it proves, and what it does where it proves the contrary. */
import { TIMING } from '@guruconnect/shared/timing';
import { type DrillPorts, crashDrill } from '@guruconnect/supervisor/doctor/crash-drill';
import { drillExitCode, drillLines, victimOf } from '@guruconnect/supervisor/doctor/drill-words';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { startService } from '@guruconnect/supervisor/manage/start-service';
import { trueStatus } from '@guruconnect/supervisor/manage/true-status';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';
import { FACTS, NOBODY, SERVICE, answer } from '../manage/status-cases.ts';

const drilled = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  await machine.elapse(1000);
  const { manager, clock } = machine.ports();
  const pid = (): number => machine.scm.process(NAME)?.pid ?? 0;
  const ports: DrillPorts = {
    clock,
    status: () => trueStatus(manager),
    ask: () => {
      const state = machine.online() ? 'online' : 'connecting';
      const link = { state, relay: 'wss://relay.example' } as const;
      return Promise.resolve(pid() === 0 ? NOBODY : answer({ pid: pid(), workerPid: pid() + 1, link }));
    },
    kill: () => {
      machine.good.crash();
      return Promise.resolve();
    },
    start: async () => {
      await startService(machine.ports());
    },
    step: () => undefined,
  };
  const victim = { pid: pid(), workerPid: pid() + 1 };
  const run = (changes: Partial<DrillPorts> = {}) =>
    machine.run(crashDrill({ ...ports, ...changes }, victim, undefined));
  return { machine, run, ports, service: machine.scm.service(NAME) };
};

test('the SCM brings the agent back, and each phase is timed', async (t) => {
  const { machine, run } = await drilled();
  const result = await run();
  t.equal(result.kind, 'recovered');
  const [killed, stopped, restarted, online] = result.passed;
  t.match([killed, stopped], [{ phase: 'worker killed' }, { phase: 'service stopped' }]);
  t.ok((restarted?.afterMs ?? 0) >= 5000 && (restarted?.afterMs ?? 0) < 6000, 'after the first delay of 5 s');
  t.ok((online?.afterMs ?? 0) >= (restarted?.afterMs ?? 0));
  t.ok(machine.online());
  t.equal(drillExitCode(result), 0);
  t.match(
    drillLines(result).join('\n'),
    /5\.\d s {2}restarted by the SCM\n[^]*came back by itself: online [56]\.\d s/,
  );
});

test('without recovery it says so after its bound, and starts the service by hand', async (t) => {
  const { machine, run, service } = await drilled();
  if (service !== undefined) service.failureFlag = false;
  const result = await run();
  t.match(result, { kind: 'not-recovered', missing: 'restarted by the SCM', started: true });
  await machine.elapse(1000);
  t.ok(machine.online(), 'the machine is not lost');
  t.equal(drillExitCode(result), 7);
  t.match(
    drillLines(result).join('\n'),
    /failed: not restarted: [^\n]*10 min[^\n]*\nthe service was started again by hand/,
  );
});

test('the fifth failure within a day is waited for, the sixth is not', async (t) => {
  const { machine, service } = await drilled();
  for (const [failures, kind] of [
    [4, 'recovered'],
    [5, 'not-recovered'],
  ] as const) {
    if (service !== undefined) service.failures = failures;
    const again = await drilled();
    if (again.service !== undefined)
      Object.assign(again.service, { failures, failedAt: again.machine.clock.now() });
    t.equal((await again.run()).kind, kind, `after ${failures} failures`);
  }
  t.ok(machine.online());
});

test('a service that is restarted and does not come online is told apart', async (t) => {
  const { machine, run } = await drilled();
  machine.good.behave({ online: 10 * TIMING.drillOnline });
  const result = await run();
  t.match(result, { kind: 'not-recovered', missing: 'online', started: false });
  t.notMatch(drillLines(result).join('\n'), /by hand/);
});

test('a service that does not even notice, and one that cannot be started by hand', async (t) => {
  const deaf = await drilled();
  t.match(await deaf.run({ kill: () => Promise.resolve() }), { missing: 'service stopped', started: false });
  const lost = await drilled();
  if (lost.service !== undefined) lost.service.failureFlag = false;
  const result = await lost.run({ start: () => Promise.reject(new Error('disabled')) });
  t.match(drillLines(result).at(-1), /THE SERVICE IS STOPPED.*disabled/);
});

test('looks that fail after the kill end nothing: the SCM is waited for, and else it is started by hand', async (t) => {
  const shaky = await drilled();
  let looks = 0;
  const { status } = shaky.ports;
  const once = () => ((looks += 1) === 1 ? Promise.reject(new Error('RPC')) : status());
  t.match(await shaky.run({ status: once }), { kind: 'recovered' });
  const blind = await drilled();
  if (blind.service !== undefined) blind.service.failureFlag = false;
  const result = await blind.run({ status: () => Promise.reject(new Error('RPC')) });
  t.match(result, { kind: 'not-recovered', missing: 'service stopped', started: true });
  await blind.machine.elapse(1000);
  t.ok(blind.machine.online(), 'the machine is not lost');
});

test('a worker that may not be killed ends the drill before it began', async (t) => {
  const { machine, run } = await drilled();
  await t.rejects(run({ kill: () => Promise.reject(new Error('EPERM')) }), /EPERM/);
  t.ok(machine.online());
});

test('who cannot be brought back, or be seen to be, is not drilled', (t) => {
  t.same(victimOf(FACTS, false), { pid: 4711, workerPid: 4712 });
  const refusals = [
    [{ service: { kind: 'absent' } }, /no service/],
    [{ live: NOBODY }, /no worker/],
    [{ live: answer({ workerPid: undefined }) }, /no worker/],
    [{ live: answer({ mode: 'console' }) }, /no worker/],
    [{ live: answer({ link: { state: 'waiting', relay: '' } }) }, /not online/],
    [{ service: { ...SERVICE, failureFlag: { kind: 'value', value: false } } }, /--fix/],
    [{ service: { ...SERVICE, failureFlag: { kind: 'failed', why: '' } } }, /cannot be looked at/],
    [{ service: { ...SERVICE, failureActions: { kind: 'unknown-level' } } }, /does not tell/],
  ] as const;
  for (const [changes, words] of refusals) t.match(victimOf({ ...FACTS, ...changes }, false), words);
  const untold = { ...FACTS, service: { ...SERVICE, failureActions: { kind: 'unknown-level' } as const } };
  t.match(victimOf(untold, true), { workerPid: 4712 });
  t.end();
});
