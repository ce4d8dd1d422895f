/** Configuration file and service: which is written first, what becomes of the file, and what is waited for. */
import { CREATE_TRIES, TIMING } from '@guruconnect/shared/timing';
import { type InstallPorts, installService } from '@guruconnect/supervisor/manage/install-service';
import { test } from 'tap';
import { DATA, NAME, createManagedMachine, programOf, request } from '../../helpers/managed-machine.ts';
import { slowPorts } from '../../helpers/slow-ports.ts';

const machineWith = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  await machine.elapse(1000);
  return machine;
};

const WRITING = ['create', 'change', 'write'];

test('a first installation writes the file before there is a service to read it', async (t) => {
  const machine = createManagedMachine();
  const { ports, calls } = slowPorts(machine);
  await machine.run(installService(ports, request('v1')));
  t.same(
    calls.filter((call) => WRITING.includes(call)),
    ['write', 'create'],
  );
  t.ok(machine.progress.includes(`Installing ${NAME}`));
});

for (const [data, order] of [
  [DATA, ['change', 'write']],
  ['D:\\other', ['write', 'change']],
] as const) {
  test(`from ${DATA} to ${data}: ${order.join(', then ')}, so that no program finds a file it cannot read`, async (t) => {
    const machine = await machineWith();
    const { ports, calls } = slowPorts(machine);
    await machine.run(installService(ports, request('v2', { program: { ...programOf('v2'), data } })));
    t.same(
      calls.filter((call) => WRITING.includes(call)),
      order,
    );
    t.equal(machine.disk.config, '{"version":"v2"}');
  });
}

const failingStore = ({ configStore }: InstallPorts) => ({
  ...configStore,
  write: () => Promise.reject(new Error('ENOSPC')),
});

test('a first installation whose file cannot be written creates no service', async (t) => {
  const machine = createManagedMachine();
  const ports = machine.ports();
  const configStore = failingStore(ports);
  await t.rejects(machine.run(installService({ ...ports, configStore }, request('v1'))), {
    message: 'ENOSPC',
  });
  t.equal(machine.scm.service(NAME), undefined);
});

test('an installation that is refused leaves the file as it was', async (t) => {
  for (const config of ['{"version":"v1"}', undefined]) {
    const machine = createManagedMachine();
    machine.disk.config = '{"by":"hand"}';
    machine.scm.fault('create', 5);
    const { ports } = slowPorts(machine);
    await t.rejects(machine.run(installService(ports, request('v1', { config }))), { code: 5 });
    t.equal(machine.disk.config, '{"by":"hand"}');
  }
});

test('a file that need not change is not written, not even to be put back', async (t) => {
  for (const version of ['v2', 'bad']) {
    const machine = await machineWith();
    const ports = machine.ports();
    const configStore = failingStore(ports);
    const installing = installService(
      { ...ports, configStore },
      request(version, { config: undefined }),
    ).then(({ kind }) => kind, String);
    t.match(await machine.run(installing), version === 'bad' ? /is put back$/ : 'updated');
  }
});

const marked = async () => {
  const machine = await machineWith();
  machine.scm.process(NAME)?.exit(0);
  const release = machine.scm.hold(NAME);
  await machine.ports().manager.delete();
  return { machine, release };
};

test('a former instance that does not go is waited for, and how long at the most is said each time', async (t) => {
  const { machine } = await marked();
  const limits: (number | undefined)[] = [];
  const progress = {
    step: (what: string, limitMs?: number) => {
      if (what.startsWith('the former')) limits.push(limitMs);
    },
  };
  await t.rejects(machine.run(installService({ ...machine.ports(), progress }, request('v2'))));
  const once = Array.from(
    { length: CREATE_TRIES - 1 },
    (_, i) => TIMING.createRetry * (CREATE_TRIES - 1 - i),
  );
  t.same(limits, [...once, ...once], 'for the new one, and then for the former one again');
});

test('another refusal while a former instance goes is told at once, and not tried again', async (t) => {
  const { machine } = await marked();
  machine.scm.fault('create', 1722, true);
  const before = machine.clock.now();
  await t.rejects(machine.run(installService(machine.ports(), request('v2'))), { message: /^create .*1722/ });
  t.equal(machine.clock.now(), before);
});

test('installed again, it gets no setting that it has already', async (t) => {
  const machine = await machineWith();
  const { ports, calls } = slowPorts(machine);
  await machine.run(installService(ports, request('v1')));
  t.same(
    calls.filter((call) => call.startsWith('set')),
    [],
  );
});

test('a service that had to be created again runs, whichever of its former settings is refused', async (t) => {
  const { machine, release } = await marked();
  machine.clock.after(500, release);
  machine.scm.fault('setDelayedStart', 5, true);
  const { kind, arrival } = await machine.run(installService(machine.ports(), request('v2')));
  t.match({ kind, arrival }, { kind: 'updated', arrival: { kind: 'online' } });
});

test('a first installation says what became of it, or why that is not known', async (t) => {
  const machine = createManagedMachine();
  const { arrival } = await machine.run(installService(machine.ports(), request('v1')));
  t.match(arrival, { kind: 'online' });
  const other = createManagedMachine();
  const arrive = () => Promise.reject(new Error('no answer'));
  const installed = await other.run(installService({ ...other.ports(), arrive }, request('v1')));
  t.match(installed, { kind: 'installed', startFailure: 'no answer' });
});
