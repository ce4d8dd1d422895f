/** Installations and updates that cannot be completed. */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { imagePath } from '@guruconnect/supervisor/manage/service-definition';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { NAME, createManagedMachine, programOf, request } from '../../helpers/managed-machine.ts';

const machineWith = async (version = 'v1') => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request(version)));
  await machine.elapse(1000);
  return machine;
};

test('an update whose program does not start: the former one is back, and online', async (t) => {
  const machine = await machineWith();
  await t.rejects(machine.run(installService(machine.ports(), request('bad'))), {
    name: 'ServiceError',
    message: /did not start: the worker ended.*the former configuration is put back$/,
  });
  await machine.elapse(1000);
  t.equal(machine.registered(), 'v1');
  t.equal(machine.disk.config, '{"version":"v1"}');
  t.ok(machine.good.online());
  t.notOk(machine.disk.note, 'and nothing keeps its recovery from working');
  machine.good.crash();
  await machine.elapse(700_000);
  t.ok(machine.good.online());
});

for (const method of ['change', 'setDescription', 'stop', 'start'] as const) {
  test(`an update in which ${method} is refused ends with a service that runs`, async (t) => {
    const machine = await machineWith();
    machine.scm.fault(method, 5);
    await machine.run(installService(machine.ports(), request('v2')).catch(() => undefined));
    await machine.elapse(1000);
    t.ok(machine.online(), machine.scm.history.join('\n'));
    t.equal(machine.processes(), 1);
  });
}

test('an update whose configuration cannot be written is put back', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  let writes = 0;
  const configStore = {
    ...ports.configStore,
    write: (text: string | undefined) => {
      writes += 1;
      return writes === 1 ? Promise.reject(new Error('ENOSPC')) : ports.configStore.write(text);
    },
  };
  await t.rejects(machine.run(installService({ ...ports, configStore }, request('v2'))), {
    message: /^ENOSPC/,
  });
  await machine.elapse(1000);
  t.equal(machine.registered(), 'v1');
  t.ok(machine.good.online());
});

test('what cannot be put back is said', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('change', 1722, true);
  await t.rejects(machine.run(installService(machine.ports(), request('v2'))), {
    message: /1722.*putting the former configuration back was not complete \(.*1722/,
  });
  await machine.elapse(1000);
  t.ok(machine.online(), 'and all the same it runs again');
});

test('one that was stopped on purpose is not started by an update that fails', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  await t.rejects(machine.run(installService(machine.ports(), request('bad'))));
  await machine.elapse(60_000);
  t.equal(machine.processes(), 0);
  t.equal(machine.registered(), 'v1');
});

test('one that had crashed, and would have been restarted, is started by an update that fails', async (t) => {
  const machine = await machineWith();
  machine.good.crash();
  await t.rejects(machine.run(installService(machine.ports(), request('bad'))));
  await machine.elapse(1000);
  t.ok(machine.good.online());
});

test('a first installation that does not start stays installed, and says why', async (t) => {
  const machine = createManagedMachine();
  const installed = await machine.run(installService(machine.ports(), request('bad')));
  t.match(installed, { kind: 'installed', startFailure: /did not start/ });
  t.equal(machine.registered(), 'bad');
});

test('a first installation that is refused leaves no configuration behind', async (t) => {
  const machine = createManagedMachine();
  machine.scm.fault('create', 5);
  await t.rejects(machine.run(installService(machine.ports(), request('v1'))), { code: 5 });
  t.equal(machine.disk.config, undefined);
});

test('a recovery restart in the middle of an update does not pass for the new program', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  const configStore = {
    ...ports.configStore,
    write: async (text: string | undefined) => {
      // The former program was started by somebody between the stop and the change.
      machine.disk.note = false;
      await ports.manager.change({ imagePath: imagePath(programOf('v1')) });
      await ports.manager.start();
      await ports.manager.change({ imagePath: imagePath(programOf('v2')) });
      await ports.configStore.write(text);
    },
  };
  await machine.run(installService({ ...ports, configStore }, request('v2')));
  t.equal(machine.scm.process(NAME)?.imagePath, imagePath(programOf('v2')));
});

test('a service that somebody marks for deletion in the middle of an update that fails comes back, automatic', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  const configStore = {
    ...ports.configStore,
    write: async (text: string | undefined) => {
      if (text === undefined || !text.includes('v2')) return ports.configStore.write(text);
      await ports.manager.delete();
      throw new Error('ENOSPC');
    },
  };
  await t.rejects(machine.run(installService({ ...ports, configStore }, request('v2'))), {
    message: /^ENOSPC/,
  });
  await machine.elapse(1000);
  t.equal(machine.registered(), 'v1');
  t.equal(machine.scm.service(NAME)?.config.startType, 'auto');
  t.ok(machine.good.online());
});

test('an update that breaks right behind its hello is put back as well', async (t) => {
  const machine = await machineWith();
  await t.rejects(machine.run(installService(machine.ports(), request('weak'))), {
    message: /the new GuruConnectAgent ended again: the worker ended.*the former configuration is put back$/,
  });
  await machine.elapse(1000);
  t.equal(machine.registered(), 'v1');
  t.ok(machine.good.online());
});

test('an update that cannot reach its relay is no failure: it goes on trying', async (t) => {
  const machine = await machineWith();
  machine.good.behave({ online: 60_000 });
  const { arrival } = await machine.run(installService(machine.ports(), request('v2')));
  t.match(arrival, { kind: 'trying' });
  t.equal(machine.registered(), 'v2');
});

test('a service that had to be created again keeps what is not asked for', async (t) => {
  const machine = await machineWith();
  await machine.run(installService(machine.ports(), request('v1', { delayedStart: true })));
  const release = machine.scm.hold(NAME);
  await machine.ports().manager.delete();
  machine.clock.after(1000, release);
  await machine.run(installService(machine.ports(), request('v2')));
  t.match(machine.scm.service(NAME), {
    delayedStart: true,
    failureFlag: true,
    config: { startType: 'auto' },
  });
});
