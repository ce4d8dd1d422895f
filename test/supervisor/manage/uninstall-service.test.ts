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

test('uninstall: where the deletion is refused, it is not left disabled', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('delete', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5 });
  t.equal(machine.scm.service(NAME)?.config.startType, 'auto');
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
