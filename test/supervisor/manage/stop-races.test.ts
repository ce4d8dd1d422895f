/** What happens while a stop is under way. */
import { installService } from '@guruconnect/supervisor/manage/install-service';
import { stopService } from '@guruconnect/supervisor/manage/stop-service';
import { test } from 'tap';
import { NAME, createManagedMachine, request } from '../../helpers/managed-machine.ts';

const machineWith = async () => {
  const machine = createManagedMachine();
  await machine.run(installService(machine.ports(), request('v1')));
  await machine.elapse(1000);
  return machine;
};

/** One for every call that a stop makes. */
for (let call = 1; call <= 8; call += 1) {
  for (const how of ['crash', 'vanish'] as const) {
    test(`a ${how} at call ${call} of a stop does not bring the service back`, async (t) => {
      const machine = await machineWith();
      machine.scm.at(call, () => {
        if (how === 'crash') machine.good.crash();
        else machine.scm.process(NAME)?.exit(1);
      });
      await machine.run(stopService(machine.ports()));
      t.match(machine.scm.service(NAME)?.status, { state: 'stopped' });
      await machine.elapse(3_600_000);
      t.equal(machine.processes(), 0, machine.scm.history.join('\n'));
    });
  }
}

test('a stop during a start that fails does not bring the service back', async (t) => {
  const machine = await machineWith();
  machine.good.behave({ hello: 'dies' });
  machine.good.crash();
  await machine.elapse(5050);
  t.match(machine.scm.service(NAME)?.status, { state: 'start-pending' });
  await machine.run(stopService(machine.ports()));
  await machine.elapse(3_600_000);
  t.equal(machine.processes(), 0);
});

test('a recovery restart between the look and the note is stopped as well', async (t) => {
  const machine = await machineWith();
  machine.good.crash();
  await machine.elapse(100);
  const ports = machine.ports();
  let notes = 0;
  const stopNote = {
    ...ports.stopNote,
    leave: async () => {
      notes += 1;
      if (notes === 1) await ports.manager.start();
      await ports.stopNote.leave();
    },
  };
  t.match(await machine.run(stopService({ ...ports, stopNote })), { already: false });
  await machine.elapse(3_600_000);
  t.equal(machine.processes(), 0);
});

test('one that is started again as often as it is stopped is given up on', async (t) => {
  const machine = await machineWith();
  const ports = machine.ports();
  const stopNote = {
    ...ports.stopNote,
    leave: async () => {
      if (machine.processes() === 0) await ports.manager.start();
    },
  };
  await t.rejects(machine.run(stopService({ ...ports, stopNote })), { message: /as often as it is stopped/ });
});

test('a shutdown leaves no note: what fails at the next boot is answered', async (t) => {
  const machine = await machineWith();
  machine.scm.shutdown();
  t.notOk(machine.disk.note);
  machine.good.behave({ hello: 'dies' });
  machine.scm.boot();
  await machine.elapse(4000);
  machine.good.behave({ hello: 200 });
  await machine.elapse(10_000);
  t.ok(machine.online());
});
