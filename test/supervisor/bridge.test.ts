/** The bridge and its worker; who else may knock is in bridge-strangers.test.ts. */
import { once } from 'node:events';
import { existsSync, mkdirSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { type Beat, MAX_LINE_BYTES, encode } from '@guruconnect/shared/pipe-protocol';
import { openSocketDoor } from '@guruconnect/supervisor/socket-door';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { HELLO, connectPeer, connectWorker, folderGoes, openTestBridge } from './pipe-peer.ts';

const bounded = { timeout: 5_000 };
const posix = { ...bounded, ...(process.platform === 'win32' && { skip: 'no socket file on Windows' }) };
const STOP = encode({ kind: 'stop', reason: 'stop' });
const SHUTDOWN = encode({ kind: 'stop', reason: 'shutdown' });
const BEAT: Beat = { kind: 'beat', link: 'online', relay: 'wss://relay.example', roundTripMs: 1.5 };
const FAULT = { kind: 'fault', code: 'no-credential', message: 'kein Schlüssel – 🔑' } as const;

test('the worker’s hello makes it ready, and nothing is said to it', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  t.same(under.told, ['ready']);
  worker.socket.write(encode(BEAT));
  await under.until(2);
  t.equal(worker.heard(), '');
});

test('a worker that is asked to stop hears it at once', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  under.bridge.askStop('shutdown');
  await worker.hears(SHUTDOWN);
});

test('a worker that was asked before its hello hears it as the answer', bounded, async (t) => {
  const under = await openTestBridge(t);
  under.bridge.askStop('stop');
  const worker = await connectPeer(t, under.path);
  worker.socket.write(HELLO);
  await worker.hears(STOP);
  t.same(under.told, ['ready']);
});

test('a stop that was asked stays the one it was', bounded, async (t) => {
  const under = await openTestBridge(t);
  under.bridge.askStop('stop');
  under.bridge.askStop('shutdown');
  const worker = await connectPeer(t, under.path, HELLO);
  await worker.hears(STOP);
});

test('beats and faults are passed on as they are, and nothing else', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  const strange = ['', 'garbage', '{}', '[]', '{"kind":"beat"}', '{"kind":"news"}', HELLO.trimEnd()];
  worker.socket.write(encode(BEAT) + strange.map((line) => `${line}\n`).join('') + encode(FAULT));
  await under.until(3);
  t.same(under.told, ['ready', BEAT, FAULT]);
});

test('a line may come in pieces, and lines together with the hello', bounded, async (t) => {
  const under = await openTestBridge(t);
  const words = Buffer.from(HELLO + encode(FAULT) + encode(BEAT));
  const worker = await connectPeer(t, under.path);
  worker.socket.setNoDelay(true);
  for (const byte of words.subarray(0, -1)) {
    worker.socket.write(Uint8Array.of(byte));
    await turn();
  }
  worker.socket.write(Buffer.concat([words.subarray(-1), Buffer.from(encode(FAULT) + encode(BEAT))]));
  await under.until(5);
  t.same(under.told, ['ready', FAULT, BEAT, FAULT, BEAT]);
});

test('a worker that hangs up is lost, once', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  worker.socket.end();
  await under.until(2);
  under.bridge.close();
  await worker.closed;
  await turn();
  t.same(under.told, ['ready', 'lost']);
});

test('a worker whose line is too long is lost', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  worker.socket.write('x'.repeat(MAX_LINE_BYTES + 1));
  await worker.closed;
  await under.until(2);
  t.same(under.told, ['ready', 'lost']);
});

for (const leave of ['end', 'destroy'] as const) {
  test(`asking a worker that is gone (${leave}) does nothing`, bounded, async (t) => {
    const under = await openTestBridge(t);
    const worker = await connectWorker(t, under);
    worker.socket[leave]();
    under.bridge.askStop('stop');
    await under.until(2);
    under.bridge.askStop('stop');
    await worker.closed;
    await turn();
    under.bridge.askStop('stop');
    t.same(under.told, ['ready', 'lost']);
  });
}

test('closing hangs up on the worker', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  under.bridge.close();
  await worker.closed;
  await under.until(2);
  t.same(under.told, ['ready', 'lost']);
});

test(
  'closing hangs up on strangers, and a bridge that is closed can be closed and asked',
  bounded,
  async (t) => {
    const { bridge, path, told } = await openTestBridge(t);
    const stranger = await connectPeer(t, path);
    // The bridge has seen it as soon as it turns away the one who came after it.
    await (
      await connectPeer(t, path, '?\n')
    ).closed;
    bridge.close();
    await stranger.closed;
    bridge.close();
    bridge.askStop('stop');
    t.same(told, []);
  },
);

test('the socket is in a folder that is the owner’s only', posix, async (t) => {
  const { path } = await openTestBridge(t);
  t.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  t.ok(statSync(path).isSocket());
});

test('the folder goes with a bridge that nobody came to', posix, async (t) => {
  const { bridge, path } = await openTestBridge(t);
  bridge.close();
  t.ok(await folderGoes({ path }));
});

test('the folder goes with a bridge that has a worker', posix, async (t) => {
  const under = await openTestBridge(t);
  await connectWorker(t, under);
  under.bridge.close();
  t.ok(await folderGoes(under));
});

test('the folder goes with the worker', posix, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  worker.socket.destroy();
  await once(worker.socket, 'close');
  t.ok(await folderGoes(under));
});

test(
  'where no socket can be as deep as the temporary folder, none is left anywhere else',
  posix,
  async (t) => {
    const around = tempDir(t);
    const temp = join(around, 'x'.repeat(100));
    mkdirSync(temp);
    const before = process.env['TMPDIR'];
    process.env['TMPDIR'] = temp;
    t.teardown(() => {
      if (before === undefined) delete process.env['TMPDIR'];
      else process.env['TMPDIR'] = before;
    });
    const door = await openSocketDoor(undefined).catch(() => undefined);
    t.teardown(() => door?.close());
    t.ok(door === undefined || existsSync(door.path), 'a socket that was made is where it says');
    t.same(readdirSync(around), [basename(temp)], 'and not outside its own folder');
    door?.close();
    t.ok(door === undefined || (await folderGoes(door)));
    t.same(readdirSync(temp), [], 'and nothing is left of it');
  },
);
