import { once } from 'node:events';
import { type Socket, connect, createServer } from 'node:net';
import { setTimeout as pause } from 'node:timers/promises';
import { type Test, test } from 'tap';
import { listen } from '../../helpers/sockets.ts';
import { openCable } from './cable.ts';

/** Long enough for what should not come to come. */
const SILENCE_MS = 100;

/** A cable to a server, and both ends of the connections through it. */
const lay = async (t: Test) => {
  const server = createServer();
  const far: Socket[] = [];
  const said: string[] = [];
  server.on('connection', (socket) => {
    far.push(socket);
    socket.on('data', (bytes: Buffer) => said.push(bytes.toString()));
    socket.on('end', () => said.push('end'));
  });
  const { port, close } = await listen(t, server);
  const cable = await openCable(port);
  t.teardown(() => cable.close());
  const dial = async (): Promise<Socket> => {
    const near = connect(cable.port, '127.0.0.1');
    near.on('error', () => undefined);
    t.teardown(() => near.destroy());
    await once(near, 'connect');
    return near;
  };
  /** Once the far end has heard so many things. */
  const heard = async (count: number): Promise<readonly string[]> => {
    while (said.length < count) await pause(5);
    return said;
  };
  return { cable, dial, heard, said, far, close };
};

test('what is sent while it is cut comes once it is whole, and the end after it', async (t) => {
  const { cable, dial, heard, said } = await lay(t);
  const near = await dial();
  near.write('before');
  await heard(1);
  cable.cut();
  near.end('during');
  await pause(SILENCE_MS);
  t.same(said, ['before'], 'neither bytes nor the end');
  cable.heal();
  t.same(await heard(3), ['before', 'during', 'end']);
});

test('the near end is not told either', async (t) => {
  const { cable, dial, heard, far } = await lay(t);
  const near = await dial();
  near.write('hello');
  await heard(1);
  const events: string[] = [];
  near.on('data', () => events.push('data')).on('close', () => events.push('close'));
  cable.cut();
  far[0]?.end('bye');
  await pause(SILENCE_MS);
  t.same(events, []);
  cable.heal();
  await once(near, 'close');
  t.same(events, ['data', 'close']);
});

test('a connection begun while it is cut is made afterwards, unless it was given up', async (t) => {
  const { cable, dial, heard, far } = await lay(t);
  cable.cut();
  const patient = await dial();
  const hasty = await dial();
  patient.write('patient');
  hasty.write('hasty');
  hasty.destroy();
  await pause(SILENCE_MS);
  t.equal(far.length, 0);
  cable.heal();
  t.same(await heard(1), ['patient']);
  await pause(SILENCE_MS);
  t.equal(far.length, 1);
});

test('where nobody listens at the far end the near one is reset, and a reset goes through', async (t) => {
  const { dial, heard, far, close } = await lay(t);
  const near = await dial();
  near.write('hello');
  await heard(1);
  const reset = once(near, 'error');
  far[0]?.resetAndDestroy();
  t.match(await reset, [{ code: 'ECONNRESET' }]);
  await close();
  const late = await dial();
  t.match(await once(late, 'error'), [{ code: 'ECONNRESET' }]);
});
