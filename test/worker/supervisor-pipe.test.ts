import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { settleable } from '@guruconnect/shared/settleable';
import {
  type Bootstrap,
  MAX_LINE_BYTES,
  PIPE_VERSION,
  encode,
  parseWorkerMessage,
} from '@guruconnect/shared/pipe-protocol';
import { joinSupervisor, readBootstrap } from '@guruconnect/worker/supervisor-pipe';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { createInbox } from './inbox.ts';

const linux = process.platform === 'linux' ? {} : { skip: 'elsewhere connect waits' };

const address = (t: Test): string =>
  process.platform === 'win32' ? `\\\\.\\pipe\\gc-test-${randomUUID()}` : join(tempDir(t), 'worker.sock');

const bootstrapOf = (pipe: string): Bootstrap => ({
  version: PIPE_VERSION,
  pipe,
  token: 'one-time',
  supervisorPid: process.pid,
  afterBoot: false,
  options: { relay: 'wss://relay.example' },
});

/** A worker that has joined, and the supervisor's end of its pipe. */
const joined = async (t: Test) => {
  const path = address(t);
  const accepted = settleable<Socket>();
  const lines = createInbox<string>();
  const server = createServer((socket) => {
    let rest = '';
    socket.on('data', (chunk: Buffer) => {
      const all = `${rest}${chunk.toString('utf8')}`.split('\n');
      rest = all.pop() ?? '';
      all.forEach(lines.put);
    });
    socket.on('error', () => undefined);
    accepted.resolve(socket);
  });
  server.listen(path);
  await once(server, 'listening');
  t.teardown(() => server.close());
  const pipe = await joinSupervisor(bootstrapOf(path));
  t.teardown(pipe.close);
  const socket = await accepted.promise;
  t.teardown(() => socket.destroy());
  const aborted = new Promise<unknown>((resolve) => {
    pipe.signal.addEventListener('abort', () => {
      resolve(pipe.signal.reason);
    });
  });
  return { pipe, socket, lines, aborted };
};

test('a worker that joins says hello with its token and its pid, once and first', async (t) => {
  const { lines } = await joined(t);
  const hello = parseWorkerMessage(await lines.next(() => true));
  t.same(hello, { kind: 'hello', version: PIPE_VERSION, token: 'one-time', pid: process.pid });
  t.equal(lines.items.length, 1);
});

test('what is sent arrives line by line, in order', async (t) => {
  const { pipe, lines } = await joined(t);
  pipe.send({ kind: 'beat', link: 'online', relay: 'wss://relay.example' });
  pipe.send({ kind: 'fault', code: 'no-credential', message: 'two\nlines' });
  await lines.next((line) => line.includes('fault'));
  t.same(
    lines.items.map((line) => parseWorkerMessage(line)?.kind),
    ['hello', 'beat', 'fault'],
  );
});

for (const reason of ['stop', 'shutdown'] as const) {
  test(`a ${reason} of the supervisor aborts with its reason`, async (t) => {
    const { pipe, socket, aborted } = await joined(t);
    t.notOk(pipe.signal.aborted);
    socket.write(encode({ kind: 'stop', reason }));
    t.equal(await aborted, reason);
  });
}

test('a stop that comes byte by byte is a stop', async (t) => {
  const { socket, aborted } = await joined(t);
  socket.setNoDelay(true);
  for (const byte of encode({ kind: 'stop', reason: 'stop' })) {
    await new Promise((resolve) => socket.write(byte, resolve));
  }
  t.equal(await aborted, 'stop');
});

test('the first stop counts: neither another reason nor the end of the pipe changes it', async (t) => {
  const { pipe, socket, aborted } = await joined(t);
  socket.end(encode({ kind: 'stop', reason: 'shutdown' }) + encode({ kind: 'stop', reason: 'stop' }));
  await aborted;
  await once(socket, 'close');
  t.equal(pipe.signal.reason, 'shutdown');
});

test('the end of the pipe means that the supervisor is gone', async (t) => {
  const { socket, aborted } = await joined(t);
  socket.end();
  t.equal(await aborted, 'supervisor-gone');
});

test('a pipe that breaks means that the supervisor is gone, and later words are lost quietly', async (t) => {
  const { pipe, socket, aborted } = await joined(t);
  socket.destroy();
  pipe.send({ kind: 'fault', code: 'x', message: 'too late?' });
  t.equal(await aborted, 'supervisor-gone');
  t.doesNotThrow(() => {
    pipe.send({ kind: 'fault', code: 'x', message: 'too late' });
  });
});

test('garbage on the pipe is ignored, and the stop after it is heard', async (t) => {
  const { socket, aborted } = await joined(t);
  const garbage = [
    '',
    'garbage',
    '[]',
    '{"kind":"stop"}',
    '{"kind":"stop","reason":"supervisor-gone"}',
    '{"kind":"go"}',
  ];
  socket.write(`${garbage.join('\n')}\n`);
  socket.write(Buffer.from([0xff, 0x00, 0x0a]));
  socket.write(encode({ kind: 'stop', reason: 'stop' }));
  t.equal(await aborted, 'stop');
});

test('a worker that lets go has handed over everything that it sent', async (t) => {
  const { pipe, socket, lines } = await joined(t);
  const message = 'x'.repeat(MAX_LINE_BYTES);
  for (let count = 0; count < 50; count += 1) pipe.send({ kind: 'fault', code: 'x', message });
  pipe.close();
  await once(socket, 'close');
  t.equal(lines.items.length, 51);
});

test('a pipe that others fill is tried again until there is room', linux, async (t) => {
  const path = address(t);
  const server = createServer((socket) => t.teardown(() => socket.destroy()));
  server.listen({ path, backlog: 1 });
  await once(server, 'listening');
  t.teardown(() => server.close());
  // All in one turn, so that nobody is let in meanwhile.
  const others = Array.from({ length: 8 }, () => connect(path).on('error', () => undefined));
  const refused = once(others.at(-1) as Socket, 'error');
  const joining = joinSupervisor(bootstrapOf(path));
  t.match(await refused, [{ code: 'EAGAIN' }], 'there was none');
  (await joining).close();
  for (const other of others) other.destroy();
});

test('where nobody listens joining fails', async (t) => {
  await t.rejects(joinSupervisor(bootstrapOf(address(t))), { code: 'ENOENT' });
});

/** Standard input with this in it; it stays open unless it `ends`. */
const stdin = (text: string, ends = false): NodeJS.ReadStream => {
  const input = new PassThrough();
  input.write(text);
  if (ends) input.end();
  return input as unknown as NodeJS.ReadStream;
};

test('the bootstrap is the first line of standard input; it need not end', async (t) => {
  const bootstrap = bootstrapOf('/pipe');
  t.same(await readBootstrap(stdin(encode(bootstrap))), bootstrap);
  t.same(await readBootstrap(stdin(`${encode(bootstrap)}more\n`, true)), bootstrap);
});

test('standard input that ends without a line is no bootstrap', async (t) => {
  const message = 'no bootstrap line came on stdin';
  await t.rejects(readBootstrap(stdin('', true)), { message });
  await t.rejects(readBootstrap(stdin(encode(bootstrapOf('/pipe')).trimEnd(), true)), { message });
  await t.rejects(readBootstrap(stdin(`${'x'.repeat(MAX_LINE_BYTES + 1)}\n`, true)), { message });
});

test('a first line of another version is no bootstrap, and its token is not quoted', async (t) => {
  const later = JSON.stringify({ ...bootstrapOf('/pipe'), version: PIPE_VERSION + 1 });
  const message = 'the bootstrap line on stdin is not of this version';
  await t.rejects(readBootstrap(stdin(`${later}\n`)), { message });
  await t.rejects(readBootstrap(stdin('garbage\n')), { message });
});
