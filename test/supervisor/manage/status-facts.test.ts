/** What is known of the service and of its folder, and that not to know it is never an exception. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dataDir } from '@guruconnect/shared/data-folder';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import { gatherStatus, serviceFacts } from '@guruconnect/supervisor/manage/status-facts';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { DATA, NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';
import { slowPorts } from '../../helpers/slow-ports.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const machineWith = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1', { delayedStart: true })));
  await machine.elapse(1000);
  return machine;
};

test('a service that runs: its configuration, status, recovery, start, and no handle is kept', async (t) => {
  const machine = await machineWith();
  const { ports, leftovers } = slowPorts(machine);
  t.match(await machine.run(serviceFacts(ports.manager)), {
    kind: 'installed',
    config: machine.scm.service(NAME)?.config,
    status: { state: 'running', pid: machine.scm.process(NAME)?.pid },
    failureActions: { kind: 'value', value: RECOVERY },
    failureFlag: { kind: 'value', value: true },
    delayedStart: { kind: 'value', value: true },
    startedAt: machine.scm.process(NAME)?.startedAt,
  });
  t.same(leftovers(), []);
});

test('one that is stopped has no start, and one whose process cannot be opened a start that is not known', async (t) => {
  const machine = await machineWith();
  const { manager } = machine.ports();
  machine.scm.fault('process', 5, true);
  t.match(await machine.run(serviceFacts(manager)), { status: { state: 'running' }, startedAt: undefined });
  machine.scm.clearFaults();
  await machine.run(stopService(machine.ports()));
  t.match(await machine.run(serviceFacts(manager)), {
    status: { state: 'stopped', pid: 0 },
    startedAt: undefined,
  });
});

test('a setting that the platform does not know is told from one that cannot be read', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('failureActions', 124);
  machine.scm.fault('failureFlag', 5);
  t.match(await machine.run(serviceFacts(machine.ports().manager)), {
    kind: 'installed',
    failureActions: { kind: 'unknown-level' },
    failureFlag: { kind: 'failed', why: /error 5/ },
    delayedStart: { kind: 'value' },
  });
});

test('a service that cannot be looked at is not one that is not there', async (t) => {
  const machine = await machineWith();
  const { manager } = machine.ports();
  t.same(await machine.run(serviceFacts(machine.scm.manager('Other'))), { kind: 'absent' });
  machine.scm.fault('config', 5);
  t.same(await machine.run(serviceFacts(manager)), { kind: 'not-elevated' });
  machine.scm.fault('status', 1722);
  t.match(await machine.run(serviceFacts(manager)), { kind: 'unknown', why: /^status .*1722/ });
  machine.scm.fault('status', 124);
  t.same(await machine.run(serviceFacts(manager)), {
    kind: 'unknown',
    why: 'its status cannot be asked for',
  });
});

const skip = process.platform === 'win32' && 'POSIX only; test/windows has its counterpart';

test('without an SCM: folder, credential and configuration', { skip }, async (t) => {
  const data = tempDir(t);
  const relay = 'wss://relay.example';
  t.same(await gatherStatus(undefined, { data, relay }), {
    service: { kind: 'no-scm' },
    live: { kind: 'nobody' },
    relay: { url: relay },
    data,
    ofService: false,
    credential: 'absent',
  });
  writeFileSync(join(data, 'credential.json'), '{}');
  writeFileSync(join(data, 'config.json'), '{"relay":"http://r"}');
  t.match(await gatherStatus(undefined, { data }), {
    relay: { trouble: /not a ws/ },
    credential: 'present',
  });
});

test('a folder is the service’s or another one, however it is spelt', { skip }, async (t) => {
  const machine = await machineWith();
  const { manager } = machine.ports();
  const data = dataDir({ data: DATA });
  t.match(await gatherStatus(manager, { data }), {
    ofService: true,
    service: { kind: 'installed' },
  });
  t.match(await gatherStatus(manager, { data: tempDir(t) }), { ofService: false });
  const none = machine.scm.manager('Other');
  t.match(await gatherStatus(none, { data }), { ofService: false, service: { kind: 'absent' } });
  await manager.change({ imagePath: '"C:\\node.exe" "C:\\guruconnect.js" "service-run"' });
  const standard = dataDir({});
  t.match(await gatherStatus(manager, { data: standard }), { ofService: true });
});

test('a credential that is there and cannot be read is not one that is missing', { skip }, async (t) => {
  const data = join(tempDir(t), 'file');
  writeFileSync(data, '');
  t.match(await gatherStatus(undefined, { data }), { credential: 'unreadable' });
  const gone = join(tempDir(t), 'gone');
  t.match(await gatherStatus(undefined, { data: gone }), { credential: 'absent', live: { kind: 'nobody' } });
});
