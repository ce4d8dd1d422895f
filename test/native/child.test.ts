/** What a child on Linux does to end with its parent, to have no more rights than that, and to know who talks to it. */
import { once } from 'node:events';
import { openSync, readFileSync } from 'node:fs';
import { type NetConnectOpts, type Server, type Socket, connect, createServer } from 'node:net';
import { constants } from 'node:os';
import { join } from 'node:path';
import { isAddonBuilt, loadChild } from '@guruconnect/native';
import { type Test, test } from 'tap';
import { fixture, isAlive, isGone, startProgram } from '../helpers/program.ts';
import { listen } from '../helpers/sockets.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const unbuilt = isAddonBuilt() ? {} : { skip: 'the addon is not built (npm run native)' };
const linux = process.platform === 'linux' ? unbuilt : { skip: 'only Linux has these calls' };
const { EBADF, EINVAL, ENOTSOCK, EOPNOTSUPP } = constants.errno;
const { SIGKILL, SIGUSR2 } = constants.signals;

test('a signal that does not exist is refused by the system', linux, (t) => {
  t.equal(loadChild()?.setParentDeathSignal(9999), EINVAL);
  t.equal(loadChild()?.setParentDeathSignal(-1), EINVAL);
  t.equal(loadChild()?.killGroupOnSignal(9999), EINVAL);
  t.equal(loadChild()?.killGroupOnSignal(SIGKILL), EINVAL, 'nor one that nobody can handle');
  t.end();
});

test('something that is no signal at all is an error, and not the end of the process', linux, (t) => {
  type Loose = Record<
    'setParentDeathSignal' | 'killGroupOnSignal' | 'peerOf',
    (...args: unknown[]) => unknown
  >;
  const addon = loadChild() as Loose | undefined;
  for (const name of ['setParentDeathSignal', 'killGroupOnSignal', 'peerOf'] as const) {
    t.throws(() => addon?.[name]('SIGKILL'));
    t.throws(() => addon?.[name]());
  }
  t.end();
});

/** A child of a child: the pid it says, and what the addon answered it. */
const startFamily = async (t: Test, args: readonly string[]) => {
  const parent = startProgram(fixture('pdeath-parent'), args, { limitMs: 10_000 });
  const [, pid = '', result = ''] = await parent.seen(/^pid (\d+) result (.+)$/m, 8_000);
  const child = Number(pid);
  t.teardown(() => {
    if (isAlive(child)) process.kill(child, 'SIGKILL');
  });
  t.ok(isAlive(parent.pid) && isAlive(child), 'both live');
  return { parent, child, result };
};

test('a child that asked for it dies with its parent', { ...linux, timeout: 15_000 }, async (t) => {
  const { parent, child, result } = await startFamily(t, [String(SIGKILL)]);
  t.equal(result, '0');
  parent.kill('SIGKILL');
  t.ok(await isGone(child, 5_000));
  t.match(await parent.ended, { signal: 'SIGKILL', stderr: '' });
});

test('a child that did not ask for it outlives its parent', { ...linux, timeout: 15_000 }, async (t) => {
  const { parent, child, result } = await startFamily(t, []);
  t.equal(result, 'unasked');
  parent.kill('SIGKILL');
  t.ok(await isGone(parent.pid, 5_000));
  t.notOk(await isGone(child, 300));
});

const statusOf = (pid: number): string => readFileSync(`/proc/${pid}/status`, 'utf8');

const descriptorOf = (socket: Socket): number =>
  (socket as unknown as { readonly _handle: { readonly fd: number } })._handle.fd;

/** Both ends of a connection to `server`. */
const connection = async (t: Test, server: Server, to: NetConnectOpts) => {
  const accepted = once(server, 'connection') as Promise<[Socket]>;
  const client = connect(to);
  t.teardown(() => client.destroy());
  const [served] = await accepted;
  t.teardown(() => served.destroy());
  return { client, served };
};

test('the other end of a local socket is known, on both sides', linux, async (t) => {
  const server = createServer();
  t.teardown(() => server.close());
  const path = join(tempDir(t), 's');
  await once(server.listen(path), 'listening');
  const { client, served } = await connection(t, server, { path });
  const us = { error: 0, pid: process.pid, uid: process.getuid?.() };
  t.same(loadChild()?.peerOf(descriptorOf(served)), us);
  t.same(loadChild()?.peerOf(descriptorOf(client)), us);
});

test('a TCP socket has no process at its other end', linux, async (t) => {
  const server = createServer();
  const { port } = await listen(t, server);
  const { served } = await connection(t, server, { port, host: '127.0.0.1' });
  t.match(loadChild()?.peerOf(descriptorOf(served)), { error: EOPNOTSUPP, pid: 0 });
});

test('what is no socket, or no descriptor at all, has none either', linux, (t) => {
  t.match(loadChild()?.peerOf(openSync('/dev/null', 'r')), { error: ENOTSOCK, pid: 0 });
  t.match(loadChild()?.peerOf(-1), { error: EBADF, pid: 0 });
  t.match(loadChild()?.peerOf(99_999), { error: EBADF, pid: 0 });
  t.end();
});

/** A child that did one thing of the addon, and says what it is after that. */
const startChild = async (t: Test, by: readonly string[], ...args: readonly string[]) => {
  const child = startProgram(fixture('native-child'), args, { by, limitMs: 10_000 });
  t.teardown(() => child.kill('SIGKILL'));
  const [, result = '', grandchild = ''] = await child.seen(/^result (\d+) grandchild (\d+)$/m);
  t.teardown(() => isAlive(Number(grandchild)) && process.kill(Number(grandchild), 'SIGKILL'));
  return { child, result, grandchild: Number(grandchild) };
};

test('renounced privileges are renounced for the process and for what it starts', linux, async (t) => {
  const before = await startChild(t, [], 'nothing');
  t.match(statusOf(before.child.pid), /^NoNewPrivs:\s+0$/m);
  const { child, result, grandchild } = await startChild(t, [], 'setNoNewPrivileges');
  t.equal(result, '0');
  t.match(statusOf(child.pid), /^NoNewPrivs:\s+1$/m);
  t.match(statusOf(grandchild), /^NoNewPrivs:\s+1$/m);
});

for (const state of ['idle', 'hung'] as const) {
  test(`the signal ends a process that leads a group (${state}), and the group`, linux, async (t) => {
    const { child, result, grandchild } = await startChild(
      t,
      ['setsid'],
      'killGroupOnSignal',
      String(SIGUSR2),
      state,
    );
    t.equal(result, '0');
    child.kill('SIGUSR2');
    t.match(await child.ended, { signal: 'SIGKILL' });
    t.ok(await isGone(grandchild, 2_000));
  });
}

test('a process that leads no group ends alone: a shell may be in it', linux, async (t) => {
  const { child, grandchild } = await startChild(t, [], 'killGroupOnSignal', String(SIGUSR2));
  child.kill('SIGUSR2');
  t.match(await child.ended, { signal: 'SIGKILL' });
  t.ok(isAlive(grandchild), 'as does the test, which is in the same group');
});
