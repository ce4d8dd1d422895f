/** What an update that cannot be completed owes to the service that was there before: as it was, and running if it ran. */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { type ManagedMachine, NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

const machineWith = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  await machine.elapse(1000);
  return machine;
};

/** The program of the update does not start. */
const failToUpdate = (machine: ManagedMachine, ports = machine.ports()) =>
  machine.run(
    installService(ports, request('bad', { delayedStart: false, reducedPrivileges: false })).then(
      () => 'it went well',
      (error: unknown) => String(error),
    ),
  );

test('it runs again by the time the error is told', async (t) => {
  const machine = await machineWith();
  t.match(await failToUpdate(machine), /the former configuration is put back$/);
  t.match(machine.scm.service(NAME)?.status, { state: 'running' });
  t.same(
    machine.progress.filter((what) => what.startsWith('Updating') || what.startsWith('Putting')),
    [`Updating ${NAME}`, `Putting the former ${NAME} back`],
    'and what was done was said',
  );
});

/** Of an earlier version, or set by an administrator. */
const OWN = {
  description: 'what it was called before',
  failureActions: { resetPeriodS: 60, actions: [{ kind: 'restart', delayMs: 1 }] },
  failureFlag: false,
  delayedStart: true,
  privileges: ['SeChangeNotifyPrivilege', 'SeDebugPrivilege'],
} as const;

const machineWithOwnSettings = async () => {
  const machine = await machineWith();
  // A service that is started sees to its recovery itself.
  await machine.run(stopService(machine.ports()));
  Object.assign(machine.scm.service(NAME) ?? {}, OWN);
  return machine;
};

test('every setting is what it was', async (t) => {
  const machine = await machineWithOwnSettings();
  await failToUpdate(machine);
  const { description, failureActions, failureFlag, delayedStart, privileges } =
    machine.scm.service(NAME) ?? {};
  t.same({ description, failureActions, failureFlag, delayedStart, privileges }, OWN);
});

for (const method of Object.keys(OWN) as (keyof typeof OWN)[]) {
  test(`where the former ${method} cannot be read, the others are put back all the same`, async (t) => {
    const machine = await machineWithOwnSettings();
    machine.scm.fault(method, 124);
    t.match(await failToUpdate(machine), /the former configuration is put back$/);
    for (const [name, value] of Object.entries(OWN)) {
      if (name !== method) t.same(Reflect.get(machine.scm.service(NAME) ?? {}, name), value, name);
    }
  });
}

/** None of them ran, and recovery had nothing queued. */
const DOWN: Readonly<Record<string, (machine: ManagedMachine) => unknown>> = {
  'has never been started': (machine) => {
    machine.scm.powerCut();
  },
  'was stopped by an earlier version, which left no note': async (machine) => {
    await machine.run(stopService(machine.ports()));
    machine.disk.note = false;
  },
  'had crashed, and was stopped before its restart': async (machine) => {
    machine.good.crash();
    await machine.run(stopService(machine.ports()));
  },
};
for (const [what, bringDown] of Object.entries(DOWN)) {
  test(`one that ${what} is not started`, async (t) => {
    const machine = await machineWith();
    await bringDown(machine);
    await failToUpdate(machine);
    await machine.elapse(60_000);
    t.equal(machine.processes(), 0);
    t.equal(machine.registered(), 'v1');
  });
}

test('one that ran, and cannot even be asked about any more, is left to its recovery and to the next boot', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  const progress = {
    step: (what: string) => {
      if (what.startsWith('Putting')) machine.scm.fault('status', 1722, true);
    },
  };
  machine.scm.fault('change', 5);
  t.match(await failToUpdate(machine, { ...ports, progress }), /was not complete \(.*1722/);
  t.notOk(machine.disk.note, 'no note of the stop is left to keep it from starting');
});

test('a service that cannot be looked at is an error, and nothing is changed', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('config', 5);
  await t.rejects(machine.run(installService(machine.ports(), request('v2'))), { code: 5 });
  t.equal(machine.registered(), 'v1');
  t.equal(machine.disk.config, '{"version":"v1"}');
  t.ok(machine.online());
});
