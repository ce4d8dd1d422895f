/** Waiting for a pending service: what counts as progress, and how long there may be none. */
import { TIMING } from '@guruconnect/shared/timing';
import type { ServiceStatus } from '@guruconnect/supervisor/manage/service-manager';
import { settle } from '@guruconnect/supervisor/manage/settle';
import { test } from 'tap';
import { createManagedMachine } from '../../helpers/managed-machine.ts';

type Status = Partial<ServiceStatus> & Pick<ServiceStatus, 'state'>;

/** A service whose status is a matter of the time; `ms` is how long it was waited for. */
const settled = async (at: (ms: number) => Status) => {
  const machine = createManagedMachine();
  const ports = machine.ports();
  const status = () =>
    Promise.resolve({
      ...{ controlsAccepted: 0, win32ExitCode: 0, serviceExitCode: 0, pid: 0 },
      ...{ checkPoint: 0, waitHint: 5000 },
      ...at(machine.clock.now()),
    });
  const manager = { ...ports.manager, status };
  const { stuck, status: last } = await machine.run(settle({ ...ports, manager }, 'it to settle'));
  return { stuck, state: last.state, ms: machine.clock.now(), said: machine.progress };
};

const PENDING = ['start-pending', 'stop-pending', 'continue-pending', 'pause-pending'] as const;

for (const state of ['stopped', 'paused'] as const) {
  test(`one that is ${state} is not waited for, and nobody is told to wait`, async (t) => {
    t.same(await settled(() => ({ state })), { stuck: false, state, ms: 0, said: [] });
  });
}

for (const state of PENDING) {
  test(`${state}: it is waited for, and no longer than it takes`, async (t) => {
    const found = await settled((ms) => ({ state: ms < 3000 ? state : 'stopped' }));
    t.same(found, { stuck: false, state: 'stopped', ms: 3000, said: ['it to settle'] });
  });
  test(`${state} without progress: stuck, as soon as its wait hint is over`, async (t) => {
    const { stuck, ms } = await settled(() => ({ state }));
    t.ok(stuck);
    t.equal(ms, 5000 + TIMING.statePoll);
  });
}

const HINTS = { 0: TIMING.hintLeast, 12_000: 12_000, 600_000: TIMING.hintMost };
for (const [hint, patience] of Object.entries(HINTS)) {
  test(`a wait hint of ${hint} ms is worth ${patience} ms`, async (t) => {
    const { stuck, ms } = await settled(() => ({ state: 'stop-pending', waitHint: Number(hint) }));
    t.ok(stuck);
    t.equal(ms, patience + TIMING.statePoll);
  });
}

test('a check point that grows is progress, and the hint begins anew with it', async (t) => {
  const slow = await settled((ms) => ({
    state: ms < 40_000 ? 'stop-pending' : 'stopped',
    checkPoint: Math.floor(ms / 4000),
  }));
  t.match(slow, { stuck: false, state: 'stopped', ms: 40_000 });
});

test('a check point that has grown once is progress once', async (t) => {
  const { stuck, ms } = await settled((now) => ({ state: 'stop-pending', checkPoint: now < 4000 ? 1 : 2 }));
  t.ok(stuck);
  t.equal(ms, 4000 + 5000 + TIMING.statePoll);
});

test('a check point that falls is no progress', async (t) => {
  const { ms } = await settled((now) => ({ state: 'stop-pending', checkPoint: now < 4000 ? 9 : 1 }));
  t.equal(ms, 5000 + TIMING.statePoll);
});

test('another pending state is progress, whatever its check point', async (t) => {
  const { stuck, ms } = await settled((now) =>
    now < 4000 ? { state: 'start-pending', checkPoint: 9 } : { state: 'stop-pending', checkPoint: 0 },
  );
  t.ok(stuck);
  t.equal(ms, 4000 + 5000 + TIMING.statePoll);
});

test('progress for ever is stuck as well, at the end of the bound', async (t) => {
  const { stuck, ms } = await settled((now) => ({ state: 'start-pending', checkPoint: now }));
  t.ok(stuck);
  t.equal(ms, TIMING.settle + TIMING.statePoll);
});
