/** The Event Log's source: registered with the service, kept where its file is, and gone with it. */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { eventSourceRemark, settingsReport } from '@guruconnect/supervisor/manage/outcome-words';
import { uninstallService } from '@guruconnect/supervisor/manage/uninstall-service';
import { configuredEvents } from '@guruconnect/supervisor/event-log/recovery-events';
import { test } from 'tap';
import { MESSAGE_FILE, NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

const MOVED = 'C:\\Program Files\\GuruConnect\\v2\\guruconnect.node';
const registered = (messageFile: string) =>
  ({ kind: 'registered', messageFile, categoryCount: 4, typesSupported: 7 }) as const;

const machineWith = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  return machine;
};

test('an installation registers it, before the service has anything to write', async (t) => {
  const machine = createManagedMachine();
  const seen: unknown[] = [];
  const ports = machine.ports();
  const start = () => {
    seen.push(machine.registry.state.kind);
    return ports.manager.start();
  };
  const { settings } = await machine.run(
    installService({ ...ports, manager: { ...ports.manager, start } }, request('v1')),
  );
  t.same(seen, ['registered']);
  t.same(machine.registry.state, registered(MESSAGE_FILE));
  t.same(settings[0], { kind: 'so', setting: 'event source', changed: true });
  t.same(
    configuredEvents(settings),
    [{ kind: 'recovery-configured', settings: 'recovery actions, failure-actions flag' }],
    'and tells the Event Log of the recovery that it has set',
  );
});

test('installed again it is left alone, whatever the case of its path; there is no event either', async (t) => {
  const machine = await machineWith();
  machine.registry.state = registered(MESSAGE_FILE.toUpperCase());
  machine.registry.refuse.set('register', 5);
  const { settings } = await machine.run(installService(machine.ports(), request('v1')));
  t.same(settings[0], { kind: 'so', setting: 'event source', changed: false });
  t.same(configuredEvents(settings), []);
});

test('an update registers the file that has moved, and one that fails puts the former one back', async (t) => {
  const machine = await machineWith();
  await t.rejects(machine.run(installService(machine.ports(true, MOVED), request('bad'))));
  t.same(machine.registry.state, registered(MESSAGE_FILE));
  await machine.run(installService(machine.ports(true, MOVED), request('v2')));
  t.same(machine.registry.state, registered(MOVED));
});

test('an update of a version that had none, which fails, leaves none', async (t) => {
  const machine = await machineWith();
  machine.registry.state = { kind: 'absent' };
  await t.rejects(machine.run(installService(machine.ports(), request('bad'))), { message: /is put back$/ });
  t.same(machine.registry.state, { kind: 'absent' });
});

for (const method of ['state', 'register'] as const) {
  test(`where ${method} is refused, the service is installed and runs, and there is a warning`, async (t) => {
    const machine = createManagedMachine();
    machine.registry.refuse.set(method, 5);
    const { kind, arrival, settings } = await machine.run(installService(machine.ports(), request('v1')));
    t.match({ kind, arrival }, { kind: 'installed', arrival: { kind: 'online' } });
    const { lines, code } = settingsReport(settings);
    t.match(lines, [/^warning: the event source could not be set: .*access is denied \(error 5\)$/]);
    t.equal(code, 0);
  });
}

test('a file that the program cannot name is the same: a warning', async (t) => {
  const machine = createManagedMachine();
  const ports = machine.ports();
  const wanted = () => {
    throw new Error('no module');
  };
  const { settings } = await machine.run(
    installService({ ...ports, eventSource: { ...ports.eventSource, wanted } }, request('v1')),
  );
  t.same(settings[0], { kind: 'failed', setting: 'event source', why: 'no module' });
});

test('uninstall takes it away, also where the service is gone already', async (t) => {
  const machine = await machineWith();
  t.same(await machine.run(uninstallService(machine.ports())), { already: false });
  t.same(machine.registry.state, { kind: 'absent' });
  machine.registry.state = registered(MESSAGE_FILE);
  t.same(await machine.run(uninstallService(machine.ports())), { already: true });
  t.same(machine.registry.state, { kind: 'absent' });
});

test('a service that cannot be removed keeps it', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('delete', 5);
  await t.rejects(machine.run(uninstallService(machine.ports())), { code: 5 });
  t.equal(machine.registry.state.kind, 'registered');
});

test('one that cannot be taken away is a remark on an uninstallation that is done', async (t) => {
  const machine = await machineWith();
  machine.registry.refuse.set('unregister', 5);
  const { already, eventSourceTrouble } = await machine.run(uninstallService(machine.ports()));
  t.notOk(already);
  t.equal(machine.scm.service(NAME), undefined);
  const { lines, code } = eventSourceRemark(eventSourceTrouble);
  t.match(lines, [/^warning: the event source could not be removed: .*error 5/]);
  t.equal(code, 0);
  t.same(eventSourceRemark(undefined).lines, []);
});
