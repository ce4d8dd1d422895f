import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ofKind } from '@guruconnect/relay';
import { CLOSE, MAX_MESSAGE_BYTES, SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { FACTS, SOON } from '../relay/agent.ts';
import { CREDENTIAL, WELCOME, isEnd, kindIs, open, rawRelay, relayWithMachine } from './session.ts';

test('a session says hello, is opened by the welcome, and its first heartbeat makes a round trip', async (t) => {
  const { relay, credential } = await relayWithMachine(t);
  const { inbox } = open(t, relay.url, credential);
  t.match(await inbox.next(kindIs('round-trip')), { ms: Number });
  t.same(
    inbox.items.map(({ kind }) => kind),
    ['opened', 'round-trip'],
  );
  t.match(relay.sessions(), [{ online: true, hello: FACTS, heartbeats: 1 }]);
});

test('the upgrade is the one of the protocol: bearer, sub-protocol, no extension, nothing in the URL', async (t) => {
  const relay = await rawRelay(t);
  open(t, relay.url, CREDENTIAL);
  const { request, messages } = await relay.link();
  t.equal(request.url, SESSION_PATH);
  t.match(request.headers, {
    authorization: `Bearer ${CREDENTIAL}`,
    'sec-websocket-protocol': SUBPROTOCOLS.join(', '),
  });
  t.equal(request.headers['sec-websocket-extensions'], undefined);
  t.strictSame(messages.items, [{ kind: 'hello', ...FACTS }]);
});

test('a session is not opened before the welcome', async (t) => {
  const { relay, credential } = await relayWithMachine(t, { faults: { stall: ['welcome'] } });
  const { inbox } = open(t, relay.url, credential);
  await relay.waitFor(ofKind('stalled'), SOON);
  relay.drop(CLOSE.tryLater);
  await inbox.next(isEnd);
  t.same(inbox.items, [{ kind: 'closed', why: '1013 try again later', loss: { kind: 'relay' } }]);
});

for (const status of [401, 403]) {
  test(`an upgrade refused with ${status} is a rejection, and nothing follows`, async (t) => {
    const { relay, credential } = await relayWithMachine(t, { faults: { refuseSession: { status } } });
    const { inbox, session } = open(t, relay.url, credential);
    await inbox.next(isEnd);
    session.drop();
    t.same(inbox.items, [{ kind: 'rejected', status }]);
  });
}

test('a credential that the relay does not know is a rejection', async (t) => {
  const { relay } = await relayWithMachine(t);
  const { inbox } = open(t, relay.url, CREDENTIAL);
  t.same(await inbox.next(isEnd), { kind: 'rejected', status: 401 });
});

for (const status of [200, 404, 429, 503]) {
  test(`an upgrade answered with ${status} is closed: the credential may be good`, async (t) => {
    const { relay, credential } = await relayWithMachine(t, { faults: { refuseSession: { status } } });
    const { inbox } = open(t, relay.url, credential);
    t.match(await inbox.next(isEnd), { kind: 'closed', why: `the relay answered with status ${status}` });
  });
}

test('a redirection is not followed: the credential goes nowhere else', async (t) => {
  const { relay, credential } = await relayWithMachine(t);
  const location = relay.url + SESSION_PATH;
  const server = createServer().listen(0, '127.0.0.1');
  server.on('upgrade', (_request, socket) => {
    socket.end(`HTTP/1.1 307 Temporary Redirect\r\nLocation: ${location}\r\nContent-Length: 0\r\n\r\n`);
  });
  await once(server, 'listening');
  t.teardown(() => server.close());
  const { inbox } = open(t, `ws://127.0.0.1:${(server.address() as AddressInfo).port}`, credential);
  t.same(await inbox.next(isEnd), {
    kind: 'closed',
    why: 'the relay answered with status 307',
    loss: { kind: 'session' },
  });
  t.same(relay.events, []);
});

test('nobody listening is closed, and says so', async (t) => {
  const { relay, credential } = await relayWithMachine(t);
  await relay.close();
  const { inbox } = open(t, relay.url, credential);
  t.match(await inbox.next(isEnd), { kind: 'closed', why: /ECONNREFUSED/ });
});

test('a relay that speaks another sub-protocol is closed', async (t) => {
  const relay = await rawRelay(t, false);
  const { inbox } = open(t, relay.url, CREDENTIAL);
  t.match(await inbox.next(isEnd), { kind: 'closed', why: /subprotocol/i });
});

test('a message of the longest length and one of an unknown kind are taken in stride', async (t) => {
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL);
  const link = await relay.link();
  link.say({ kind: 'news' }, Uint8Array.of(0xff), JSON.stringify(WELCOME).padEnd(MAX_MESSAGE_BYTES));
  await inbox.next(kindIs('opened'));
  t.equal(inbox.items.length, 1);
});

test('a second welcome does not open the session again', async (t) => {
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL);
  const link = await relay.link();
  link.say(WELCOME, WELCOME, { kind: 'status-request', id: 1 });
  await link.messages.next(kindIs('status'));
  t.same(inbox.items, [{ kind: 'opened', windowMs: 0 }]);
  t.same(
    link.messages.items.map((message) => message['kind']),
    ['hello', 'heartbeat', 'status'],
  );
});

test('a heartbeat follows the acknowledgement of the last one by the interval of the welcome', async (t) => {
  const clock = createFakeClock();
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL, clock);
  const link = await relay.link();
  const beat = (seq: number) => link.messages.next((message) => message['seq'] === seq);
  link.say(WELCOME);
  await beat(1);
  clock.advance(250);
  link.say({ kind: 'heartbeat-ack', seq: 1 });
  t.same(await inbox.next(kindIs('round-trip')), { kind: 'round-trip', ms: 250 });
  t.same(clock.pending(), [WELCOME.heartbeatMs]);
  clock.advance(WELCOME.heartbeatMs);
  t.same(await beat(2), { kind: 'heartbeat', seq: 2 });
});

test('without an acknowledgement in its time the heartbeat is lost, and the socket is let go of', async (t) => {
  const clock = createFakeClock();
  const { relay, credential } = await relayWithMachine(t, { faults: { stall: ['ack'] } });
  const { inbox } = open(t, relay.url, credential, clock);
  await relay.waitFor(ofKind('stalled'), SOON);
  clock.advance(TIMING.heartbeatAck - 1);
  t.match(inbox.items, [{ kind: 'opened' }]);
  clock.advance(1);
  t.same(await inbox.next(isEnd), {
    kind: 'closed',
    why: 'heartbeat lost',
    loss: { kind: 'network' },
  });
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1006 });
  t.same(clock.pending(), []);
});

test('an acknowledgement of another heartbeat proves nothing', async (t) => {
  const clock = createFakeClock();
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL, clock);
  const link = await relay.link();
  link.say(WELCOME, { kind: 'heartbeat-ack', seq: 0 }, { kind: 'heartbeat-ack', seq: 2 });
  link.say({ kind: 'status-request', id: 1 });
  await link.messages.next((message) => message['kind'] === 'status');
  clock.advance(TIMING.heartbeatAck);
  await inbox.next(isEnd);
  t.match(inbox.items, [{ kind: 'opened' }, { kind: 'closed', why: 'heartbeat lost' }]);
});

test('a status request is answered', async (t) => {
  const { relay, credential } = await relayWithMachine(t);
  open(t, relay.url, credential);
  const { sessionId } = await relay.waitFor(ofKind('session-online'), SOON);
  const status = await relay.requestStatus(sessionId, SOON);
  t.match(status, { kind: 'status', uptimeMs: 5125, reconnects: 3, roundTripMs: 0.5 });
});
