/** Workers of a service that hang: what the SCM is told, and what is kept of it. Beats come every half second here. */
import { readFileSync } from 'node:fs';
import type { NativeThreadTimes } from '@guruconnect/native';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { test } from 'tap';
import { STOPPED_FAILED, installAgent } from '../helpers/agent-service.ts';
import { readLog, workerExit } from '../helpers/service-log.ts';
import { nodeExe, openLab, toWindowsPath, windowsUnavailable, windowsFixture } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;

void test('workers that hang', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const HANGS = { 'worker-blocked': 'blocked', 'worker-busy': 'busy', 'worker-pool': 'pool' };
  for (const [worker, hang] of Object.entries(HANGS)) {
    await suite.test(`${worker}: 1066/1, and everybody is told why: ${hang}`, async (t) => {
      const service = await installAgent(t, lab, { worker, mischief: 'short-beat' });
      await service.start();
      await service.waitFor('running');
      const asked = performance.now();
      t.match(await service.waitFor('stopped'), STOPPED_FAILED);
      t.comment(`stopped after ${Math.round(performance.now() - asked)} ms`);
      const log = readLog(service.data);
      const end = workerExit(log);
      t.match(
        log.find(({ msg }) => msg === 'worker killed'),
        { after: 'hung', hang },
      );
      t.match(end, { reason: `hung-${hang}` }, 'the log');
      t.notOk((await lab.svcctl('alive', end?.worker?.pid ?? 0)).alive, 'the worker is gone');
      t.match(JSON.parse(readFileSync(lastWordsPath(service.data), 'utf8')), { reason: `hung-${hang}` });
      const args = ['status', '--data', toWindowsPath(service.data)];
      const { stdout } = await lab.guruconnect([...args]);
      t.match(stdout, new RegExp(`last words +hung-${hang}, \\d+ s ago, after \\d+ s`));
      t.match(stdout, new RegExp(`before: killed after hung \\(${hang}\\)`));
    });
  }

  await suite.test('the addon sees what a main thread uses, and no process that is not there', async (t) => {
    const { stdout } = await lab.run(nodeExe, [toWindowsPath(windowsFixture('main-thread'))]);
    const { before, after, nobody } = JSON.parse(stdout) as Record<string, NativeThreadTimes>;
    t.match([before?.error, after?.error], [0, 0]);
    const used = (after?.cpuMs ?? 0) - (before?.cpuMs ?? 0);
    t.ok(used >= 200, `used ${used} ms, and the process 300 ms`);
    t.same(nobody, { error: 1168, cpuMs: 0 });
  });

  await suite.test('a worker that beats, and does nothing else, does not hang', async (t) => {
    const service = await installAgent(t, lab, { worker: 'worker-idle', mischief: 'short-beat' });
    await service.start();
    await service.waitFor('running');
    t.match(await lab.svcctl('wait', service.name, 'stopped', 4000), { state: 'running', alive: true });
  });
});
