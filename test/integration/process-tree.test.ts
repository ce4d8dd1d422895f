/** The worker and all that it starts: one tree, which ends as one. On Windows: test/windows/process-tree. */
import { readFileSync, readdirSync } from 'node:fs';
import { isAddonBuilt } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { type Family, groupOf, isBusy, startFamily } from '../helpers/family.ts';
import { isAlive, isGone } from '../helpers/program.ts';
import { readLog, workerExit } from '../helpers/service-log.ts';

const linux = {
  timeout: 60_000,
  ...(process.platform !== 'linux' && { skip: 'groups and signals, seen in /proc' }),
  ...(process.platform === 'linux' && !isAddonBuilt() && { skip: 'the addon is not built (npm run native)' }),
};
/** For processes to end, on a machine that is busy. */
const ENDS_MS = 15_000;

/** When there are some: a process that has only just begun has one. */
const threadsOf = async (pid: number): Promise<readonly string[]> => {
  const until = performance.now() + ENDS_MS;
  for (;;) {
    const threads = readdirSync(`/proc/${pid}/task`);
    if (threads.length > 1 || performance.now() > until) return threads;
    await new Promise((done) => setTimeout(done, 10));
  }
};

const noneLeft = async (t: Test, { worker, child }: Family): Promise<void> => {
  t.ok(await isGone(worker, ENDS_MS), 'the worker is gone');
  t.ok(await isGone(child, ENDS_MS), 'and its child');
};

test('a worker that ends takes its child with it, and the service is Stopped at once', linux, async (t) => {
  const family = await startFamily(t);
  process.kill(family.worker, 'SIGUSR1');
  t.equal((await family.supervisor.ended).code, 1);
  t.equal(workerExit(readLog(family.data))?.worker?.code, 3);
  await noneLeft(t, family);
});

test('a worker that crashes takes its child with it', linux, async (t) => {
  const family = await startFamily(t);
  process.kill(family.worker, 'SIGSEGV');
  t.equal((await family.supervisor.ended).code, 1);
  t.equal(workerExit(readLog(family.data))?.worker?.signal, 'SIGSEGV');
  await noneLeft(t, family);
});

test('a worker that is stopped takes its child with it', linux, async (t) => {
  const family = await startFamily(t);
  family.supervisor.kill('SIGTERM');
  t.equal((await family.supervisor.ended).code, 0);
  await noneLeft(t, family);
});

test('a worker that is deaf to the stop is killed after its grace, with its child', linux, async (t) => {
  const family = await startFamily(t, 'deaf holds');
  const asked = performance.now();
  family.supervisor.kill('SIGTERM');
  t.equal((await family.supervisor.ended).code, 0);
  const took = performance.now() - asked;
  t.ok(took >= TIMING.stopGrace && took < TIMING.stopGrace + ENDS_MS, `after ${Math.round(took)} ms`);
  await noneLeft(t, family);
});

/** From the worker's violent end to the supervisor's own. */
const endingMs = async (t: Test, what: string): Promise<number> => {
  const family = await startFamily(t, what);
  const from = performance.now();
  process.kill(family.worker, 'SIGKILL');
  t.equal((await family.supervisor.ended).code, 1);
  return performance.now() - from;
};
const TRIES = 3;

/** The least of some: a machine that is busy adds to a time, and never takes from it. */
const leastMs = async (t: Test, what: string): Promise<number> => {
  const times: number[] = [];
  for (let i = 0; i < TRIES; i += 1) times.push(await endingMs(t, what));
  return Math.round(Math.min(...times));
};

test("a grandchild that holds the worker's stderr delays nothing", linux, async (t) => {
  const free = await leastMs(t, '');
  const held = await leastMs(t, 'holds');
  t.comment(`without: ${free} ms, with: ${held} ms`);
  t.ok(held < free + TIMING.lastWords / 2, `${held} ms, and ${free} ms without`);
});

test(
  'one that has left the group and holds stderr delays it by the bound of the last words',
  linux,
  async (t) => {
    const free = await leastMs(t, '');
    const held = await leastMs(t, 'holds leaves');
    t.comment(`without: ${free} ms, with: ${held} ms`);
    t.ok(held >= TIMING.lastWords - 10, 'it is really held open');
    t.ok(held < free + 2 * TIMING.lastWords, `${held} ms, and ${free} ms without`);
  },
);

test(
  'no thread of the worker, and nothing that it starts, gets more rights than it has',
  linux,
  async (t) => {
    const family = await startFamily(t);
    for (const pid of [family.worker, family.child]) {
      const threads = await threadsOf(pid);
      const states = threads.map((thread) => readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8'));
      t.ok(
        states.length > 1 && states.every((state) => /^NoNewPrivs:\s+1$/m.test(state)),
        `of ${states.length} threads`,
      );
    }
    family.supervisor.kill('SIGTERM');
    await family.supervisor.ended;
  },
);

test('a supervisor that is killed takes the worker and its child with it', linux, async (t) => {
  const family = await startFamily(t);
  family.supervisor.kill('SIGKILL');
  await noneLeft(t, family);
});

test('also while the worker hangs', linux, async (t) => {
  const family = await startFamily(t, 'hangs');
  t.ok(await isBusy(family.worker), 'it hangs');
  family.supervisor.kill('SIGKILL');
  await noneLeft(t, family);
});

test('a worker that was suspended ends as soon as it goes on', linux, async (t) => {
  const family = await startFamily(t);
  process.kill(family.worker, 'SIGSTOP');
  family.supervisor.kill('SIGKILL');
  t.ok(await isGone(family.supervisor.pid, ENDS_MS));
  t.ok(isAlive(family.worker), 'the kernel keeps the signal for it');
  process.kill(family.worker, 'SIGCONT');
  await noneLeft(t, family);
});

test('Ctrl-C of the terminal is heard by the supervisor, and not by the worker', linux, async (t) => {
  const family = await startFamily(t, 'deaf', ['setsid']);
  const [ours, theirs] = [groupOf(family.supervisor.pid), groupOf(family.worker)];
  t.equal(ours.group, family.supervisor.pid);
  t.same(
    theirs,
    { group: family.worker, session: family.worker },
    'a session of its own: no terminal reaches it',
  );
  t.equal(groupOf(family.child).group, family.worker);
  // What a terminal does.
  process.kill(-family.supervisor.pid, 'SIGINT');
  await family.supervisor.seen(/service: stopping/);
  process.kill(-family.supervisor.pid, 'SIGHUP');
  t.equal((await family.supervisor.ended).code, 0);
  t.equal(family.signals(), '');
  await noneLeft(t, family);
});

test('a signal to the worker itself is heard by it: the one above would have been', linux, async (t) => {
  const family = await startFamily(t);
  process.kill(family.worker, 'SIGINT');
  const until = performance.now() + ENDS_MS;
  while (family.signals() === '' && performance.now() < until)
    await new Promise((done) => setTimeout(done, 10));
  t.equal(family.signals(), 'SIGINT\n');
});
