/** The worker's job on Windows: what it takes with it, what it inherits, and how it ended. On Linux: test/integration/process-tree. */
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { CONTROL, STOPPED_FAILED, STOPPED_OK, installAgent } from '../helpers/agent-service.ts';
import { readFamily } from '../helpers/family.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { labProgram } from '../helpers/windows-programs.ts';
import { onWindows, openLab, toWindowsPath, windowsUnavailable, windowsFixture } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
/** For processes to end, on a machine that is busy. */
const ENDS_MS = 5_000;
const SURVIVES_MS = 1_000;
/** What Wine gives every process, whatever it is started with. */
const WINES_OWN = /^(?:WINE[A-Z0-9]+|SystemDrive)$/;

interface JobFacts {
  readonly environment: string;
  readonly given: Readonly<Record<string, string>>;
  readonly talked: { readonly ready: string; readonly rest: string; readonly end: unknown };
  readonly codes: readonly { readonly code: number; readonly end: unknown }[];
  readonly killed: unknown;
  readonly aborted: { readonly code: number };
  readonly missing: unknown;
  readonly notOurs: unknown;
  readonly notOursEither: number;
}

void test('the process tree', { skip, timeout: 180_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const alive = async (pid: number): Promise<boolean> => (await lab.svcctl('alive', pid)).alive ?? false;
  const isGone = async (pid: number): Promise<boolean> => {
    const end = performance.now() + ENDS_MS;
    while ((await alive(pid)) && performance.now() < end);
    return !(await alive(pid));
  };
  const runFixture = async (t: Test, name: string, ...args: readonly string[]) => {
    const { code, stdout, stderr } = await lab.run(lab.nodeExe, [
      toWindowsPath(windowsFixture(name)),
      ...args,
    ]);
    t.equal(code, 0, stderr);
    return stdout;
  };

  /** A service whose worker has a child that has left libuv's job. */
  const startService = async (t: Test) => {
    const service = await installAgent(t, lab, { worker: 'worker-family', mischief: 'unrestricted' });
    await service.start();
    const { pid: supervisor = 0 } = await service.waitFor('running');
    const { worker, child } = readFamily(service.data);
    t.same([await alive(worker), await alive(child)], [true, true], 'both live');
    const noneLeft = async (): Promise<void> => {
      for (const pid of [supervisor, worker, child]) t.ok(await isGone(pid), 'nothing of it is left');
    };
    return { service, supervisor, worker, noneLeft };
  };

  await suite.test('a worker that crashes takes its detached child with it', async (t) => {
    const { service, worker, noneLeft } = await startService(t);
    await lab.svcctl('terminate', worker, 3);
    t.match(await service.waitFor('stopped'), STOPPED_FAILED);
    await noneLeft();
  });

  await suite.test('a service that is stopped leaves no detached child of its worker', async (t) => {
    const { service, noneLeft } = await startService(t);
    await service.control(CONTROL.stop);
    t.match(await service.waitFor('stopped'), STOPPED_OK);
    await noneLeft();
  });

  await suite.test('a supervisor that is terminated takes all of them with it', async (t) => {
    const { supervisor, noneLeft } = await startService(t);
    await lab.svcctl('terminate', supervisor, 77);
    await noneLeft();
  });

  await suite.test('by libuv alone a detached grandchild survives: it is the job that ends it', async (t) => {
    const file = join(tempDir(t), 'family.json');
    await runFixture(t, 'libuv-family', toWindowsPath(file));
    const { worker, child } = readFamily(join(file, '..'));
    t.ok(await isGone(worker), 'the child went with its parent');
    await new Promise((resolve) => setTimeout(resolve, SURVIVES_MS));
    t.ok(await alive(child), 'and the grandchild did not');
    t.equal((await lab.svcctl('terminate', child, 1)).error, 0);
  });

  for (const [by, reaches] of [
    ['job', false],
    ['libuv', true],
  ] as const) {
    const what = reaches ? 'reaches a child of libuv’s' : 'does not reach the worker';
    await suite.test(`a handle that the supervisor has inherited ${what}`, async (t) => {
      const svcctl = toWindowsPath(labProgram('svcctl'));
      const program = [lab.nodeExe, windowsFixture('inheriting')].map(toWindowsPath);
      const result = await lab.svcctl('inherit', ...program, by, svcctl, 'has-handle', '{handle}');
      t.match(result, { error: 0, exitCode: 0, set: reaches });
    });
  }

  await suite.test(
    'it is given its environment, three streams, and leaves the whole of its exit code',
    async (t) => {
      const facts = JSON.parse(await runFixture(t, 'job-facts')) as JobFacts;
      const environment = JSON.parse(facts.environment) as Record<string, string>;
      const isOf = (name: string): boolean => !onWindows && WINES_OWN.test(name);
      const its = Object.entries(environment).filter(([name]) => name in facts.given || !isOf(name));
      t.same(Object.fromEntries(its), facts.given, 'nothing else, and everything as it is');
      t.match(facts.talked, { ready: 'ready', end: { code: 3 } }, 'stderr comes while it lives');
      t.equal(facts.talked.rest, 'line the line end');
      for (const { code, end } of facts.codes) t.same(end, { kind: 'exited', code });
      t.same(facts.killed, { kind: 'exited', signal: 'SIGKILL' });
      t.not(facts.aborted.code, 0);
      t.same(facts.missing, { kind: 'not-started', why: 'the folder does not exist (error 3)' });
      t.same(facts.notOurs, { error: 6, code: 0 });
      t.equal(facts.notOursEither, 6, 'a process that is no child is not ended');
    },
  );

  await suite.test(
    'a process that leaves while it waits ends at once, as it was told, and its child with it',
    async (t) => {
      const from = performance.now();
      const { code, stdout, stderr } = await lab.run(lab.nodeExe, [
        toWindowsPath(windowsFixture('sealed-calls')),
        'exit',
      ]);
      t.equal(code, 7, stderr);
      t.ok(performance.now() - from < ENDS_MS + 5_000, 'the threads of it hold nothing up');
      t.ok(await isGone((JSON.parse(stdout) as { pid: number }).pid));
    },
  );
});
