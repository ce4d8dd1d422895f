/** Who connects is known to the kernel: another process of the same user is not the worker, whatever it knows. */
import { once } from 'node:events';
import { spawn } from 'node:child_process';
import { isAddonBuilt, loadChild } from '@guruconnect/native';
import { PIPE_VERSION, encode } from '@guruconnect/shared/pipe-protocol';
import { openSocketDoor } from '@guruconnect/supervisor/socket-door';
import { type Test, test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';
import { HELLO, TOKEN, connectWorker, openTestBridge } from './pipe-peer.ts';

const linux = {
  timeout: 20_000,
  ...(process.platform !== 'linux' && { skip: 'the other end of a socket is known on Linux only' }),
  ...(process.platform === 'linux' && !isAddonBuilt() && { skip: 'the addon is not built (npm run native)' }),
};
const STOP = encode({ kind: 'stop', reason: 'stop' });

/** Another process of this user, that knows all there is to know. */
const startStranger = (t: Test, path: string, words = HELLO) => {
  const stranger = startProgram(fixture('knock'), [path, encodeURIComponent(words)], { limitMs: 15_000 });
  t.teardown(() => stranger.kill('SIGKILL'));
  return stranger;
};

test(
  'a stranger with the token and the hello of the worker is turned away; the worker gets in',
  linux,
  async (t) => {
    const under = await openTestBridge(t);
    const { stdout } = await startStranger(t, under.path).ended;
    t.match(stdout, /^connected\n(?:failed .*\n)?closed\n$/, 'it came, and heard nothing');
    t.same(under.told, []);
    const worker = await connectWorker(t, under);
    under.bridge.askStop('stop');
    await worker.hears(STOP);
    t.same(under.told, ['ready']);
  },
);

test('the token alone would have let it in: this is what the kernel is asked for', linux, async (t) => {
  const under = await openTestBridge(t, { peers: 'nobody' });
  under.bridge.askStop('stop');
  const stranger = startStranger(t, under.path);
  await stranger.seen(/heard .*"stop"/);
  t.same(under.told, ['ready']);
});

test('the process that was started gets in, and its parent does not', linux, async (t) => {
  const words = encode({ kind: 'hello', version: PIPE_VERSION, token: TOKEN, pid: 0 }).replace(
    ':0',
    ':"PID"',
  );
  const child = spawn(
    'env',
    ['-u', 'NODE_OPTIONS', process.execPath, fixture('knock'), '-', encodeURIComponent(words)],
    {
      stdio: ['pipe', 'pipe', 'inherit'],
    },
  );
  t.teardown(() => child.kill('SIGKILL'));
  const { pid = 0 } = child;
  const under = await openTestBridge(t, { pid });
  under.bridge.askStop('stop');
  await t.rejects(connectWorker(t, { ...under, until: () => Promise.reject(new Error('not heard')) }));
  child.stdin.write(`${under.path}\n`);
  let heard = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (heard += text));
  while (!heard.includes('heard')) await once(child.stdout, 'data');
  t.match(heard, /"stop"/);
  t.same(under.told, ['ready']);
});

test('who came before the door knew whom to expect is looked at then', linux, async (t) => {
  const door = await openSocketDoor(loadChild());
  t.teardown(door.close);
  const stranger = startStranger(t, door.path);
  await stranger.seen(/connected/);
  const knocks: unknown[] = [];
  let strangers = 0;
  door.open(process.pid, {
    knock: (socket) => knocks.push(socket),
    stranger: () => {
      strangers += 1;
    },
  });
  t.match((await stranger.ended).stdout, /closed/);
  t.same(knocks, []);
  t.equal(strangers, 1);
});
