import { TIMING } from '@guruconnect/shared/timing';
import { FAILED, OK } from '@guruconnect/supervisor/machine';
import { toControl, toScmStatus } from '@guruconnect/supervisor/status';
import fc from 'fast-check';
import { test } from 'tap';

const NOTHING = { controlsAccepted: 0, win32ExitCode: 0, serviceExitCode: 0, checkPoint: 0, waitHint: 0 };

for (const [state, number] of [
  ['start-pending', 2],
  ['stop-pending', 3],
] as const) {
  test(`${state} is ${number}, takes no control, and says how long it may last`, (t) => {
    t.strictSame(toScmStatus({ state }, 7), {
      ...NOTHING,
      state: number,
      checkPoint: 7,
      waitHint: TIMING.transitionHint,
    });
    t.end();
  });
}

test('running is 4, and takes stop and shutdown', (t) => {
  t.strictSame(toScmStatus({ state: 'running' }, 7), { ...NOTHING, state: 4, controlsAccepted: 0x1 | 0x4 });
  t.end();
});

test('stopped as asked is 1, with no error', (t) => {
  t.strictSame(toScmStatus({ state: 'stopped', exit: OK }, 7), { ...NOTHING, state: 1 });
  t.end();
});

test('stopped as failed is 1, with error 1066 and the service’s own code 1', (t) => {
  t.strictSame(toScmStatus({ state: 'stopped', exit: FAILED }, 7), {
    ...NOTHING,
    state: 1,
    win32ExitCode: 1066,
    serviceExitCode: 1,
  });
  t.end();
});

test('the controls are 1 for stop and 5 for shutdown, and no others', (t) => {
  t.equal(toControl(1), 'stop');
  t.equal(toControl(5), 'shutdown');
  fc.assert(
    fc.property(fc.nat({ max: 255 }), (code) => {
      t.equal(toControl(code) === undefined, code !== 1 && code !== 5);
    }),
  );
  t.end();
});
