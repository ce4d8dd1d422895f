import { test } from 'tap';
import { fixture, isAlive, startProgram } from '../helpers/program.ts';
import { readLog, transitions, workerExit } from '../helpers/service-log.ts';

const POSIX_ONLY =
  process.platform === 'win32' ? 'signals are sent: the Windows suites do it their way' : false;

interface Fault {
  readonly worker: string;
  /** What the machine goes through after `starting`. */
  readonly walk: readonly string[];
  /** Exit code or signal that the log must name. */
  readonly exit: number | string;
  /** Bound that is expected to pass, in milliseconds. */
  readonly waits?: number;
  /** A word of its last ones. */
  readonly says?: RegExp;
  readonly nodeArgs?: readonly string[];
}

const CRASH = 'running -worker-exited-> stopped';
const UP = 'starting -worker-ready-> running';
const FAULTS: readonly Fault[] = [
  { worker: 'worker-throws', walk: [UP, CRASH], exit: 1, says: /thrown on purpose/ },
  { worker: 'worker-aborts', walk: [UP, CRASH], exit: 'SIGABRT' },
  {
    worker: 'worker-heap',
    walk: [UP, CRASH],
    exit: 'SIGABRT',
    says: /heap/i,
    nodeArgs: ['--max-old-space-size=32'],
  },
  { worker: 'worker-exits-zero', walk: [UP, CRASH], exit: 0 },
  {
    worker: 'worker-dies-early',
    walk: ['starting -worker-exited-> stopped'],
    exit: 3,
    says: /cannot even begin/,
  },
  {
    worker: 'worker-not-a-program',
    walk: ['starting -worker-exited-> stopped'],
    exit: 1,
    says: /no-such-module/,
  },
  {
    worker: 'worker-silent',
    walk: ['starting -timeout-> stopping', 'stopping -worker-exited-> stopped'],
    exit: 'SIGKILL',
    waits: 9000,
  },
  {
    worker: 'worker-drops-pipe',
    walk: [UP, 'running -pipe-lost-> stopping', 'stopping -worker-exited-> stopped'],
    exit: 'SIGKILL',
    waits: 5000,
  },
];

/** The end of the pipe may be seen just before the exit: the same end, over one more state. */
const commute = (walk: readonly string[]): readonly string[] =>
  walk.flatMap((step) =>
    step === CRASH ? ['running -pipe-lost-> stopping', 'stopping -worker-exited-> stopped'] : [step],
  );

for (const { worker, walk, exit, waits = 0, says, nodeArgs = [] } of FAULTS) {
  test(`${worker}: the service fails, and nothing is left`, { skip: POSIX_ONLY }, async (t) => {
    const data = t.testdir();
    const { code, elapsedMs } = await startProgram(fixture('supervisor'), [
      data,
      fixture(worker),
      ...nodeArgs,
    ]).ended;
    const log = readLog(data);
    const end = workerExit(log)?.worker;
    const walked = transitions(log).join();
    t.equal(code, 1, 'exit code of a failed service');
    t.ok(walked === walk.join() || walked === commute(walk).join(), `went ${walked}`);
    t.equal(end?.signal ?? end?.code, exit, 'how the worker ended');
    if (says !== undefined) t.match(end?.lastWords.join('\n'), says, 'its last words');
    t.notOk(isAlive(end?.pid ?? 0), 'the worker is gone');
    t.ok(elapsedMs >= waits, `waited its bound: ${Math.round(elapsedMs)} ms`);
    t.ok(elapsedMs < waits + 4000, `and not longer: ${Math.round(elapsedMs)} ms`);
  });
}

test('a worker that is killed fails the service at once', { skip: POSIX_ONLY }, async (t) => {
  const data = t.testdir();
  const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-obedient')]);
  const [, pid] = await supervisor.seen(/worker: pid (\d+)\nservice: running/);
  process.kill(Number(pid), 'SIGKILL');
  t.equal((await supervisor.ended).code, 1);
  t.equal(workerExit(readLog(data))?.worker?.signal, 'SIGKILL');
});

test(
  'a worker that ignores the stop is killed after its grace, and the stop counts as done',
  {
    skip: POSIX_ONLY,
  },
  async (t) => {
    const data = t.testdir();
    const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-deaf')]);
    await supervisor.seen(/service: running/);
    const asked = performance.now();
    supervisor.kill('SIGTERM');
    const { code } = await supervisor.ended;
    const took = performance.now() - asked;
    t.equal(code, 0, 'what was asked for is no failure');
    t.equal(workerExit(readLog(data))?.worker?.signal, 'SIGKILL');
    t.ok(took >= 8000 && took < 11_000, `within its budget: ${Math.round(took)} ms`);
  },
);

test('the exit code of a worker that was asked to stop does not matter', { skip: POSIX_ONLY }, async (t) => {
  const data = t.testdir();
  const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-obedient')]);
  await supervisor.seen(/service: running/);
  supervisor.kill('SIGTERM');
  t.equal((await supervisor.ended).code, 0);
  t.equal(workerExit(readLog(data))?.worker?.code, 7);
});
