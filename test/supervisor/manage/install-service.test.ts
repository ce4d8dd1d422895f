import { installService } from '@guruconnect/supervisor/manage/install-service';
import {
  DESCRIPTION,
  RECOVERY,
  REDUCED_PRIVILEGES,
  imagePath,
} from '@guruconnect/supervisor/manage/service-definition';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { SERVICE_DISPLAY_NAME } from '@guruconnect/shared/identity';
import { test } from 'tap';
import { DATA, NAME, createManagedMachine, programOf, request } from '../../helpers/managed-machine.ts';

const machineWith = async (version = 'v1') => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request(version)));
  await machine.elapse(1000);
  return machine;
};

test('a first installation: LocalSystem, own process, automatic, quoted, described, with recovery, running', async (t) => {
  const machine = createManagedMachine();
  const { kind, settings } = await machine.run(installService(machine.ports(), request('v1')));
  t.equal(kind, 'installed');
  t.ok(settings.every((outcome) => outcome.kind === 'so'));
  t.match(machine.scm.service(NAME), {
    config: {
      serviceType: 0x10,
      startType: 'auto',
      errorControl: 1,
      displayName: SERVICE_DISPLAY_NAME,
      account: 'LocalSystem',
      imagePath:
        '"C:\\Program Files\\GuruConnect\\v1\\node.exe" "C:\\Program Files\\GuruConnect\\v1\\guruconnect.js" ' +
        `"service-run" "--data" "${DATA}"`,
    },
    description: DESCRIPTION,
    failureActions: RECOVERY,
    failureFlag: true,
    status: { state: 'running' },
  });
  t.equal(machine.disk.config, '{"version":"v1"}');
  await machine.elapse(1000);
  t.ok(machine.online());
});

test('installed again it is the same service, running', async (t) => {
  const machine = await machineWith();
  const { kind, settings } = await machine.run(installService(machine.ports(), request('v1')));
  t.equal(kind, 'updated');
  t.ok(
    settings.every((outcome) => outcome.kind === 'so' && !outcome.changed),
    'nothing had to be changed',
  );
  await machine.elapse(1000);
  t.equal(machine.registered(), 'v1');
  t.equal(machine.processes(), 1);
  t.ok(machine.online());
});

test('an update is in place: the service is never deleted, and the new program runs', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('delete', 5, true);
  machine.scm.fault('create', 5, true);
  await machine.run(installService(machine.ports(), request('v2')));
  t.equal(machine.registered(), 'v2');
  t.equal(machine.disk.config, '{"version":"v2"}');
  t.equal(machine.scm.process(NAME)?.imagePath, imagePath(programOf('v2')));
});

test('an unquoted image path and a disabled, manual or strangely named service are repaired', async (t) => {
  const machine = await machineWith();
  await machine.ports().manager.change({
    imagePath: 'C:\\a b\\node.exe x',
    startType: 'disabled',
    displayName: 'X',
    errorControl: 0,
  });
  await machine.run(installService(machine.ports(), request('v1')));
  t.match(machine.scm.service(NAME)?.config, {
    imagePath: imagePath(programOf('v1')),
    startType: 'auto',
    displayName: SERVICE_DISPLAY_NAME,
    errorControl: 1,
  });
});

test('recovery that has drifted is set again', async (t) => {
  const machine = await machineWith();
  const manager = machine.ports().manager;
  await manager.setFailureFlag(false);
  await manager.setFailureActions({ resetPeriodS: 0, actions: [] });
  const { settings } = await machine.run(installService(machine.ports(), request('v1')));
  t.match(settings, [
    { setting: 'event source', changed: false },
    { setting: 'description', changed: false },
    { setting: 'recovery actions', kind: 'so', changed: true },
    { setting: 'failure-actions flag', kind: 'so', changed: true },
  ]);
  t.ok(machine.scm.service(NAME)?.failureFlag);
});

test('recovery that is accepted and forgotten is found out by reading it back', async (t) => {
  const machine = createManagedMachine();
  machine.scm.fault('setFailureFlag', 'dropped');
  const { settings } = await machine.run(installService(machine.ports(), request('v1')));
  t.match(settings.at(-1), {
    kind: 'failed',
    setting: 'failure-actions flag',
    why: /reads back as something else/,
  });
  t.match(machine.scm.service(NAME)?.status, { state: 'running' }, 'it runs all the same');
});

test('a refused recovery is told by its error, and one that the platform does not know is told apart', async (t) => {
  const machine = createManagedMachine();
  machine.scm.fault('setFailureActions', 5);
  machine.scm.fault('failureFlag', 124, true);
  const { settings } = await machine.run(installService(machine.ports(), request('v1')));
  t.match(settings.slice(2), [
    { kind: 'failed', setting: 'recovery actions', why: /error 5/ },
    { kind: 'unknown', setting: 'failure-actions flag' },
  ]);
});

test('delayed start and the privilege list are set when asked for, kept when not, and taken back', async (t) => {
  const machine = createManagedMachine();
  await machine.run(
    installService(machine.ports(), request('v1', { delayedStart: true, reducedPrivileges: true })),
  );
  t.match(machine.scm.service(NAME), { delayedStart: true, privileges: REDUCED_PRIVILEGES });
  await machine.run(installService(machine.ports(), request('v2')));
  t.match(machine.scm.service(NAME), { delayedStart: true, privileges: REDUCED_PRIVILEGES });
  await machine.run(
    installService(machine.ports(), request('v2', { delayedStart: false, reducedPrivileges: false })),
  );
  t.match(machine.scm.service(NAME), { delayedStart: false, privileges: [] });
});

test('--no-start: nothing is stopped, and the new program runs with the next start', async (t) => {
  const machine = await machineWith();
  await machine.run(installService(machine.ports(), request('v2', { start: false })));
  t.equal(machine.registered(), 'v2');
  t.equal(machine.scm.process(NAME)?.imagePath, imagePath(programOf('v1')));
  t.ok(machine.online());
  const fresh = createManagedMachine();
  t.match(await fresh.run(installService(fresh.ports(), request('v1', { start: false }))), {
    kind: 'installed',
  });
  t.equal(fresh.processes(), 0);
});

const marked = async () => {
  const machine = await machineWith();
  const release = machine.scm.hold(NAME);
  await machine.ports().manager.delete();
  return { machine, release };
};

test('1072, and there was a former instance: it is waited for, and the service created again', async (t) => {
  const { machine, release } = await marked();
  machine.clock.after(1000, release);
  t.match(await machine.run(installService(machine.ports(), request('v2'))), { kind: 'updated' });
  t.equal(machine.registered(), 'v2');
  t.match(machine.scm.service(NAME), { failureFlag: true, status: { state: 'running' } });
});

test('1072 that does not go: five tries, 400 ms apart, and an error that says why', async (t) => {
  const { machine } = await marked();
  await machine.run(stopService(machine.ports()));
  const ports = machine.ports();
  const tries: number[] = [];
  const manager = {
    ...ports.manager,
    create: (config: Parameters<typeof ports.manager.create>[0]) => {
      tries.push(machine.clock.now());
      return ports.manager.create(config);
    },
  };
  await t.rejects(machine.run(installService({ ...ports, manager }, request('v2'))), {
    message: /marked for deletion and does not go.*services\.msc/,
  });
  t.same(
    tries.slice(0, 5).map((at) => at - (tries[0] ?? 0)),
    [0, 400, 800, 1200, 1600],
  );
});

test('1072 on a first installation is shown at once', async (t) => {
  const machine = createManagedMachine();
  machine.scm.fault('create', 1072);
  const before = machine.clock.now();
  await t.rejects(machine.run(installService(machine.ports(), request('v1'))), { code: 1072 });
  t.equal(machine.clock.now(), before);
});
