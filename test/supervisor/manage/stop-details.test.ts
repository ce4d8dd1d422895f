/** What comes between the steps of a stop or a start, and the note that a stop leaves, or must not leave. */
import { TIMING } from '@guruconnect/shared/timing';
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { startService } from '@guruconnect/supervisor/manage/start-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';
import { slowPorts } from '../../helpers/slow-ports.ts';
import { STATUS } from './scm-stage.ts';

const machineWith = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  await machine.elapse(1000);
  return machine;
};

test('stop: one that is started between the look and the note is stopped, and not called stopped already', async (t) => {
  const machine = await machineWith();
  machine.good.crash();
  await machine.elapse(1000);
  const ports = machine.ports();
  let overtaken = false;
  const stopNote = {
    ...ports.stopNote,
    leave: async () => {
      if (!overtaken) await ports.manager.start();
      overtaken = true;
      return ports.stopNote.leave();
    },
  };
  t.same(await machine.run(stopService({ ...ports, stopNote })), { already: false, forced: false });
  await machine.elapse(60_000);
  t.equal(machine.processes(), 0);
});

test('stop: one that is started in between, and takes no stop, runs on without a note', async (t) => {
  const machine = await machineWith();
  machine.good.crash();
  await machine.elapse(1000);
  const ports = machine.ports();
  const stopNote = {
    ...ports.stopNote,
    leave: async () => {
      await ports.manager.start();
      await ports.stopNote.leave();
    },
  };
  machine.scm.fault('stop', 5, true);
  await t.rejects(machine.run(stopService({ ...ports, stopNote })), { code: 5 });
  t.equal(machine.processes(), 1);
  t.notOk(machine.disk.note, 'its crash would be left unanswered');
});

test('stop: where it is refused, that is the error, at once, and no note was ever there', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('stop', 5, true);
  const { ports, calls } = slowPorts(machine);
  const since = machine.clock.now();
  await t.rejects(machine.run(stopService(ports)), { code: 5, operation: 'stop' });
  t.ok(machine.clock.now() - since < 1000);
  t.notOk(calls.includes('leave'));
  t.ok(machine.online());
});

for (const code of [1053, 232]) {
  test(`stop: one that is deaf (${code}) is ended by force at once, with the note before it and a word about it`, async (t) => {
    const machine = await machineWith();
    machine.scm.fault('stop', code);
    const ports = machine.ports();
    const noted: boolean[] = [];
    const process = async () => {
      const found = await ports.manager.process();
      const terminate = () => {
        noted.push(machine.disk.note);
        found?.terminate();
      };
      return found && { ...found, terminate };
    };
    const since = machine.clock.now();
    const stopped = await machine.run(stopService({ ...ports, manager: { ...ports.manager, process } }));
    t.same(stopped, { already: false, forced: true });
    t.equal(machine.clock.now(), since);
    t.same(noted, [true]);
    t.match(machine.progress.at(-1), /to end by force$/);
    await machine.elapse(60_000);
    t.equal(machine.processes(), 0);
  });
}

test('stop: one that could not be opened at first is opened again before it is ended by force', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('stop', 1053);
  const ports = machine.ports();
  let asked = 0;
  const process = () => {
    asked += 1;
    // The first question is whether it runs at all, the second one is for what may have to be ended.
    return asked === 2 ? Promise.reject(new Error('not now')) : ports.manager.process();
  };
  t.same(await machine.run(stopService({ ...ports, manager: { ...ports.manager, process } })), {
    already: false,
    forced: true,
  });
  t.equal(machine.processes(), 0);
});

test('stop: one that even force does not end is left without a note', async (t) => {
  const machine = await machineWith();
  machine.scm.fault('stop', 1053, true);
  const ports = machine.ports();
  const process = async () => {
    const found = await ports.manager.process();
    return found && { ...found, terminate: () => undefined };
  };
  const since = machine.clock.now();
  await t.rejects(machine.run(stopService({ ...ports, manager: { ...ports.manager, process } })), {
    name: 'ServiceError',
    message: /cannot be ended$/,
  });
  t.equal(machine.clock.now() - since, TIMING.hardEnd);
  t.notOk(machine.disk.note);
});

test('stop: it is done when the process is gone, which is a moment after Stopped', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  t.equal(machine.scm.process(NAME), undefined);
  t.ok(machine.progress.includes(`${NAME} to stop`));
});

test('stop: one that reports Stopped and whose process stays is ended by force', async (t) => {
  const machine = await machineWith();
  const process = machine.scm.process(NAME);
  process?.onControl(() => {
    const stopped = { state: 'stopped', controlsAccepted: 0, win32ExitCode: 0, serviceExitCode: 0 } as const;
    process.report({ ...stopped, checkPoint: 0, waitHint: 0 });
  });
  const since = machine.clock.now();
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: true });
  t.ok(machine.clock.now() - since >= TIMING.hardEnd);
  t.equal(machine.processes(), 0);
});

test('start: the note is gone before the service is started, so that a restart in between is none too many', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  const ports = machine.ports();
  const noted: boolean[] = [];
  const start = () => {
    noted.push(machine.disk.note);
    return ports.manager.start();
  };
  await machine.run(startService({ ...ports, manager: { ...ports.manager, start } }));
  t.same(noted, [false]);
});

test('start: where it is refused, that is the error, at once', async (t) => {
  const machine = await machineWith();
  await machine.run(stopService(machine.ports()));
  machine.scm.fault('start', 5);
  const since = machine.clock.now();
  await t.rejects(machine.run(startService(machine.ports())), { code: 5, operation: 'start' });
  t.equal(machine.clock.now(), since);
});

test('stop: a supervisor that hangs and is ended by its addon is remarked on, and does not come back', async (t) => {
  const machine = await machineWith();
  const hung = machine.scm.process(NAME);
  const report = (status: object): void => {
    hung?.report({ ...STATUS, state: 'stopped', ...status });
  };
  hung?.onControl(() => {
    report({ state: 'stop-pending', checkPoint: 1, waitHint: TIMING.transitionHint });
    machine.clock.after(TIMING.stopBudget + 2 * TIMING.hungStep, () => {
      report({ win32ExitCode: 1066, serviceExitCode: 2 });
      hung.exit(2);
    });
  });
  t.same(await machine.run(stopService(machine.ports())), { already: false, forced: false, hung: true });
  t.ok(machine.disk.note);
  await machine.elapse(86_400_000);
  t.equal(machine.processes(), 0);
});
