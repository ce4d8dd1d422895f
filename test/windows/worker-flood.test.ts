import { statSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { STOPPED_FAILED, installAgent } from '../helpers/agent-service.ts';
import { readLog, workerExit } from '../helpers/service-log.ts';
import { openLab, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const MOST_LOG_BYTES = 64 * 1024;

void test(
  'a service whose worker writes a hundred megabytes to its stderr',
  { skip, timeout: 90_000 },
  async (t) => {
    const lab = await openLab();
    t.teardown(() => lab.close());
    const service = await installAgent(t, lab, { worker: 'worker-floods-out' });
    await service.start();
    await service.waitFor('running');
    const from = performance.now();
    t.match(await service.waitFor('stopped'), STOPPED_FAILED);
    t.comment(`the flood took ${Math.round(performance.now() - from)} ms at the most`);
    const end = workerExit(readLog(service.data));
    t.match(
      end,
      { reason: 'exited', worker: { code: 3 } },
      'it came to its end by itself, and was not held up',
    );
    t.equal(end?.worker?.lastWords.at(-1), 'the last words');
    t.ok(statSync(join(service.data, 'logs', 'supervisor.log')).size < MOST_LOG_BYTES);
  },
);
