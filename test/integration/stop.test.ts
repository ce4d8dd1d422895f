import { type Faults, type Relay, ofKind, startRelay } from '@guruconnect/relay';
import { type Test, test } from 'tap';
import { GURUCONNECT, type Program, isAlive, isGone, startProgram } from '../helpers/program.ts';
import { readLog, transitionTo, workerExit } from '../helpers/service-log.ts';
import { SOON } from '../relay/agent.ts';

const POSIX_ONLY =
  process.platform === 'win32' ? 'signals are sent: the Windows suites do it their way' : false;
const TOKEN = 'enrolment-token-of-the-test';
/** From the stop until the worker is gone, where the relay answers the close. */
const PROMPT_MS = 250;

interface Running {
  readonly relay: Relay;
  readonly data: string;
  readonly supervisor: Program;
}

const run = async (t: Test, faults: Faults = {}): Promise<Running> => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], faults });
  t.teardown(() => relay.close());
  const data = t.testdir();
  const supervisor = startProgram(GURUCONNECT, ['console', '--relay', relay.url, '--data', data], {
    env: { GURUCONNECT_ENROLL_TOKEN: TOKEN },
  });
  t.teardown(() => {
    supervisor.kill('SIGKILL');
  });
  return { relay, data, supervisor };
};

/** Milliseconds from the control until the worker's exit, by the supervisor's own log. */
const stopTime = (data: string): number => {
  const log = readLog(data);
  return (workerExit(log)?.at ?? Infinity) - (transitionTo(log, 'stopping')?.at ?? 0);
};

const stopAndCheck = async (t: Test, { supervisor, data }: Running): Promise<void> => {
  supervisor.kill('SIGTERM');
  const { code, stderr } = await supervisor.ended;
  const took = stopTime(data);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.equal(workerExit(readLog(data))?.worker?.code, 0, 'the worker left by itself');
  t.ok(took < PROMPT_MS, `the worker was gone after ${took} ms`);
};

const closedWith = async (t: Test, relay: Relay): Promise<void> => {
  const { code, reason, wasClean } = await relay.waitFor(ofKind('session-closed'), SOON);
  t.same({ code, reason, wasClean }, { code: 1001, reason: 'service stop', wasClean: true });
};

test('a stop while online closes the session with 1001', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t);
  await running.supervisor.seen(/link: online/);
  await stopAndCheck(t, running);
  await closedWith(t, running.relay);
});

test('a stop while enrolling', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t, { stall: ['enroll'] });
  await running.relay.waitFor(ofKind('stalled'), 10_000);
  await stopAndCheck(t, running);
});

test('a stop while connecting', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t, { stall: ['upgrade'] });
  await running.relay.waitFor(ofKind('stalled'), 10_000);
  await stopAndCheck(t, running);
});

test('a stop before the relay has said welcome', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t, { stall: ['welcome'] });
  await running.relay.waitFor(ofKind('stalled'), 10_000);
  await stopAndCheck(t, running);
});

test('a stop while backing off', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t, { refuseSession: { status: 503 } });
  await running.supervisor.seen(/link: waiting \(the relay answered with status 503\)/);
  await stopAndCheck(t, running);
});

test('a stop while the relay is not there at all', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t);
  await running.supervisor.seen(/link: online/);
  await running.relay.close();
  await running.supervisor.seen(/link: waiting/);
  await stopAndCheck(t, running);
});

test(
  'a stop with a relay that ignores the close takes its bound and no longer',
  { skip: POSIX_ONLY },
  async (t) => {
    const running = await run(t, { stall: ['close'] });
    await running.supervisor.seen(/link: online/);
    running.supervisor.kill('SIGTERM');
    t.equal((await running.supervisor.ended).code, 0);
    const took = stopTime(running.data);
    t.ok(took >= 1900 && took < 2000 + PROMPT_MS * 2, `${took} ms`);
  },
);

test('a stop right after the spawn', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t);
  await running.supervisor.seen(/worker: pid/);
  running.supervisor.kill('SIGTERM');
  t.equal((await running.supervisor.ended).code, 0);
  t.equal(workerExit(readLog(running.data))?.worker?.code, 0, 'the worker left by itself');
});

test('a relay that restarts is found again, by the same credential', { skip: POSIX_ONLY }, async (t) => {
  const running = await run(t);
  await running.supervisor.seen(/link: online/);
  running.relay.drop('reset');
  await running.supervisor.seen(/link: waiting[^]*link: online/);
  const enrolments = running.relay.events.filter(ofKind('enrolled')).length;
  t.equal(enrolments, 1, 'enrolled once');
  await stopAndCheck(t, running);
});

test('a killed supervisor takes its worker with it', { skip: POSIX_ONLY }, async (t) => {
  const { supervisor, relay } = await run(t);
  const [, pid] = await supervisor.seen(/worker: pid (\d+)[^]*link: online/);
  t.ok(isAlive(Number(pid)));
  supervisor.kill('SIGKILL');
  t.ok(await isGone(Number(pid), 2000), 'the worker is gone');
  await relay.waitFor(ofKind('session-closed'), SOON);
});

test(
  'a killed worker fails the service, and the relay sees it leave without a word',
  {
    skip: POSIX_ONLY,
  },
  async (t) => {
    const { supervisor, relay } = await run(t);
    const [, pid] = await supervisor.seen(/worker: pid (\d+)[^]*link: online/);
    process.kill(Number(pid), 'SIGKILL');
    t.equal((await supervisor.ended).code, 1);
    t.equal((await relay.waitFor(ofKind('session-closed'), SOON)).code, 1006);
  },
);
