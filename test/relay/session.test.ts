import { once } from 'node:events';
import { connect as dial } from 'node:net';
import { ofKind, startRelay, type RelayOptions } from '@guruconnect/relay';
import { MAX_MESSAGE_BYTES, SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import t, { type Test } from 'tap';
import { connect, enrolled, FACTS, HELLO, online, origin, refusedUpgrade, SOON, TOKEN } from './agent.ts';

const start = async (t: Test, options: Partial<RelayOptions> = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], ...options });
  t.teardown(relay.close);
  return relay;
};

t.test('an agent says hello and is welcome', async (t) => {
  const relay = await start(t, { heartbeatMs: 30_000 });
  const { agentId, credential } = await enrolled(relay);
  const agent = await connect(relay, credential);
  t.equal(agent.socket.protocol, SUBPROTOCOLS[0]);
  t.equal(agent.socket.extensions, '');
  agent.send(HELLO);
  const welcome = await agent.next();
  t.match(welcome, { kind: 'welcome', heartbeatMs: 30_000, sessionId: String });
  const online = await relay.waitFor(ofKind('session-online'), SOON);
  t.same(online, { kind: 'session-online', sessionId: welcome['sessionId'], agentId, ...FACTS });
  t.match(relay.sessions(), [{ agentId, online: true, hello: FACTS }]);
});

const wrong: Record<string, [Record<string, string | undefined>, number, string]> = {
  'no credential': [{}, 401, 'unauthorized'],
  'a credential of nobody': [{ authorization: `Bearer cak_${'a'.repeat(43)}` }, 401, 'unauthorized'],
  'an enrolment token': [{ authorization: `Bearer ${TOKEN}` }, 401, 'unauthorized'],
};
for (const [situation, [headers, status, error]] of Object.entries(wrong)) {
  t.test(`an upgrade with ${situation} is refused`, async (t) => {
    const relay = await start(t);
    await enrolled(relay);
    const answer = await refusedUpgrade(relay, headers);
    t.equal(answer.status, status);
    t.same(JSON.parse(answer.body), { error });
    t.match(answer.headers['www-authenticate'], /^Bearer /);
    t.same(relay.events.at(-1), { kind: 'session-refused', status });
  });
}

const malformed: Record<string, [Record<string, string | undefined>, number]> = {
  'no sub-protocol': [{ 'sec-websocket-protocol': undefined }, 400],
  'another sub-protocol': [{ 'sec-websocket-protocol': `${SUBPROTOCOLS[0]}.5` }, 400],
  'a sub-protocol named twice': [{ 'sec-websocket-protocol': `${SUBPROTOCOLS[0]}, ${SUBPROTOCOLS[0]}` }, 400],
  'no key': [{ 'sec-websocket-key': undefined }, 400],
  'another WebSocket version': [{ 'sec-websocket-version': '8' }, 426],
};
for (const [situation, [headers, status]] of Object.entries(malformed)) {
  t.test(`an upgrade with ${situation} is refused`, async (t) => {
    const relay = await start(t);
    const { credential } = await enrolled(relay);
    const answer = await refusedUpgrade(relay, { authorization: `Bearer ${credential}`, ...headers });
    t.equal(answer.status, status);
    if (status === 426) t.equal(answer.headers['sec-websocket-version'], '13');
    t.same(relay.events.at(-1), { kind: 'session-refused', status });
  });
}

t.test('the session endpoint without an upgrade asks for one', async (t) => {
  const relay = await start(t);
  const answer = await fetch(origin(relay) + SESSION_PATH);
  t.equal(answer.status, 426);
  t.equal(answer.headers.get('upgrade'), 'websocket');
  const posted = await fetch(origin(relay) + SESSION_PATH, { method: 'POST' });
  t.equal(posted.status, 405);
  t.equal(posted.headers.get('allow'), 'GET');
});

t.test('an upgrade elsewhere finds nothing', async (t) => {
  const relay = await start(t);
  const { credential } = await enrolled(relay);
  const answer = await refusedUpgrade(
    relay,
    { authorization: `Bearer ${credential}` },
    { path: '/v2/agent' },
  );
  t.equal(answer.status, 404);
});

const protocolErrors: Record<string, readonly unknown[]> = {
  'a heartbeat before hello': [{ kind: 'heartbeat', seq: 1 }],
  'a status before hello': [{ kind: 'status', id: 1, uptimeMs: 1, reconnects: 0 }],
  'a second hello': [HELLO, HELLO],
};
for (const [situation, messages] of Object.entries(protocolErrors)) {
  t.test(`${situation} is a protocol error`, async (t) => {
    const relay = await start(t);
    const agent = await connect(relay, (await enrolled(relay)).credential);
    for (const message of messages) agent.send(message);
    t.same(await agent.closed, { code: 1002, reason: 'protocol error' });
    t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1002, wasClean: true });
  });
}

t.test('an agent that never says hello is closed', async (t) => {
  const relay = await start(t, { helloMs: 50 });
  const agent = await connect(relay, (await enrolled(relay)).credential);
  // A kind of a later version does not stand in for hello.
  agent.send({ kind: 'greetings' });
  t.match(await agent.closed, { code: 1002 });
});

const badMessages = [
  '{',
  'null',
  '[]',
  '{}',
  '{"kind":1}',
  '{"kind":"heartbeat"}',
  '{"kind":"heartbeat","seq":-1}',
];
for (const text of badMessages) {
  t.test(`the message ${text} is malformed`, async (t) => {
    const relay = await start(t);
    const agent = await online(relay);
    agent.send(text);
    t.same(await agent.closed, { code: 1007, reason: 'bad message' });
    t.ok(relay.events.some(ofKind('message-malformed')));
  });
}

t.test('a malformed hello is not answered', async (t) => {
  const relay = await start(t);
  const agent = await connect(relay, (await enrolled(relay)).credential);
  agent.send({ ...HELLO, machineId: 'me' });
  t.match(await agent.closed, { code: 1007 });
  t.notOk(relay.events.some(ofKind('session-online')));
});

t.test('a binary frame is refused', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  agent.socket.send(Buffer.from(JSON.stringify({ kind: 'heartbeat', seq: 1 })));
  t.match(await agent.closed, { code: 1003 });
  t.match(await relay.waitFor(ofKind('message-malformed'), SOON), { why: 'binary frame' });
});

t.test('the longest message is taken, one byte more closes with 1009', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  agent.send(JSON.stringify({ kind: 'heartbeat', seq: 1 }).padEnd(MAX_MESSAGE_BYTES));
  t.same(await agent.next(), { kind: 'heartbeat-ack', seq: 1 });
  agent.send(JSON.stringify({ kind: 'heartbeat', seq: 2 }).padEnd(MAX_MESSAGE_BYTES + 1));
  t.match(await agent.closed, { code: 1009 });
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1009 });
  t.ok(relay.events.some(ofKind('message-malformed')));
});

t.test('a message of an unknown kind is counted, and the session goes on', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  agent.send({ kind: 'teleport', to: 'the moon' });
  agent.send({ kind: 'heartbeat', seq: 7 });
  t.same(await agent.next(), { kind: 'heartbeat-ack', seq: 7 });
  t.match(relay.sessions(), [{ unknown: 1, heartbeats: 1 }]);
  t.ok(relay.events.some((event) => event.kind === 'message' && event.message.kind === 'unknown'));
});

t.test('a port in use rejects', async (t) => {
  const relay = await start(t);
  await t.rejects(startRelay({ port: relay.port, enrollTokens: [] }), { code: 'EADDRINUSE' });
});

t.test('a heartbeat interval that welcome could not carry rejects', async (t) => {
  for (const heartbeatMs of [999, 30_001, 1000.5, NaN]) {
    await t.rejects(startRelay({ port: 0, enrollTokens: [], heartbeatMs }), RangeError);
  }
});

t.test('a request cut off in mid-body leaves the relay well', async (t) => {
  const relay = await start(t);
  const socket = dial(relay.port, '127.0.0.1');
  const head = `POST /v1/enroll HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: 100\r\n\r\n{"machineId"`);
  await once(socket, 'connect');
  socket.destroy();
  t.match(await enrolled(relay), { agentId: String });
});
