import { once } from 'node:events';
import { fstatSync } from 'node:fs';
import type { Socket } from 'node:net';
import type { NativePipeEnd, WorkerProcessAddon } from '@guruconnect/native';
import { settleable } from '@guruconnect/shared/settleable';
import { openSealedDoor } from '@guruconnect/supervisor/sealed-door';
import { test } from 'tap';
import { openFifo } from '../helpers/fifo.ts';
import { settleNow } from '../helpers/run-to-end.ts';

const SID = 'S-1-5-21-1-2-3-1000';
const ABORTED = 995;
const posix = process.platform === 'win32' ? { skip: 'a FIFO stands for the pipe' } : {};

type Fake = Pick<
  WorkerProcessAddon,
  'processUser' | 'sealedPipeCreate' | 'sealedPipeAccept' | 'sealedPipeClose'
>;

/** A door, and all that it asks of the addon. @param errors what each try to make the pipe answers; 0 after that. */
const openDoor = (errors: readonly number[] = [], user?: string, userError = 0) => {
  const calls: unknown[][] = [];
  const knocks: Socket[] = [];
  const failures: unknown[] = [];
  const accepting = settleable<NativePipeEnd>();
  const left = [...errors];
  const addon: Fake = {
    processUser: () => ({ error: userError, sid: SID }),
    sealedPipeCreate: (...args) => {
      calls.push(['create', ...args]);
      return { error: left.shift() ?? 0, id: 7 };
    },
    sealedPipeAccept: (...args) => {
      calls.push(['accept', ...args]);
      return accepting.promise;
    },
    sealedPipeClose: (...args) => {
      calls.push(['close', ...args]);
    },
  };
  const open = () => openSealedDoor(addon, (error) => failures.push(error), user);
  const told = { strangers: 0 };
  const on = {
    knock: (socket: Socket): void => {
      knocks.push(socket);
    },
    stranger: (): void => {
      told.strangers += 1;
    },
  };
  return { open, on, told, calls, knocks, failures, accepting };
};

const names = (calls: readonly (readonly unknown[])[]): readonly unknown[] => calls.map(([, name]) => name);

test('a fresh name that nobody can guess, for LocalSystem and the user', (t) => {
  const [one, other] = [openDoor(), openDoor()];
  const path = one.open().path;
  t.match(path, /^\\\\\.\\pipe\\guruconnect-worker-[0-9a-f]{32}$/, '128 bits');
  t.not(other.open().path, path);
  t.ok(path.length < 256);
  t.same(one.calls, [['create', path, `D:P(A;;0x12018b;;;SY)(A;;0x12018b;;;${SID})`]]);
  t.end();
});

test('LocalSystem is let in once, and another user in place of our own', (t) => {
  const [system, service] = [openDoor([], 'S-1-5-18'), openDoor([], 'LS')];
  system.open();
  service.open();
  t.equal(service.calls[0]?.[2], 'D:P(A;;0x12018b;;;SY)(A;;0x12018b;;;LS)');
  t.match(system.calls[0]?.[2], /^D:P\(A;;0x12018b;;;SY\)/);
  t.notMatch(`${String(system.calls[0]?.[2])}${String(service.calls[0]?.[2])}`, /;(?:WD|AN|AU|BU|NU|IU);?\)/);
  t.end();
});

for (const taken of [5, 231]) {
  test(`a name that is taken (${taken}) is given up for another one`, (t) => {
    const under = openDoor([taken, taken]);
    const { path } = under.open();
    t.equal(new Set(names(under.calls)).size, 3, 'a fresh one each time');
    t.equal(names(under.calls).at(-1), path);
    t.end();
  });
}

test('three names that are taken are an error, which names the last one', (t) => {
  const under = openDoor([231, 5, 231]);
  t.throws(under.open, {
    code: 231,
    operation: 'CreateNamedPipe',
    object: /^\\\\\.\\pipe\\guruconnect-worker-/,
  });
  t.equal(under.calls.length, 3);
  t.end();
});

test('what is not about the name is an error at once', (t) => {
  const under = openDoor([87]);
  t.throws(under.open, { code: 87, operation: 'CreateNamedPipe' });
  t.equal(under.calls.length, 1);
  t.throws(openDoor([], undefined, 6).open, { code: 6, operation: 'GetTokenInformation' });
  t.end();
});

test('who comes in is a socket, both ways', posix, async (t) => {
  const under = openDoor();
  const { fd } = openFifo(t, 'both');
  under.open().open(4711, under.on);
  t.same(under.calls.at(-1), ['accept', 7, 4711]);
  under.accepting.resolve({ error: 0, fd, strangers: 2 });
  await settleNow();
  const [socket] = under.knocks;
  t.teardown(() => socket?.destroy());
  socket?.setEncoding('utf8').write('what goes in comes out');
  t.same(await once(socket as Socket, 'data'), ['what goes in comes out']);
  t.equal(under.told.strangers, 1, 'and that others came before is told once');
  t.same(under.failures, []);
});

test('a door that is closed again is silent about it', async (t) => {
  const under = openDoor();
  const door = under.open();
  door.open(4711, under.on);
  door.close();
  t.same(under.calls.at(-1), ['close', 7]);
  under.accepting.resolve({ error: ABORTED, fd: -1, strangers: 0 });
  await settleNow();
  t.equal(under.told.strangers, 0);
  t.same([under.knocks, under.failures], [[], []]);
});

test('closed before the waiting has begun, on its thread, is closed and no error either', async (t) => {
  const under = openDoor();
  const door = under.open();
  door.open(4711, under.on);
  door.close();
  under.accepting.resolve({ error: 6, fd: -1, strangers: 0 });
  await settleNow();
  t.same([under.knocks, under.failures], [[], []]);
});

test('who had come in just before the door was closed is hung up on', posix, async (t) => {
  const under = openDoor();
  const { fd } = openFifo(t, 'both');
  const door = under.open();
  door.open(4711, under.on);
  door.close();
  under.accepting.resolve({ error: 0, fd, strangers: 0 });
  await settleNow();
  t.same([under.knocks, under.failures], [[], []]);
  await settleNow();
  t.throws(() => fstatSync(fd), { code: 'EBADF' });
});

test('a pipe that fails is an error, once', async (t) => {
  const under = openDoor();
  const { path, open } = under.open();
  open(4711, under.on);
  under.accepting.resolve({ error: 6, fd: -1, strangers: 0 });
  await settleNow();
  t.same(under.knocks, []);
  t.match(under.failures, [{ code: 6, operation: 'ConnectNamedPipe', object: path }]);
});

test('a thread that cannot be had is an error', async (t) => {
  const under = openDoor();
  under.open().open(4711, under.on);
  under.accepting.reject(new Error('no thread'));
  await settleNow();
  t.match(under.failures, [{ message: 'no thread' }]);
});
