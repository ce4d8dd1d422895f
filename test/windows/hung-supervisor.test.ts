/** A JavaScript thread that does not answer: the addon ends the service by itself, within its budget. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import {
  type AgentService,
  CONTROL,
  STOPPED_FAILED,
  STOPPED_OK,
  installAgent,
} from '../helpers/agent-service.ts';
import { readLog } from '../helpers/service-log.ts';
import { type WindowsLab, openLab, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;

/** Of the fixture. */
const STOP_BUDGET_MS = 3000;
const SHUTDOWN_BUDGET_MS = 1500;
const END_BUDGET_MS = 1500;
/** The notes and the report have a second each, and the machine does other things too. */
const SLACK_MS = 2500;
const ENDED = 2;
const STOPPED_HUNG = { ...STOPPED_FAILED, serviceSpecificExitCode: ENDED };

const notes = ({ data }: AgentService): readonly string[] =>
  ['stopped', 'hung'].filter((name) => existsSync(join(data, name)));

const workerPid = ({ data }: AgentService): number =>
  Number(readLog(data).findLast(({ msg }) => msg === 'worker spawned')?.worker ?? 0);

const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

const isGone = async (lab: WindowsLab, pid: number, withinMs: number): Promise<boolean> => {
  const end = performance.now() + withinMs;
  while ((await lab.svcctl('alive', pid)).alive === true) {
    if (performance.now() > end) return false;
    await sleep(50);
  }
  return true;
};

void test('a supervisor that hangs', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  const STOPS: Readonly<Record<string, string>> = {
    'in a loop while it runs': 'brief-loop',
    'in a wait while it runs': 'brief-block',
    'in the middle of stopping': 'brief-block-in-stop',
  };
  for (const [when, mischief] of Object.entries(STOPS)) {
    await suite.test(`${when}: 1066 / 2 within the budget of a stop, and nothing is left`, async (t) => {
      const service = await installAgent(t, lab, { mischief });
      await service.online();
      const { pid = 0 } = await service.query();
      const worker = workerPid(service);
      const since = performance.now();
      t.match(await service.control(CONTROL.stop), { error: 0, state: 'stop_pending' });
      t.match(await service.waitFor('stopped'), STOPPED_HUNG);
      const took = performance.now() - since;
      t.ok(took > STOP_BUDGET_MS - 100 && took < STOP_BUDGET_MS + SLACK_MS, `${Math.round(took)} ms`);
      t.ok(await isGone(lab, pid, 1000), 'the supervisor is gone');
      t.ok(await isGone(lab, worker, 1000), 'the worker is gone');
      t.same(notes(service), ['stopped', 'hung'], 'recovery will let it rest');
      await service.online();
      t.same(notes(service), [], 'the next start has taken both notes');
      t.ok(readLog(service.data).some(({ msg }) => msg.startsWith('the former supervisor did not answer')));
    });
  }

  await suite.test('after it has lost its worker: 1066 / 2, and recovery may bring it back', async (t) => {
    const service = await installAgent(t, lab, {
      worker: 'worker-drops-pipe',
      mischief: 'brief-block-at-loss',
    });
    await service.start();
    t.match(await service.waitFor('stopped'), STOPPED_HUNG);
    t.same(notes(service), ['hung'], 'nobody had asked for a stop');
    t.ok(await isGone(lab, workerPid(service), 1000), 'the worker is gone');
  });

  await suite.test('after Stopped: its word stands, and the process is ended', async (t) => {
    const service = await installAgent(t, lab, { mischief: 'brief-block-after-stopped' });
    await service.online();
    const { pid = 0 } = await service.query();
    await service.control(CONTROL.stop);
    t.match(await service.waitFor('stopped'), STOPPED_OK);
    t.ok(await isGone(lab, pid, END_BUDGET_MS + SLACK_MS), 'the supervisor is gone');
    t.same(notes(service), ['stopped'], 'it had answered');
  });

  await suite.test('not, but is slow: a stop inside its budget is left alone', async (t) => {
    const service = await installAgent(t, lab, { mischief: 'brief-busy-in-stop:1800' });
    await service.online();
    const since = performance.now();
    await service.control(CONTROL.stop);
    t.match(await service.waitFor('stopped'), STOPPED_OK);
    const took = performance.now() - since;
    t.ok(took > 1700 && took < STOP_BUDGET_MS, `${Math.round(took)} ms`);
    t.same(notes(service), ['stopped']);
    t.ok(
      readLog(service.data).some(({ msg }) => msg === 'service ended'),
      'it came to its own end',
    );
  });

  await suite.test('until the very end of its budget: one word of two, and no process', async (t) => {
    for (const ms of [2930, 2970, 2990, 3010]) {
      const service = await installAgent(t, lab, { mischief: `brief-busy-in-stop:${ms}` });
      await service.online();
      const { pid = 0 } = await service.query();
      await service.control(CONTROL.stop);
      const stopped = await service.waitFor('stopped');
      const hung = stopped.win32ExitCode !== 0;
      t.match(stopped, hung ? STOPPED_HUNG : STOPPED_OK, `${ms} ms: ${hung ? 'hung' : 'slow'}`);
      t.ok(await isGone(lab, pid, END_BUDGET_MS + SLACK_MS), 'the supervisor is gone');
      t.same(notes(service), hung ? ['stopped', 'hung'] : ['stopped']);
    }
  });

  /** Wine sends no shutdown, and a real Windows is not shut down by a test. */
  const standin = { skip: process.platform === 'win32' && 'under Wine only' };
  await suite.test(
    'at a shutdown: within the shorter budget, and without the note of a stop',
    standin,
    async (t) => {
      const service = await installAgent(t, lab, { mischief: 'brief-block' });
      const run = await lab.standin(
        service.name,
        service.imagePath,
        ...['wait:running:20000', 'control:5', 'wait:stopped:10000', 'wait-exit:3000'],
      );
      const stopped = (run.steps ?? []).find(({ step }) => step === 'wait:stopped:10000');
      t.match(stopped, { error: 0, state: 'stopped', win32ExitCode: 1066, serviceSpecificExitCode: ENDED });
      const took = stopped?.elapsedMs ?? Infinity;
      t.ok(took > SHUTDOWN_BUDGET_MS - 100 && took < SHUTDOWN_BUDGET_MS + SLACK_MS, `${took} ms`);
      t.match(run, { terminated: false, exitCode: ENDED }, 'the addon has ended it');
      t.same(notes(service), ['hung']);
    },
  );

  await suite.test(
    'when a shutdown follows a stop: the shorter budget counts, and so does the stop',
    standin,
    async (t) => {
      const service = await installAgent(t, lab, { mischief: 'brief-block' });
      const run = await lab.standin(
        service.name,
        service.imagePath,
        ...[
          'wait:running:20000',
          'sleep:2000',
          'control:1',
          'control:5',
          'wait:stopped:10000',
          'wait-exit:3000',
        ],
      );
      const stopped = (run.steps ?? []).find(({ step }) => step === 'wait:stopped:10000');
      t.match(stopped, { error: 0, win32ExitCode: 1066, serviceSpecificExitCode: ENDED });
      t.ok((stopped?.elapsedMs ?? Infinity) < STOP_BUDGET_MS, `${stopped?.elapsedMs} ms`);
      t.match(run, { terminated: false, exitCode: ENDED });
      t.same(notes(service), ['stopped', 'hung']);
    },
  );
});
