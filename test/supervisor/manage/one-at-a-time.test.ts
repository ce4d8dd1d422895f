/** Every flow waits for each of its calls, has none under way when it is done, and keeps no process open. */
import { type InstallPorts, installService } from '@guruconnect/supervisor/manage/install-service';
import { restartService, startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { uninstallService } from '@guruconnect/supervisor/manage/uninstall-service';
import { test } from 'tap';
import { type ManagedMachine, NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';
import { slowPorts } from '../../helpers/slow-ports.ts';

type Flow = (ports: InstallPorts, machine: ManagedMachine) => Promise<unknown>;

const hang = ({ scm }: ManagedMachine): void => {
  const service = scm.service(NAME);
  if (service !== undefined) service.status = { ...service.status, state: 'stop-pending', waitHint: 3000 };
};

/** `false`: it is not installed before. */
const FLOWS: Readonly<Record<string, readonly [installed: boolean, Flow]>> = {
  'a first installation': [false, (ports) => installService(ports, request('v1'))],
  'a first installation that does not start': [false, (ports) => installService(ports, request('bad'))],
  'a first installation that is refused': [
    false,
    (ports, { scm }) => {
      scm.fault('create', 5);
      return installService(ports, request('v1'));
    },
  ],
  'an update': [
    true,
    (ports) => installService(ports, request('v2', { delayedStart: true, reducedPrivileges: true })),
  ],
  'an update of one that is marked for deletion': [
    true,
    async (ports, machine) => {
      machine.clock.after(1000, machine.scm.hold(NAME));
      await machine.ports().manager.delete();
      return installService(ports, request('v2'));
    },
  ],
  'an update that is put back': [true, (ports) => installService(ports, request('bad'))],
  'an update of another folder that is put back': [
    true,
    (ports, { scm }) => {
      scm.fault('setDescription', 5);
      const { program } = request('bad');
      return installService(ports, request('bad', { program: { ...program, data: 'D:\\other' } }));
    },
  ],
  'an uninstallation': [true, (ports) => uninstallService(ports)],
  'an uninstallation that is refused': [
    true,
    (ports, { scm }) => {
      scm.fault('delete', 5);
      return uninstallService(ports);
    },
  ],
  'a stop': [true, (ports) => stopService(ports)],
  'a stop of a stopped one': [
    true,
    (ports, { good }) => {
      good.crash();
      return stopService(ports);
    },
  ],
  'a stop by force': [
    true,
    (ports, machine) => {
      hang(machine);
      return stopService(ports);
    },
  ],
  'a stop of one that is deaf, and could not be opened at first': [
    true,
    (ports, { scm }) => {
      scm.fault('stop', 1053);
      const manager = { ...ports.manager };
      let opened = 0;
      manager.process = () => {
        opened += 1;
        return opened === 2 ? Promise.reject(new Error('not now')) : ports.manager.process();
      };
      return stopService({ ...ports, manager });
    },
  ],
  'a stop by force that fails': [
    true,
    (ports, { scm }) => {
      scm.fault('stop', 1053);
      const process = async () => {
        const found = await ports.manager.process();
        return found && { ...found, terminate: () => undefined };
      };
      return stopService({ ...ports, manager: { ...ports.manager, process } });
    },
  ],
  'a stop that is overtaken by a start': [
    true,
    async (ports, machine) => {
      await stopService(ports);
      const stopNote = {
        ...ports.stopNote,
        leave: () => ports.stopNote.leave().then(() => machine.ports().manager.start()),
      };
      return stopService({ ...ports, stopNote });
    },
  ],
  'a start of one that runs': [true, (ports) => startService(ports)],
  'a start behind another one': [
    true,
    async (ports, { scm }) => {
      await stopService(ports);
      scm.fault('start', 1056);
      return startService(ports);
    },
  ],
  'a restart': [true, (ports) => restartService(ports)],
};

for (const [what, [isInstalled, flow]] of Object.entries(FLOWS)) {
  test(`one call at a time: ${what}`, async (t) => {
    const machine = createManagedMachine();
    if (isInstalled) await machine.run(installService(machine.ports(), request('v1')));
    const { ports, calls, overlaps, leftovers } = slowPorts(machine);
    await machine.run(flow(ports, machine).catch(() => undefined));
    t.same(overlaps, []);
    t.same(leftovers(), []);
    t.ok(calls.length > 1, calls.join());
  });
}
