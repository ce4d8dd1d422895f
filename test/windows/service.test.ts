import { ofKind } from '@guruconnect/relay';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { CONTROL, STOPPED_FAILED, STOPPED_OK, installAgent } from '../helpers/agent-service.ts';
import { readLog, transitions } from '../helpers/service-log.ts';
import { openLab, isPackaged, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
/** From its sources it starts more slowly, and once is enough for the many. */
const CYCLES = isPackaged ? 20 : 3;
const ERROR_SERVICE_CANNOT_ACCEPT_CTRL = 1061;
const ERROR_INVALID_SERVICE_CONTROL = 1052;

void test('the agent as a Windows service', { skip, timeout: 300_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  await suite.test(
    'starts, comes online, answers Interrogate, and stops with 0/0 and close 1001',
    async (t) => {
      const service = await installAgent(t, lab);
      await service.online();
      t.match(await service.control(CONTROL.interrogate), {
        error: 0,
        state: 'running',
        controlsAccepted: 5,
      });
      t.match(await service.control(CONTROL.stop), { error: 0, state: 'stop_pending', controlsAccepted: 0 });
      t.match(await service.waitFor('stopped'), STOPPED_OK);
      const { code, reason } = await service.relay.waitFor(ofKind('session-closed'), 5000);
      t.same({ code, reason }, { code: 1001, reason: 'service stop' });
      t.same(transitions(readLog(service.data)).at(-1), 'stopping -worker-exited-> stopped');
    },
  );

  await suite.test(
    'StopPending is there as soon as the control returns, with its hint and check point',
    async (t) => {
      const service = await installAgent(t, lab);
      await service.online();
      const answer = await service.control(CONTROL.stop);
      t.match(answer, { error: 0, state: 'stop_pending', waitHint: TIMING.transitionHint });
      t.ok((answer.checkPoint ?? 0) >= 1, `check point ${answer.checkPoint}`);
      t.match(await service.waitFor('stopped'), STOPPED_OK);
    },
  );

  await suite.test('a control that is not accepted is refused by the SCM', async (t) => {
    const service = await installAgent(t, lab);
    await service.online();
    t.equal((await service.control(CONTROL.pause)).error, ERROR_INVALID_SERVICE_CONTROL);
    t.match(await service.query(), { state: 'running', alive: true });
  });

  await suite.test('a stop with the relay unreachable', async (t) => {
    const service = await installAgent(t, lab);
    await service.relay.close();
    await service.start();
    t.match(await service.waitFor('running'), { error: 0 }, 'Running does not wait for the relay');
    await service.control(CONTROL.stop);
    t.match(await service.waitFor('stopped'), STOPPED_OK);
  });

  await suite.test('a stop during the start is refused, and a start that fails says so', async (t) => {
    const service = await installAgent(t, lab, { worker: 'worker-silent' });
    await service.start();
    t.match(await service.query(), {
      state: 'start_pending',
      controlsAccepted: 0,
      waitHint: TIMING.transitionHint,
    });
    const { error } = await service.control(CONTROL.stop);
    t.ok(
      [ERROR_SERVICE_CANNOT_ACCEPT_CTRL, ERROR_INVALID_SERVICE_CONTROL].includes(error),
      `refused with ${error}`,
    );
    t.match(
      await service.waitFor('stopped'),
      STOPPED_FAILED,
      'a worker that never says hello fails the start',
    );
  });

  await suite.test(`${CYCLES} starts and stops in a row without one wrong exit code`, async (t) => {
    const service = await installAgent(t, lab);
    for (let i = 1; i <= CYCLES; i += 1) {
      const cycle = await lab.svcctl('cycle', service.name, 20_000);
      t.match(cycle, STOPPED_OK, `cycle ${i}`);
    }
    t.equal(service.relay.sessions().length, 0, 'no session is left');
  });

  await suite.test('run by hand it says what to do, and exits 2', async (t) => {
    const { code, stderr } = await lab.guruconnect(['service-run']);
    t.equal(code, 2);
    t.match(
      stderr,
      /^guruconnect: service-run is started by the Service Control Manager \(error 1063\)[^\n]*\n$/,
    );
  });
});
