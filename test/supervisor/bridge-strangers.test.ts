/** Who is not the worker is turned away, and the worker gets in all the same. */
import { MAX_LINE_BYTES, PIPE_VERSION, encode } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import tap, { type Test, test } from 'tap';
import {
  type BridgeUnderTest,
  HELLO,
  TOKEN,
  connectPeer,
  connectWorker,
  folderGoes,
  openTestBridge,
} from './pipe-peer.ts';

// Some of them wait for seconds, each at a bridge of its own.
tap.jobs = 4;
const bounded = { timeout: 10_000 };
const MAX_STRANGERS = 8;

const hello = (fields: object): string => `${JSON.stringify({ ...JSON.parse(HELLO), ...fields })}\n`;

const admitsTheWorker = async (t: Test, under: BridgeUnderTest): Promise<void> => {
  const worker = await connectWorker(t, under);
  under.bridge.askStop('stop');
  await worker.hears(encode({ kind: 'stop', reason: 'stop' }));
  t.same(under.told, ['ready']);
};

const WRONG: Readonly<Record<string, string>> = {
  'a wrong token': hello({ token: TOKEN.replace('c', 'd') }),
  'a token that is only the beginning': hello({ token: TOKEN.slice(0, -1) }),
  'a token that goes on': hello({ token: `${TOKEN}0` }),
  'no token': hello({ token: '' }),
  'a token that is no text': hello({ token: [TOKEN] }),
  'a later version': hello({ version: PIPE_VERSION + 1 }),
  'a version in words': hello({ version: String(PIPE_VERSION) }),
  'no pid': hello({ pid: undefined }),
  'the pid of another process': hello({ pid: process.pid + 1 }),
  'a beat before its hello': encode({ kind: 'beat', link: 'online', relay: 'wss://relay.example' }),
  'an empty line': '\n',
  'something that is no JSON': 'GET / HTTP/1.1\r\n\r\n',
  'something that is no text': '\xff\xfe\x00\n',
  null: 'null\n',
  'a name of a prototype’s': '{"kind":"constructor"}\n',
  'a line that is too long': 'x'.repeat(MAX_LINE_BYTES + 1),
  'a hello that is too long': hello({ pad: 'x'.repeat(MAX_LINE_BYTES) }),
  'garbage, and the right hello together with it': `garbage\n${HELLO}`,
};
for (const [what, words] of Object.entries(WRONG)) {
  test(`a stranger with ${what} is turned away, and the worker gets in`, bounded, async (t) => {
    const under = await openTestBridge(t);
    const stranger = await connectPeer(t, under.path, words);
    await stranger.closed;
    t.equal(stranger.heard(), '');
    t.equal(under.strangers(), words.length > MAX_LINE_BYTES ? 0 : 1, 'told of where it said a line');
    t.same(under.told, []);
    await admitsTheWorker(t, under);
  });
}

test('a stranger that hangs up without a word leaves the door open', bounded, async (t) => {
  const under = await openTestBridge(t);
  const stranger = await connectPeer(t, under.path, 'half a li');
  stranger.socket.destroy();
  await stranger.closed;
  await admitsTheWorker(t, under);
});

test('a stranger that is silent is turned away after two seconds', bounded, async (t) => {
  const under = await openTestBridge(t);
  const before = performance.now();
  const stranger = await connectPeer(t, under.path);
  await stranger.closed;
  const elapsed = performance.now() - before;
  t.ok(elapsed > TIMING.pipeHello - 100 && elapsed < TIMING.pipeHello + 1_000, `after ${elapsed} ms`);
  await admitsTheWorker(t, under);
});

test('a stranger that drips bytes has no longer than one that is silent', bounded, async (t) => {
  const under = await openTestBridge(t);
  const before = performance.now();
  const stranger = await connectPeer(t, under.path);
  const drip = setInterval(() => stranger.socket.write('x'), TIMING.pipeHello / 4);
  const patience = setTimeout(() => stranger.socket.destroy(), 2 * TIMING.pipeHello);
  await stranger.closed;
  clearInterval(drip);
  clearTimeout(patience);
  const elapsed = performance.now() - before;
  t.ok(elapsed < TIMING.pipeHello + 1_000, `after ${elapsed} ms`);
  await admitsTheWorker(t, under);
});

test(
  'a hello that came while the supervisor stood still counts, however late it is read',
  bounded,
  async (t) => {
    const under = await openTestBridge(t);
    const worker = await connectPeer(t, under.path);
    // The bridge has seen it as soon as it turns away the one who came after it.
    await (
      await connectPeer(t, under.path, '?\n')
    ).closed;
    worker.socket.write(HELLO);
    const end = performance.now() + TIMING.pipeHello + 200;
    while (performance.now() < end);
    await under.until(1);
    t.same(under.told, ['ready']);
  },
);

test('the worker may be silent for longer than a stranger', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  await new Promise((resolve) => setTimeout(resolve, TIMING.pipeHello + 300));
  t.same(under.told, ['ready']);
  t.notOk(worker.socket.destroyed);
});

test(
  'of more than eight strangers the oldest is turned away at once, and the worker gets in',
  bounded,
  async (t) => {
    const under = await openTestBridge(t);
    const connect = (): ReturnType<typeof connectPeer> => connectPeer(t, under.path);
    const strangers = [];
    for (let i = 0; i < MAX_STRANGERS; i += 1) strangers.push(await connect());
    const before = performance.now();
    const ninth = await connect();
    await strangers[0]?.closed;
    t.ok(performance.now() - before < TIMING.pipeHello / 2, 'at once');
    t.notOk(
      [...strangers.slice(1), ninth].some(({ socket }) => socket.destroyed),
      'the others stay',
    );
    await admitsTheWorker(t, under);
    await Promise.all([...strangers, ninth].map(({ closed }) => closed));
  },
);

test('of two with the right token the first is the worker', bounded, async (t) => {
  const under = await openTestBridge(t);
  const first = await connectPeer(t, under.path);
  const second = await connectPeer(t, under.path);
  first.socket.write(HELLO);
  await under.until(1);
  const before = performance.now();
  second.socket.write(HELLO + encode({ kind: 'fault', code: 'false', message: 'false' }));
  await second.closed;
  t.ok(performance.now() - before < TIMING.pipeHello / 2, 'at once');
  under.bridge.askStop('stop');
  await first.hears(encode({ kind: 'stop', reason: 'stop' }));
  t.equal(second.heard(), '');
  t.same(under.told, ['ready']);
});

test('who comes after the worker finds no door', bounded, async (t) => {
  const under = await openTestBridge(t);
  const worker = await connectWorker(t, under);
  await t.rejects(connectPeer(t, under.path, HELLO));
  worker.socket.destroy();
  await under.until(2);
  await t.rejects(connectPeer(t, under.path, HELLO), 'nor after the worker has left');
  t.same(under.told, ['ready', 'lost']);
  if (process.platform !== 'win32') t.ok(await folderGoes(under));
});
