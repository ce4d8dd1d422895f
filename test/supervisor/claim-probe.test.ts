import { createServer } from 'node:net';
import { join } from 'node:path';
import { claimProbe, pipeProbe } from '@guruconnect/supervisor/claim-probe';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const bounded = { timeout: 5_000 };
const NAME = '\\\\.\\pipe\\guruconnect-supervisor-0123';

const skip = process.platform === 'win32' && 'a socket in a folder';

test('on Windows a name is never connected to over node:net, whoever has it', { skip }, async (t) => {
  const path = join(tempDir(t), 'claimed.sock');
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  });
  await new Promise<void>((resolve) => server.listen(path, resolve));
  t.teardown(() => server.close());
  // There is no addon for Windows here either: listening alone is left to tell.
  t.equal(await claimProbe('win32')(path), false);
  t.equal(connections, 0);
  t.equal(await claimProbe('linux')(path), true);
  await new Promise((resolve) => setImmediate(resolve));
  t.equal(connections, 1, 'elsewhere it is');
});

test('through the addon, only a pipe that nobody has made is free', bounded, async (t) => {
  const asked: string[] = [];
  const answering = (error: number) =>
    pipeProbe({
      statusRead: (name) => {
        asked.push(name);
        return Promise.resolve({ error, server: 0, text: '' });
      },
    })(NAME);
  t.equal(await answering(2), false);
  for (const error of [0, 5, 109, 231, 234, 258]) t.equal(await answering(error), true, `error ${error}`);
  t.same([...new Set(asked)], [NAME]);
});
