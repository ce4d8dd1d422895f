import { loadWorkerProcess } from '@guruconnect/native';
import { launchWorker, loadLaunch } from '@guruconnect/supervisor/worker-program';
import { test } from 'tap';

const skip = loadWorkerProcess() !== undefined && 'where there is no addon for Windows';

test('without what gives a worker its account, none is started as another one', { skip }, async (t) => {
  const { child } = launchWorker(
    { script: undefined, account: 'local-service', options: {} },
    await loadLaunch(),
  );
  t.equal(child.pid, undefined);
  t.match(await child.ended, { kind: 'not-started', why: /as LocalService/ });
});
