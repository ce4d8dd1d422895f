import { WORKER_ACCOUNT, type WorkerProcessAddon } from '@guruconnect/native';
import { settleable } from '@guruconnect/shared/settleable';
import type { Program } from '@guruconnect/supervisor/child';
import { launchJob } from '@guruconnect/supervisor/job-child';
import { splitCommandLine } from '@guruconnect/supervisor/manage/command-line';
import { type Test, test } from 'tap';
import { openFifo, readToEnd } from '../helpers/fifo.ts';

type Launch = WorkerProcessAddon['workerLaunch'];
const posix = process.platform === 'win32' ? { skip: 'a FIFO stands for the pipes' } : {};
const KILLED = 137;
const PID = 4711;
const PROGRAM: Program = { executable: 'C:\\node\\node.exe', args: ['worker.js'], env: {} };

interface Fake {
  readonly error?: number;
  /** What `workerTerminate` answers. */
  readonly terminated?: number;
}

/** A child of an addon that writes down what it is asked. */
const launch = (
  t: Test,
  program: Program,
  { error = 0, terminated = 0 }: Fake = {},
  isLocalService = false,
) => {
  const launched: Parameters<Launch>[] = [];
  const kills: unknown[] = [];
  const ended = settleable<{ readonly error: number; readonly code: number }>();
  const [stdin, stderr] = error === 0 ? [openFifo(t, 'written'), openFifo(t, 'both')] : [];
  const child = launchJob(
    {
      workerLaunch: (...args) => {
        launched.push(args);
        return { error, pid: error === 0 ? PID : 0, stdin: stdin?.fd ?? -1, stderr: stderr?.fd ?? -1 };
      },
      workerWait: () => ended.promise,
      workerTerminate: (...args) => {
        kills.push(args);
        return terminated;
      },
    },
    program,
    isLocalService,
  );
  t.teardown(() => {
    child.stderr?.destroy();
    child.tell('');
  });
  return { child, stdin, stderr, launched, kills, end: (code: number) => ended.resolve({ error: 0, code }) };
};

test('a worker that may start no process is the only one of its job', posix, (t) => {
  const program = { executable: 'node.exe', args: [], env: {} };
  for (const [isAlone, most] of [
    [true, 1],
    [false, 0],
    [undefined, 0],
  ] as const) {
    const { launched } = launch(t, isAlone === undefined ? program : { ...program, isAlone });
    t.equal(launched[0]?.[4], most);
  }
  t.end();
});

test('every part of the command line arrives as it is', posix, (t) => {
  const executable = 'C:\\Program Files\\node\\node.exe';
  const args = ['--title=x', 'C:\\ends with\\', 'say "no"', '\\\\"', '', 'a\tb', '%PATH%', 'ü🔑'];
  const { launched } = launch(t, { executable, args, env: {} });
  t.equal(launched[0]?.[0], executable, 'the program is named apart: nothing is searched for');
  t.same(splitCommandLine(launched[0]?.[1] ?? ''), [executable, ...args]);
  t.ok(launched[0]?.[1].startsWith(`"${executable}"`));
  t.end();
});

test('the environment is sorted by name as Windows compares them', posix, (t) => {
  const env = {
    path: 'p',
    SystemRoot: 'C:\\windows',
    A_B: '1',
    'ProgramFiles(x86)': 'x',
    AB: '2',
    ProgramFiles: '=',
  };
  const { launched } = launch(t, { ...PROGRAM, env });
  t.same(launched[0]?.[2], [
    ...['A_B=1', 'AB=2', 'path=p', 'ProgramFiles==', 'ProgramFiles(x86)=x', 'SystemRoot=C:\\windows'].sort(
      (a, b) => ((a.split('=')[0] ?? '').toUpperCase() < (b.split('=')[0] ?? '').toUpperCase() ? -1 : 1),
    ),
  ]);
  t.equal(launched[0]?.[2].at(-1), 'SystemRoot=C:\\windows');
  t.equal(launched[0]?.[2][0], 'AB=2', 'an underscore comes after the letters');
  t.end();
});

test('it runs as we do, or as LocalService', posix, (t) => {
  t.equal(launch(t, PROGRAM).launched[0]?.[3], WORKER_ACCOUNT.own);
  t.equal(launch(t, PROGRAM, {}, true).launched[0]?.[3], WORKER_ACCOUNT.localService);
  t.end();
});

test('it is told one line on its stdin, which ends there', posix, async (t) => {
  const { child, stdin } = launch(t, PROGRAM);
  child.tell('the bootstrap\n');
  t.equal(await readToEnd(stdin?.reader() as never), 'the bootstrap\n');
});

test('what it writes to its stderr is read', posix, async (t) => {
  const { child, stderr } = launch(t, PROGRAM);
  t.equal(child.pid, PID);
  stderr?.writer().write('last words');
  const [words] = await new Promise<[Buffer]>((resolve) =>
    child.stderr?.once('data', (data) => resolve([data as Buffer])),
  );
  t.equal(words.toString(), 'last words');
});

for (const code of [0, 3, 137, 0xc0000005]) {
  test(`an exit by itself with ${code} is that`, posix, async (t) => {
    const { child, end } = launch(t, PROGRAM);
    end(code);
    t.same(await child.ended, { kind: 'exited', code, signal: undefined });
  });
}

test('a kill is told apart from an exit, as Windows knows no signals', posix, async (t) => {
  const { child, end, kills } = launch(t, PROGRAM);
  child.kill();
  end(KILLED);
  t.same(kills, [[PID, KILLED]]);
  t.same(await child.ended, { kind: 'exited', code: undefined, signal: 'SIGKILL' });
});

test('one that had ended by itself before the kill keeps its own code', posix, async (t) => {
  const { child, end } = launch(t, PROGRAM);
  child.kill();
  end(3);
  t.same(await child.ended, { kind: 'exited', code: 3, signal: undefined });
});

test('a kill that came too late killed nothing', posix, async (t) => {
  const { child, end } = launch(t, PROGRAM, { terminated: 6 });
  child.kill();
  end(KILLED);
  t.same(await child.ended, { kind: 'exited', code: KILLED, signal: undefined });
});

test('a kill is repeated where it is asked for again', posix, (t) => {
  const { child, kills } = launch(t, PROGRAM);
  child.kill();
  child.kill();
  t.equal(kills.length, 2);
  t.end();
});

test('one that cannot be started says why in words, and takes every call', async (t) => {
  const { child, kills } = launch(t, PROGRAM, { error: 2 });
  t.same([child.pid, child.stderr], [undefined, undefined]);
  t.same(await child.ended, { kind: 'not-started', why: 'the file does not exist (error 2)' });
  child.tell('nobody hears it');
  child.kill();
  t.same(kills, []);
  t.same(await launch(t, PROGRAM, { error: 1314 }).child.ended, {
    kind: 'not-started',
    why: 'Windows error 1314',
  });
});
