import { TIMING } from '@guruconnect/shared/timing';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { presenceOf } from '@guruconnect/supervisor/manage/presence';
import { restartService, startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { uninstallService } from '@guruconnect/supervisor/manage/uninstall-service';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

const machineWith = async (version = 'v1') => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request(version)));
  await machine.elapse(1000);
  return machine;
};

test('uninstall: disabled, stopped, deleted, gone; twice is once', async (t) => {
  const machine = await machineWith();
  t.same(await machine.run(uninstallService(machine.ports())), { already: false });
  t.equal(machine.scm.service(NAME), undefined);
  t.equal(machine.processes(), 0);
  t.same(await machine.run(uninstallService(machine.ports())), { already: true });
});

test('uninstall: a queued restart comes to nothing', async (t) => {
  const machine = await machineWith();
  machine.good.crash();
  const release = machine.scm.hold(NAME);
  await t.rejects(machine.run(uninstallService(machine.ports())), {
    message: /marked for deletion.*services\.msc/,
  });
  await machine.elapse(86_400_000);
  t.equal(machine.processes(), 0);
  release();
  t.equal(machine.scm.service(NAME), undefined);
});

test('uninstall: one that somebody else has marked already is waited for', async (t) => {
  const machine = await machineWith();
  const release = machine.scm.hold(NAME);
  await machine.ports().manager.delete();
  machine.clock.after(3000, release);
  t.same(await machine.run(uninstallService(machine.ports())), { already: false });
});

test('uninstall: where the deletion is refused, it runs again, and is not left disabled', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('delete', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5, operation: 'delete' });
  t.match(machine.scm.service(NAME), { config: { startType: 'auto' }, status: { state: 'running' } });
  t.notOk(machine.disk.note, 'and nothing keeps its recovery from working');
});

test('uninstall: where the stop is refused, it runs on', async (t) => {
  const machine = await machineWith();
  const pid = machine.scm.process(NAME)?.pid;
  machine.scm.fault('stop', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5, operation: 'stop' });
  t.match(machine.scm.service(NAME), { config: { startType: 'auto' }, status: { state: 'running', pid } });
});

test('uninstall: one that was stopped is not started over a deletion that is refused', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  await machine.ports().manager.change({ startType: 'demand' });
  machine.scm.fault('delete', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5 });
  await machine.elapse(60_000);
  t.equal(machine.processes(), 0);
  t.equal(machine.scm.service(NAME)?.config.startType, 'demand', 'as it was');
});

for (const method of ['change', 'start'] as const) {
  test(`uninstall: where ${method} is refused while it is put back, the error is still why it stays`, async (t) => {
    const machine = await machineWith();
    const ports = machine.ports();
    const manager = {
      ...ports.manager,
      delete: () => {
        machine.scm.fault(method, 1722);
        machine.scm.fault('delete', 5);
        return ports.manager.delete();
      },
    };
    await t.rejects(machine.run(uninstallService({ ...ports, manager })), { code: 5, operation: 'delete' });
  });
}

test('uninstall: it is disabled before it is stopped, so that nothing queued starts it in between', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  const seen: unknown[] = [];
  const manager = {
    ...ports.manager,
    stop: () => {
      seen.push(machine.scm.service(NAME)?.config.startType);
      return ports.manager.stop();
    },
  };
  await machine.run(uninstallService({ ...ports, manager }));
  t.same(seen, ['disabled']);
});

test('uninstall: where it cannot be disabled, it is left alone', async (t) => {
  const machine = await machineWith();
  const pid = machine.scm.process(NAME)?.pid;
  machine.scm.fault('change', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5, operation: 'change' });
  t.match(machine.scm.service(NAME), { config: { startType: 'auto' }, status: { state: 'running', pid } });
});

test('uninstall: one that somebody else removes in the same moment is gone', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  const manager = {
    ...ports.manager,
    delete: async () => {
      await ports.manager.delete();
      return ports.manager.delete();
    },
  };
  t.same(await machine.run(uninstallService({ ...ports, manager })), { already: false });
  t.equal(machine.scm.service(NAME), undefined);
});

test('uninstall: an answer of 1072 means that it is there still, and any other error is told', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  machine.scm.fault('config', 1722);
  await t.rejects(machine.run(uninstallService(ports)), { code: 1722 });
  t.match(machine.scm.service(NAME)?.status, { state: 'running' });
  const manager = {
    ...ports.manager,
    delete: async () => {
      await ports.manager.delete();
      machine.scm.fault('config', 1072);
    },
  };
  await machine.run(stopService(ports));
  const since = machine.clock.now();
  await machine.run(uninstallService({ ...ports, manager }));
  t.ok(machine.clock.now() - since >= TIMING.statePoll, 'it was looked at again');
});

test('uninstall: one that does not go is given up within the bound, which was said before', async (t) => {
  const machine = await machineWith();
  machine.scm.hold(NAME);
  await machine.run(stopService(machine.ports()));
  const since = machine.clock.now();
  await t.rejects(machine.run(uninstallService(machine.ports())), { message: /marked for deletion/ });
  const took = machine.clock.now() - since;
  t.ok(took >= TIMING.deletion && took <= TIMING.deletion + 2 * TIMING.statePoll, `${took} ms`);
  t.match(machine.progress.at(-1), /to be gone$/);
});

test('of one that is not installed, start, stop and restart say 1060', async (t) => {
  const machine = createManagedMachine();
  for (const flow of [startService, stopService, restartService]) {
    await t.rejects(machine.run(Promise.resolve(flow(machine.ports())).then(() => undefined)), {
      code: 1060,
    });
  }
});

test('whether it is installed: 1060 alone means that it is not; 5 is a matter of rights; nothing is thrown', async (t) => {
  const machine = createManagedMachine();
  const ask = () => presenceOf(machine.ports().manager);
  t.match(await ask(), { kind: 'absent' });
  await machine.run(installService(machine.ports(), request('v1')));
  t.match(await ask(), { kind: 'installed', config: { account: 'LocalSystem' } });
  machine.scm.fault('config', 5);
  t.match(await ask(), { kind: 'not-elevated' });
  machine.scm.fault('config', 1722);
  t.match(await ask(), { kind: 'unknown', why: /1722/ });
  t.match(await presenceOf({ config: () => Promise.reject(new Error('no addon')) }), {
    kind: 'unknown',
    why: 'no addon',
  });
});

test('uninstall: where the deletion is refused, one that was about to be restarted by recovery is up again', async (t) => {
  const machine = await machineWith();
  machine.good.crash();
  machine.scm.fault('delete', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5 });
  await machine.elapse(10_000);
  t.ok(machine.online());
});
