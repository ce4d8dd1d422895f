import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { ofKind } from '@guruconnect/relay';
import { createLog } from '@guruconnect/shared/log';
import { credentialPath } from '@guruconnect/shared/data-folder';
import { test } from 'tap';
import { CA } from '../../helpers/certificates.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { SOON, TOKEN } from '../../relay/agent.ts';
import { launch, start } from '../agents.ts';
import { createInbox } from '../inbox.ts';
import { isOnline, isWaiting, secured, withCredential } from './way.ts';
import { readCredential } from '../../store/stored.ts';

const PASSWORD = 'hunter2 of/the@proxy';
const USER = `agent:${PASSWORD}`;
const WRITTEN = `agent:${encodeURIComponent(PASSWORD)}`;

for (const [situation, user, written] of [
  ['a proxy', undefined, ''],
  ['a proxy that asks for user and password', USER, `${WRITTEN}@`],
] as const) {
  test(`through ${situation} an agent enrols and is online, and the relay sees nobody else`, async (t) => {
    const { relay, front } = await secured(t);
    const proxy = await startProxy(t, user === undefined ? {} : { user });
    const agent = { relay: front.urlByName, token: TOKEN, ca: CA };
    launch(t, { ...agent, proxy: `http://${written}${proxy.address}/` });
    await relay.waitFor(ofKind('session-online'), SOON);
    t.same(proxy.asked, [`localhost:${front.port}`, `localhost:${front.port}`]);
    t.same(front.peers, proxy.ports);
  });
}

test('through a proxy that is itself reached by TLS an agent is online, and its certificate counts', async (t) => {
  const { relay, front } = await secured(t);
  const agent = { relay: front.url, token: TOKEN, ca: CA };
  const wrong = await startProxy(t, { identity: 'elsewhere' });
  const { beats, stop } = launch(t, { ...agent, proxy: `https://${wrong.address}/`, random: () => 1 });
  t.match((await beats.next(isWaiting)).trouble, /^the proxy cannot be used: .*altnames/);
  await stop();
  t.same([wrong.asked, front.peers], [[], []]);
  const right = await startProxy(t, { identity: 'loopback' });
  launch(t, { ...agent, proxy: `https://${right.address}/` });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.same(front.peers, right.ports);
});

test('TLS does not depend on what a stack looks like', async (t) => {
  const { stackTraceLimit } = Error;
  t.teardown(() => {
    Error.stackTraceLimit = stackTraceLimit;
  });
  const { relay, front } = await secured(t);
  const proxy = await startProxy(t);
  Error.stackTraceLimit = 0;
  launch(t, { relay: front.url, token: TOKEN, ca: CA, proxy: `http://${proxy.address}/` });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.same(front.peers, proxy.ports);
});

test('a ws:// relay is reached through a proxy by CONNECT as well', async (t) => {
  const relay = await start(t);
  const proxy = await startProxy(t);
  launch(t, { relay: relay.url, token: TOKEN, proxy: `http://${proxy.address}/` });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.same(proxy.asked, [`127.0.0.1:${relay.port}`, `127.0.0.1:${relay.port}`]);
});

for (const [situation, name, written, trouble] of [
  ['of another host', 'elsewhere', 'urlByName', /does not match certificate's altnames/],
  ['of the proxy itself, for a relay by address', 'localhost', 'url', /IP: 127\.0\.0\.1 is not in the cert/],
] as const) {
  test(`a certificate ${situation} is refused through a proxy as well`, async (t) => {
    const { relay, front } = await secured(t, name);
    const { port } = await startProxy(t);
    const agent = { relay: front[written], token: TOKEN, ca: CA, random: () => 1 };
    const { beats } = launch(t, { ...agent, proxy: `http://localhost:${port}/` });
    t.match((await beats.next(isWaiting)).trouble, trouble);
    t.same(relay.events, []);
  });
}

test('without the authority a relay is refused through a proxy as well', async (t) => {
  const { relay, front } = await secured(t);
  const proxy = await startProxy(t);
  const agent = { relay: front.url, token: TOKEN, random: () => 1 };
  const { beats } = launch(t, { ...agent, proxy: `http://${proxy.address}/` });
  t.match((await beats.next(isWaiting)).trouble, /^unable to verify .*\(--ca\)$/);
  t.same(relay.events, []);
});

const say = (text: string) => (socket: Duplex) => void socket.end(text);
const troubles: Record<string, [instead: (socket: Duplex) => void, trouble: RegExp]> = {
  'asks for a password': [
    say('HTTP/1.1 407 Authenticate\r\nProxy-Authenticate: Basic\r\n\r\n'),
    /^the proxy refused the connection with status 407: are its user and password right\?$/,
  ],
  'answers 401, as a relay does to a credential': [
    say('HTTP/1.1 401 Unauthorized\r\nContent-Length: 0\r\n\r\n'),
    /^the proxy refused the connection with status 401$/,
  ],
  'answers 403': [
    say('HTTP/1.1 403 Forbidden\r\n\r\n'),
    /^the proxy refused the connection with status 403$/,
  ],
  'does not reach the relay': [
    say('HTTP/1.1 502 Bad Gateway\r\n\r\n'),
    /^the proxy refused the connection with status 502$/,
  ],
  'answers 201 with a body, as a relay does to an enrolment': [
    say('HTTP/1.1 201 Created\r\nContent-Length: 2\r\n\r\n{}'),
    /^the proxy gave no valid answer$/,
  ],
  'says what is not HTTP, and quotes the password': [
    say(`${PASSWORD}\r\n${PASSWORD}\u001b[2J\r\n\r\n`),
    /^the proxy gave no valid answer$/,
  ],
  'says a word of greeting': [say('220 ready\r\n\r\n'), /^the proxy gave no valid answer$/],
  'closes the connection': [(socket) => void socket.end(), /^the proxy gave no valid answer$/],
  'resets the connection': [
    (socket) => {
      if (socket instanceof Socket) socket.resetAndDestroy();
    },
    /^the proxy cannot be used: .*ECONNRESET/,
  ],
};
for (const [situation, [instead, trouble]] of Object.entries(troubles)) {
  test(`a proxy that ${situation} is trouble in words, nothing goes past it, and both are tried again`, async (t) => {
    const place = await secured(t);
    const { front, relay } = place;
    const { dataDir, credential } = await withCredential(t, place);
    const broken = await startProxy(t, { instead });
    const proxy = `http://${WRITTEN}@${broken.address}/`;
    const agents = [
      launch(t, { relay: front.url, token: TOKEN, ca: CA, proxy }),
      launch(t, { relay: front.url, token: TOKEN, ca: CA, proxy, dataDir }),
    ];
    for (const { beats } of agents) {
      const { trouble: why } = await beats.next(isWaiting);
      t.match(why, trouble);
      await beats.next(isWaiting, beats.items.findIndex(isWaiting) + 1);
      t.notMatch(JSON.stringify(beats.items), /hunter2/);
    }
    t.equal((await readCredential(dataDir))?.credential, credential, 'it counts still');
    t.notOk(agents[1]?.beats.items.some(({ link }) => link === 'enrolling'));
    t.same([front.peers, relay.events], [[], []]);
    await broken.close();
    await startProxy(t, { port: broken.port, user: USER });
    for (const { beats } of agents) await beats.next(isOnline);
  });
}

for (const host of ['127.0.0.1', 'localhost']) {
  test(`a proxy at ${host} that is down is trouble in words and never gone past; when it is up it is used`, async (t) => {
    const { front, relay } = await secured(t);
    const gone = await startProxy(t);
    await gone.close();
    const agent = { relay: front.url, token: TOKEN, ca: CA };
    const { beats } = launch(t, { ...agent, proxy: `http://${host}:${gone.port}/` });
    t.match((await beats.next(isWaiting)).trouble, /^the proxy cannot be used: .*ECONNREFUSED/);
    t.same(front.peers, []);
    const proxy = await startProxy(t, { port: gone.port });
    await relay.waitFor(ofKind('session-online'), SOON);
    t.same(front.peers, proxy.ports);
  });
}

test('the password of the proxy is in no beat, no line of the log and no file', async (t) => {
  const { front, relay } = await secured(t);
  const proxy = await startProxy(t, { user: 'somebody:else' });
  const lines = createInbox<string>();
  const log = createLog('worker', 'trace', { write: lines.put });
  const address = `http://${WRITTEN}@${proxy.address}/`;
  const agent = { relay: front.url, token: TOKEN, ca: CA, log };
  const { beats, dataDir } = launch(t, { ...agent, proxy: address });
  await beats.next(isWaiting);
  await proxy.close();
  await beats.next(({ trouble }) => /ECONNREFUSED/.test(trouble ?? ''));
  await startProxy(t, { port: proxy.port, user: USER });
  await relay.waitFor(ofKind('session-online'), SOON);
  log.info({ proxy: address, config: { proxy: address } }, 'whoever logs it');
  const told = JSON.stringify([
    lines.items,
    beats.items,
    await readCredential(dataDir),
    credentialPath(dataDir),
  ]);
  t.match(told, /status 407.*ECONNREFUSED.*enrolled.*whoever/s);
  for (const secret of ['hunter2', Buffer.from(USER).toString('base64')]) t.notOk(told.includes(secret));
});
