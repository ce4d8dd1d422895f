import { SCM_EVENT, type ScmAddon, type ScmBounds } from '@guruconnect/native';
import type { Control } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { FAILED, OK } from '@guruconnect/supervisor/machine';
import { connectScm, failService, scmHost } from '@guruconnect/supervisor/scm-host';
import { setImmediate as turn } from 'node:timers/promises';
import { test } from 'tap';

const STOP = 1;
const SHUTDOWN = 5;
const INTERROGATE = 4;

/** The numbers of one scmSetStatus, by their names. */
interface Status {
  readonly state: number;
  readonly codes: readonly [number, number];
  readonly checkPoint: number;
  readonly waitHint: number;
}

const createFakeAddon = (error = 0) => {
  const connects: (readonly [string, ScmBounds])[] = [];
  const statuses: Status[] = [];
  let tell: Parameters<ScmAddon['scmConnect']>[2] | undefined;
  const addon: ScmAddon = {
    scmConnect: (name, bounds, onEvent) => {
      connects.push([name, bounds]);
      tell = onEvent;
    },
    scmSetStatus: (state, _accepted, win32, own, checkPoint, waitHint) => {
      statuses.push({ state, codes: [win32, own], checkPoint, waitHint });
      return error;
    },
    scmNotes: () => undefined,
    scmServiceName: () => '',
    scmStartReason: () => 0,
  };
  const say = (event: keyof typeof SCM_EVENT, code: number): void => {
    if (tell === undefined) throw new Error('not connected');
    tell(SCM_EVENT[event], code);
  };
  return { addon, connects, statuses, say };
};

const isPending = async (promise: Promise<unknown>): Promise<boolean> =>
  (await Promise.race([promise, turn('pending')])) === 'pending';

const never = (): never => {
  throw new Error('an error that should not be');
};

test('connecting is done once, with the name of the service and what the addon does by itself', (t) => {
  const { addon, connects } = createFakeAddon();
  connectScm(addon);
  const expected: ScmBounds = {
    pendingWaitHintMs: TIMING.transitionHint,
    stopBudgetMs: TIMING.stopBudget,
    shutdownBudgetMs: TIMING.shutdownBudget,
    hungStepMs: TIMING.hungStep,
    endBudgetMs: TIMING.endBudget,
    hungExitCode: 2,
  };
  t.same(connects, [['GuruConnectAgent', expected]]);
  t.end();
});

test('started comes with the start and ended with the dispatcher’s return', async (t) => {
  const { addon, say } = createFakeAddon();
  const { started, ended } = connectScm(addon);
  t.ok(await isPending(started));
  say('started', 0);
  t.equal(await started, 0);
  t.ok(await isPending(ended));
  say('ended', 0);
  t.equal(await ended, 0);
});

test('a handler that cannot be registered is a start with an error', async (t) => {
  const { addon, say } = createFakeAddon();
  const { started } = connectScm(addon);
  say('started', 1060);
  t.equal(await started, 1060);
});

test('a process that the SCM did not start has started and ended with 1063', async (t) => {
  const { addon, say } = createFakeAddon();
  const { started, ended } = connectScm(addon);
  say('ended', 1063);
  t.same(await Promise.all([started, ended]), [1063, 1063]);
});

test('controls that come before anybody listens are kept, in order, and delivered once', (t) => {
  const { addon, say } = createFakeAddon();
  const connection = connectScm(addon);
  const heard: Control[] = [];
  say('control', SHUTDOWN);
  say('control', STOP);
  connection.onControl((control) => heard.push(control));
  t.same(heard, ['shutdown', 'stop']);
  say('control', SHUTDOWN);
  t.same(heard, ['shutdown', 'stop', 'shutdown']);
  const others: Control[] = [];
  connection.onControl((control) => others.push(control));
  t.same(others, []);
  t.end();
});

test('a control that is neither a stop nor a shutdown is not passed on', (t) => {
  const { addon, say } = createFakeAddon();
  const connection = connectScm(addon);
  const heard: Control[] = [];
  say('control', INTERROGATE);
  connection.onControl((control) => heard.push(control));
  say('control', INTERROGATE);
  t.same(heard, []);
  t.end();
});

test('the host listens to the connection', (t) => {
  const { addon, say } = createFakeAddon();
  const heard: Control[] = [];
  const connection = connectScm(addon);
  say('control', STOP);
  scmHost(addon, connection, never).onControl((control) => heard.push(control));
  t.same(heard, ['stop']);
  t.end();
});

test('a whole life: the states in order, and check points that only grow, beyond the handler’s own', (t) => {
  const { addon, statuses } = createFakeAddon();
  const host = scmHost(addon, connectScm(addon), never);
  host.report({ state: 'start-pending' });
  host.report({ state: 'running' });
  host.report({ state: 'stop-pending' });
  host.checkpoint();
  host.checkpoint();
  host.report({ state: 'stopped', exit: OK });
  t.same(
    statuses.map(({ state }) => state),
    [2, 4, 3, 3, 3, 1],
  );
  const pending = statuses.filter(({ state }) => state === 2 || state === 3);
  const points = pending.map(({ checkPoint }) => checkPoint);
  t.ok(
    points.every((point, i) => point > (points[i - 1] ?? 0)),
    String(points),
  );
  t.ok(
    pending.filter(({ state }) => state === 3).every(({ checkPoint }) => checkPoint > 1),
    'check point 1 of a stop is the control handler’s',
  );
  t.ok(pending.every(({ waitHint }) => waitHint === TIMING.transitionHint));
  t.same(statuses.at(-1), { state: 1, codes: [0, 0], checkPoint: 0, waitHint: 0 });
  t.end();
});

test('a stop that comes first of all goes beyond the handler’s check point as well', (t) => {
  const { addon, statuses } = createFakeAddon();
  scmHost(addon, connectScm(addon), never).report({ state: 'stop-pending' });
  t.same(
    statuses.map(({ checkPoint }) => checkPoint),
    [2],
  );
  t.end();
});

test('a failure is told as 1066 and 1', (t) => {
  const { addon, statuses } = createFakeAddon();
  scmHost(addon, connectScm(addon), never).report({ state: 'stopped', exit: FAILED });
  t.same(statuses, [{ state: 1, codes: [1066, 1], checkPoint: 0, waitHint: 0 }]);
  t.end();
});

test('a status that the SCM does not take is told, with its state and error, and throws nothing', (t) => {
  const { addon } = createFakeAddon(1062);
  const errors: unknown[] = [];
  const host = scmHost(addon, connectScm(addon), (...error) => errors.push(error));
  host.report({ state: 'running' });
  host.checkpoint();
  host.report({ state: 'stopped', exit: OK });
  t.same(errors, [
    ['running', 1062],
    ['stop-pending', 1062],
    ['stopped', 1062],
  ]);
  t.end();
});

test('a supervisor that failed before it had a host is Stopped once, and waits for the dispatcher', async (t) => {
  const { addon, statuses, say } = createFakeAddon();
  const seenBefore: number[] = [];
  const failing = failService(addon, connectScm(addon), () => {
    seenBefore.push(statuses.length);
    return Promise.reject(new Error('no disk'));
  });
  t.ok(await isPending(failing), 'there is nothing to report to before the start');
  t.same([statuses, seenBefore], [[], []]);
  say('started', 0);
  t.ok(await isPending(failing));
  t.same(statuses, [{ state: 1, codes: [1066, 1], checkPoint: 0, waitHint: 0 }]);
  say('ended', 0);
  await failing;
  t.equal(statuses.length, 1);
  t.same(seenBefore, [0], 'what is to be done before the report was done before it, once');
});

test('a supervisor that failed and was never a service reports nothing', async (t) => {
  const { addon, statuses, say } = createFakeAddon();
  const failing = failService(addon, connectScm(addon), () => {
    t.fail('nor does it do what comes before a report');
    return Promise.resolve();
  });
  say('ended', 1063);
  await failing;
  t.same(statuses, []);
});
