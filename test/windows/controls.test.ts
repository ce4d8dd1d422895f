import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { installAgent } from '../helpers/agent-service.ts';
import { type StandinResult, type StandinStep, openLab, windowsUnavailable } from '../helpers/windows.ts';

/** The stand-in speaks to services as Wine does, and a real Windows is not rebooted by a test. */
const skip = windowsUnavailable() ?? (process.platform === 'win32' && 'under Wine only');
const ERROR_CALL_NOT_IMPLEMENTED = 120;

const steps = (run: StandinResult): readonly StandinStep[] => run.steps ?? [];

void test('controls that only the system sends', { skip, timeout: 120_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  await suite.test('Shutdown stops it; unknown and custom controls are not implemented', async (t) => {
    const { name, imagePath, relay, data } = await installAgent(t, lab);
    const run = await lab.standin(
      name,
      imagePath,
      ...['wait:running:20000', 'sleep:1500', 'control:4', 'control:129', 'control:13', 'control:15'],
      ...['control:5', 'query', 'wait-exit:10000'],
    );
    const results = steps(run)
      .filter(({ step }) => step.startsWith('control'))
      .map((step) => step.result);
    t.same(results, [
      0,
      ERROR_CALL_NOT_IMPLEMENTED,
      ERROR_CALL_NOT_IMPLEMENTED,
      ERROR_CALL_NOT_IMPLEMENTED,
      0,
    ]);
    t.match(run, { terminated: false, exitCode: 0 }, 'the process ended by itself');
    t.match(run.status, { state: 'stopped', win32ExitCode: 0 });
    t.equal((await relay.waitFor(ofKind('session-closed'), 5000)).reason, 'system shutdown');
    t.notOk(existsSync(join(data, 'stopped')), 'a shutdown leaves no note of a stop');
  });

  await suite.test(
    'a second Stop, an Interrogate and a Shutdown right behind a Stop harm nothing',
    async (t) => {
      // A relay that does not answer the close gives the controls two seconds to arrive in.
      const { name, imagePath } = await installAgent(t, lab, { faults: { stall: ['close'] } });
      const run = await lab.standin(
        name,
        imagePath,
        ...[
          'wait:running:20000',
          'sleep:1500',
          'control:1',
          'control:1',
          'control:4',
          'control:5',
          'wait-exit:10000',
        ],
      );
      const results = steps(run).filter(({ step }) => step.startsWith('control'));
      t.same(
        results.map(({ result }) => result),
        [0, 0, 0, 0],
        'every one of them is answered',
      );
      t.match(run, { terminated: false, exitCode: 0 });
      t.match(run.status, { state: 'stopped', win32ExitCode: 0, serviceSpecificExitCode: 0 });
    },
  );

  await suite.test('the handler answers at once while the JavaScript thread is frozen', async (t) => {
    const { name, imagePath } = await installAgent(t, lab, { mischief: 'freeze' });
    const run = await lab.standin(
      name,
      imagePath,
      ...['wait:running:20000', 'control:1', 'query', 'control:4', 'wait-exit:15000'],
    );
    const stop = steps(run).find(({ step }) => step === 'control:1');
    const query = steps(run).find(({ step }) => step === 'query');
    t.match(stop, { error: 0, result: 0 });
    t.ok((stop?.handlerUs ?? Infinity) < 250_000, `the handler took ${stop?.handlerUs} us`);
    t.match(
      query,
      { state: 'stop_pending', checkPoint: 1, waitHint: TIMING.transitionHint },
      'StopPending by the handler alone',
    );
    t.match(run, { terminated: false, exitCode: 0 });
    t.match(run.status, { state: 'stopped', win32ExitCode: 0 });
  });
});
