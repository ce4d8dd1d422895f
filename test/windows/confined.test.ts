import { test } from 'tap';
import { STOPPED_FAILED, installAgent } from '../helpers/agent-service.ts';
import { assertConfined } from '../helpers/confined.ts';
import { openLab, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;

void test(
  'a worker of the service that was taken over finds little to use',
  { skip, timeout: 60_000 },
  async (t) => {
    const lab = await openLab();
    t.teardown(() => lab.close());
    const service = await installAgent(t, lab, { worker: 'worker-tries' });
    await service.start();
    t.match(await service.waitFor('stopped'), STOPPED_FAILED);
    assertConfined(t, service.data, true);
  },
);
