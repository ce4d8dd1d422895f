import { type Test, test } from 'tap';
import { configOf, managerCalls, obedientImagePath } from '../helpers/manager-calls.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openLab, toWindowsPath, windowsUnavailable, windowsFixture } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const LIMIT_MS = 20_000;
const CLOCKS_DIFFER_MS = 2000;

void test('the process of a service', { skip, timeout: 120_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  /** A service that runs. `startedBy` is when StartService had returned, in milliseconds since the Unix epoch. */
  const start = async (t: Test) => {
    const name = lab.serviceName('GuruConnect');
    const calls = managerCalls(lab, name);
    const config = configOf(name, obedientImagePath(tempDir(t)));
    const [, started] = await calls(['service', 'create', config], ['service', 'start']);
    const { pid } = await lab.svcctl('wait', name, 'running', LIMIT_MS);
    t.teardown(async () => {
      if ((await lab.svcctl('query', name)).alive !== true) return;
      await calls(['service', 'stop']);
      await lab.svcctl('wait', name, 'stopped', LIMIT_MS);
    });
    return { name, calls, pid, startedBy: started?.at ?? 0 };
  };

  await suite.test('it is held and waited for', async (t) => {
    const { calls, pid, startedBy } = await start(t);
    const [opened, waited, closed] = await calls(
      ['process', 'open'],
      ['process', 'endedAfterClose', 300],
      ['process', 'ended', 1],
    );
    const { startedAt = 0 } = (opened?.value ?? {}) as { startedAt?: number };
    t.match(opened?.value, { pid });
    const early = startedAt - startedBy;
    t.ok(Math.abs(early) < CLOCKS_DIFFER_MS, `${early} ms from the end of StartService`);
    t.match(waited, { value: false }, 'closing the handle does not end the wait for it');
    t.match(closed?.error?.message, /closed/);
  });

  await suite.test('it is ended', async (t) => {
    const { calls, pid } = await start(t);
    const ended = await calls(
      ['process', 'open'],
      ['process', 'ended', 0],
      ['process', 'terminate'],
      ['process', 'ended', 10_000],
      ['process', 'terminate'],
      ['process', 'close'],
      ['process', 'close'],
      ['service', 'status'],
      ['process', 'open'],
      ['process', 'ended', 0],
    );
    t.equal(ended[1]?.value, false);
    t.same(ended[2]?.error, undefined);
    t.equal(ended[3]?.value, true, 'it has ended');
    t.same(ended[4]?.error, undefined, 'ended already is no error');
    t.same(ended[6]?.error, undefined, 'closed already is no error');
    // Windows: Stopped with 1067. Wine keeps the state and the PID of the dead process.
    const { win32ExitCode, pid: left } = ended[7]?.value as { win32ExitCode: number; pid: number };
    t.ok(win32ExitCode === 1067 || left === pid, JSON.stringify(ended[7]));
    // As long as the SCM holds the dead process it can be opened, and is seen to have ended.
    t.same(ended[8]?.error, undefined);
    t.not(ended[9]?.value, false, 'no process of it lives');
  });

  await suite.test('a program that exits while it waits for a process ends as it was told', async (t) => {
    const { name } = await start(t);
    const script = [
      ['process', 'open'],
      [
        ['process', 'ended', 2000],
        ['here', 'exit', 7],
      ],
    ];
    const { code, stderr } = await lab.run(lab.nodeExe, [
      ...[toWindowsPath(windowsFixture('manager')), name, encodeURIComponent(JSON.stringify(script))],
    ]);
    t.equal(code, 7, stderr);
  });
});
