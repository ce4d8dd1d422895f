/** Workers that hang, each in its own way, and those that only look like it: the product's supervisor, with short beats. */
import { readFileSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { BEAT_MISSES } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { GURUCONNECT, type Program, fixture, isAlive, startProgram } from '../helpers/program.ts';
import { readLog, transitions, workerExit } from '../helpers/service-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows/hung has its counterpart';
const bounded = { skip, timeout: 60_000 };
const BEAT_MS = 800;
/** As long as a hang takes to be noticed at the most. */
const NOTICED_MS = (BEAT_MISSES + 1) * BEAT_MS;

interface Run {
  readonly supervisor: Program;
  readonly data: string;
  /** The worker's. */
  readonly pid: number;
}

const start = async (t: Test, worker: string): Promise<Run> => {
  const data = tempDir(t);
  const env = { TEST_BEAT_MS: String(BEAT_MS) };
  const supervisor = startProgram(fixture('supervisor'), [data, fixture(worker)], { env });
  const [, pid] = await supervisor.seen(/worker: pid (\d+)\n[^]*link: online/);
  t.teardown(() => {
    supervisor.kill('SIGKILL');
  });
  return { supervisor, data, pid: Number(pid) };
};

const lastWordsOf = (data: string) =>
  JSON.parse(readFileSync(lastWordsPath(data), 'utf8')) as {
    readonly reason: string;
    readonly livedMs: number;
    readonly history: readonly { readonly what: string }[];
  };

/** Waits for the end, and looks at what everybody who may ask is told of it. */
const isKilledFor = async (t: Test, { supervisor, data, pid }: Run, hang: string): Promise<void> => {
  const { code, stdout } = await supervisor.ended;
  const log = readLog(data);
  const words = lastWordsOf(data);
  t.equal(code, 1, 'exit code of a failed service');
  t.notOk(isAlive(pid), 'the worker is gone');
  t.same(transitions(log).slice(1), ['running -worker-hung-> stopping', 'stopping -worker-exited-> stopped']);
  t.match(
    log.find(({ msg }) => msg === 'worker killed'),
    { after: 'hung', hang },
    'the log says why',
  );
  t.match(workerExit(log), { reason: `hung-${hang}`, worker: { signal: 'SIGKILL' } }, 'and with its end');
  t.match(stdout, /note: the worker hung \(.*\) and was killed/, 'the person at the console is told');
  t.equal(words.reason, `hung-${hang}`, 'its last words');
  t.ok(words.livedMs > NOTICED_MS - BEAT_MS && words.livedMs < 30_000, `lived ${words.livedMs} ms`);
  const last = words.history.at(-1)?.what;
  t.equal(last, `killed after hung (${hang})`, 'its history ends with that');
  t.ok(words.history.some(({ what }) => what.startsWith('link online at')));
  const { stdout: status } = await startProgram(GURUCONNECT, ['status', '--data', data]).ended;
  t.match(status, new RegExp(`last words +hung-${hang}, \\d+ s ago, after \\d+ s\n`));
  t.match(status, new RegExp(`0 s before: killed after hung \\(${hang}\\)`));
};

/** Stays as it is for twice the time that a hang takes to be noticed, and stops when it is told to. */
const livesOn = async (t: Test, { supervisor, data, pid }: Run): Promise<void> => {
  await pause(2 * NOTICED_MS);
  t.ok(isAlive(pid), 'the worker lives');
  supervisor.kill('SIGTERM');
  t.equal((await supervisor.ended).code, 0);
  t.same(transitions(readLog(data)).slice(1), [
    'running -control-> stopping',
    'stopping -worker-exited-> stopped',
  ]);
};

const HANGS = { 'worker-busy': 'busy', 'worker-blocked': 'blocked', 'worker-pool': 'pool' };
for (const [worker, hang] of Object.entries(HANGS)) {
  test(`${worker} is killed, for it hangs: ${hang}`, bounded, async (t) => {
    await isKilledFor(t, await start(t, worker), hang);
  });
}

test('a worker that is stopped (SIGSTOP) is killed, for it hangs: stopped', bounded, async (t) => {
  const run = await start(t, 'worker-idle');
  process.kill(run.pid, 'SIGSTOP');
  await isKilledFor(t, run, 'stopped');
});

for (const worker of ['worker-idle', 'worker-slow', 'worker-half-pool']) {
  test(`${worker} does not hang`, bounded, async (t) => {
    await livesOn(t, await start(t, worker));
  });
}

test(
  'a machine that stands still (a paused VM, a sleep) and goes on has no worker that hangs',
  bounded,
  async (t) => {
    const run = await start(t, 'worker-idle');
    for (let times = 0; times < 2; times += 1) {
      run.supervisor.kill('SIGSTOP');
      process.kill(run.pid, 'SIGSTOP');
      await pause(1.5 * NOTICED_MS);
      // The worker last, and late: it gets the full time again.
      run.supervisor.kill('SIGCONT');
      await pause(BEAT_MS);
      process.kill(run.pid, 'SIGCONT');
    }
    await livesOn(t, run);
  },
);
