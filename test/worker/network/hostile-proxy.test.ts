/** Proxies that mean no good. Whatever they say, it costs little, is trouble in words, and is not taken for the relay's. */
import { Socket, createServer } from 'node:net';
import type { Duplex } from 'node:stream';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { CA } from '../../helpers/certificates.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { listen } from '../../helpers/sockets.ts';
import { TOKEN } from '../../relay/agent.ts';
import { launch, start } from '../agents.ts';
import { isWaiting, secured, until } from './way.ts';

const NO_ANSWER = /^the proxy gave no valid answer$/;
const OK = 'HTTP/1.1 200 Connection established\r\n';

/** What it says behind its header is for TLS to judge, unless it came together with that. */
const NO_TLS = /^(the proxy gave no valid answer|TLS failed: wrong version number)$/;

/** What the buffers of both sides of a loopback connection may hold, and far less than the flood has. */
const BUFFERS = 24 * 1024 * 1024;
const FLOOD = 256 * 1024 * 1024;

/** Says `first`, and then `again` as long as somebody takes it. @returns how many bytes have been taken so far */
const flood = (socket: Duplex, first: string, again: string) => {
  const chunk = Buffer.from(again.repeat(Math.ceil(65_536 / again.length)));
  const taken = { bytes: 0 };
  socket.write(first);
  const more = (): void => {
    while (!socket.destroyed && taken.bytes < FLOOD) {
      const goesOn = socket.write(chunk);
      taken.bytes += chunk.length;
      if (!goesOn) return;
    }
  };
  socket.on('drain', more);
  more();
  return taken;
};

const FLOODS: Record<string, [first: string, again: string, trouble: RegExp]> = {
  'a header that never ends': [OK, 'X-Filler: xxxxxxxxxxxxxxxx\r\n', NO_ANSWER],
  'one line of a header that never ends': [`${OK}X-Filler: `, 'x', NO_ANSWER],
  'a status that never ends': ['HTTP/1.1 200 ', 'x', NO_ANSWER],
  'empty lines without an end': ['', '\r\n', NO_ANSWER],
  'noise without an end': ['', '\u0000\u0007\u001b', NO_ANSWER],
  'a password that is wrong, and a page about it without an end': [
    'HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 99999999999\r\n\r\n',
    'x',
    /^the proxy refused the connection with status 407: are its user and password right\?$/,
  ],
  'yes, and a body without an end': [`${OK}Content-Length: 99999999999\r\n\r\n`, 'x', NO_TLS],
};
for (const [situation, [first, again, trouble]] of Object.entries(FLOODS)) {
  for (const identity of [undefined, 'loopback'] as const) {
    const scheme = identity === undefined ? 'http' : 'https';
    test(`an ${scheme} proxy that answers ${situation} is left at once`, async (t) => {
      const { relay, front } = await secured(t);
      const floods: { readonly bytes: number }[] = [];
      const proxy = await startProxy(t, {
        ...(identity !== undefined && { identity }),
        instead: (socket) => void floods.push(flood(socket, first, again)),
      });
      const agent = { relay: front.url, token: TOKEN, ca: CA, random: () => 1 };
      const { beats } = launch(t, { ...agent, proxy: `${scheme}://${proxy.address}/` });
      t.match((await beats.next(isWaiting)).trouble, trouble);
      await until(() => proxy.open.size === 0);
      t.equal(proxy.open.size, 0);
      t.equal(floods.length, 1);
      const taken = floods[0]?.bytes ?? FLOOD;
      t.ok(taken < BUFFERS, `took ${taken} bytes`);
      t.same([front.peers, relay.events], [[], []]);
    });
  }
}

const say = (text: string) => (socket: Duplex) => void socket.write(text);
const WORDS: Record<string, [instead: (socket: Duplex) => void, trouble: RegExp]> = {
  'sends to another place': [
    say('HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1/\r\n\r\n'),
    /^the proxy refused the connection with status 302$/,
  ],
  'says yes, and the first word of the relay as well': [say(`${OK}\r\nHTTP/1.1 101 OK\r\n\r\n`), NO_ANSWER],
  'wants to go on': [
    say('HTTP/1.1 100 Continue\r\n\r\n'),
    /^the proxy refused the connection with status 100$/,
  ],
  'switches protocols': [
    say('HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: upgrade\r\n\r\n'),
    /^the proxy refused the connection with status 101$/,
  ],
  'answers in HTTP/2': [say('\u0000\u0000\u0012\u0004\u0000'), NO_ANSWER],
  'answers with a status of four digits': [say('HTTP/1.1 2000 OK\r\n\r\n'), NO_ANSWER],
};
for (const [situation, [instead, trouble]] of Object.entries(WORDS)) {
  test(`a proxy that ${situation} is not believed`, async (t) => {
    const { relay, front } = await secured(t);
    const proxy = await startProxy(t, { instead });
    const agent = { relay: front.url, token: TOKEN, ca: CA, random: () => 1 };
    const { beats } = launch(t, { ...agent, proxy: `http://${proxy.address}/` });
    t.match((await beats.next(isWaiting)).trouble, trouble);
    await until(() => proxy.open.size === 0);
    t.same([proxy.open.size, front.peers, relay.events], [0, [], []]);
  });
}

for (const [how, identity, instead] of [
  ['closes', undefined, (socket: Duplex) => void socket.end(`${OK}\r\n`)],
  ['closes', 'loopback', (socket: Duplex) => void socket.end(`${OK}\r\n`)],
  [
    'resets',
    undefined,
    (socket: Duplex) => {
      socket.write(`${OK}\r\n`, () => {
        if (socket instanceof Socket) socket.resetAndDestroy();
      });
    },
  ],
] as const) {
  const scheme = identity === undefined ? 'http' : 'https';
  test(`an ${scheme} proxy that says yes and ${how} the connection is trouble in words, try after try`, async (t) => {
    const { relay, front } = await secured(t);
    const proxy = await startProxy(t, { instead, ...(identity !== undefined && { identity }) });
    const agent = { relay: front.url, token: TOKEN, ca: CA, proxy: `${scheme}://${proxy.address}/` };
    const { beats } = launch(t, agent);
    await until(() => proxy.asked.length >= 20);
    t.ok(proxy.asked.length >= 20);
    for (const { trouble } of beats.items.filter(isWaiting))
      t.match(trouble, /disconnected|ECONNRESET|EPIPE/);
    t.same([front.peers, relay.events], [[], []]);
  });
}

test('what comes right behind the yes of a proxy is the word of a ws:// relay', async (t) => {
  const relay = await start(t);
  const answer = 'HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n';
  const proxy = await startProxy(t, { instead: (socket) => void socket.write(`${OK}\r\n${answer}`) });
  const agent = { relay: relay.url, token: TOKEN, random: () => 1 };
  const { beats } = launch(t, { ...agent, proxy: `http://${proxy.address}/` });
  t.equal(
    (await beats.next(isWaiting)).trouble,
    'the relay refused the enrolment with status 401: is the token right?',
  );
});

test('a proxy that drips its answer byte by byte has the time of the connection, and no more', async (t) => {
  const { front } = await secured(t);
  const clock = createFakeClock();
  const dripped = { bytes: 0 };
  const proxy = await startProxy(t, {
    instead: (socket) => {
      const timer = setInterval(() => {
        socket.write((OK + 'X: y\r\n'.repeat(999))[dripped.bytes++] ?? 'x');
      }, 1);
      socket.on('close', () => clearInterval(timer));
    },
  });
  const agent = { relay: front.url, token: TOKEN, ca: CA, clock, random: () => 1 };
  const { beats } = launch(t, { ...agent, proxy: `http://${proxy.address}/` });
  await until(() => dripped.bytes > 20);
  clock.advance(TIMING.enroll);
  t.equal(
    (await beats.next(isWaiting)).trouble,
    `the proxy gave no answer to the enrolment within ${TIMING.enroll} ms`,
  );
  await until(() => proxy.open.size === 0);
  t.equal(proxy.open.size, 0);
});

test('a proxy that answers before it is asked, and plays the relay then, learns nothing', async (t) => {
  const heard: Buffer[] = [];
  const server = createServer((socket: Socket) => {
    socket.on('data', (chunk: Buffer) => heard.push(chunk));
    socket.write(`${OK}\r\n`);
    setTimeout(() => socket.end('HTTP/1.1 401 Unauthorized\r\n\r\n'), 50);
  });
  const { port } = await listen(t, server);
  const agent = { relay: 'wss://relay.example', token: TOKEN, ca: CA, random: () => 1 };
  const { beats } = launch(t, { ...agent, proxy: `http://u:p@127.0.0.1:${port}/` });
  t.match((await beats.next(isWaiting)).trouble, NO_TLS);
  const told = Buffer.concat(heard).toString('latin1');
  t.match(told, /^CONNECT relay\.example:443 HTTP\/1\.1\r\nHost: relay\.example:443\r\n/);
  t.notMatch(told, TOKEN);
});
