import { once } from 'node:events';
import { ofKind, startRelay, type Faults } from '@guruconnect/relay';
import t, { type Test } from 'tap';
import { connect, enrolled, HELLO, online, postEnroll, refusedUpgrade, SOON, TOKEN } from './agent.ts';

const start = async (t: Test, faults: Faults = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], closeMs: 200, faults });
  t.teardown(relay.close);
  return relay;
};

t.test('enrolment is refused as asked, until healed', async (t) => {
  const relay = await start(t, { refuseEnroll: { status: 503, retryAfter: '7' } });
  const answer = await postEnroll(relay);
  t.equal(answer.status, 503);
  t.equal(answer.headers.get('retry-after'), '7');
  t.same(relay.events, [{ kind: 'enroll-refused', status: 503 }]);
  relay.inject({});
  t.equal((await postEnroll(relay)).status, 201);
});

t.test('enrolment is answered with rubbish', async (t) => {
  const relay = await start(t, { refuseEnroll: { status: 201, body: '{"credential":"mine"}' } });
  const answer = await postEnroll(relay);
  t.equal(answer.status, 201);
  t.same(await answer.json(), { credential: 'mine' });
  t.same(relay.events, []);
});

t.test('a session is refused as asked, whatever its credential', async (t) => {
  const relay = await start(t, {
    refuseSession: { status: 429, retryAfter: 'Fri, 31 Dec 1999 23:59:59 GMT' },
  });
  const { credential } = await enrolled(relay);
  const answer = await refusedUpgrade(relay, { authorization: `Bearer ${credential}` });
  t.equal(answer.status, 429);
  t.equal(answer.headers['retry-after'], 'Fri, 31 Dec 1999 23:59:59 GMT');
  t.same(relay.events.at(-1), { kind: 'session-refused', status: 429 });
});

t.test('a stalled enrolment is never answered', async (t) => {
  const relay = await start(t, { stall: ['enroll'] });
  const given = new AbortController();
  const answer = postEnroll(relay, { signal: given.signal });
  t.match(await relay.waitFor(ofKind('stalled'), SOON), { point: 'enroll' });
  given.abort();
  await t.rejects(answer, { name: 'AbortError' });
});

t.test('a stalled upgrade is never answered, and does not hold a closing relay', async (t) => {
  const relay = await start(t);
  const { credential } = await enrolled(relay);
  relay.inject({ stall: ['upgrade'] });
  const agent = connect(relay, credential);
  const rejected = t.rejects(agent, /socket hang up|ECONNRESET/);
  t.match(await relay.waitFor(ofKind('stalled'), SOON), { point: 'upgrade' });
  await relay.close();
  await rejected;
});

t.test('a stalled welcome never comes, nor does the session go online', async (t) => {
  const relay = await start(t, { stall: ['welcome'] });
  const agent = await connect(relay, (await enrolled(relay)).credential);
  agent.send(HELLO);
  t.match(await relay.waitFor(ofKind('stalled'), SOON), { point: 'welcome' });
  t.match(relay.sessions(), [{ online: false }]);
  // What the relay sends next is the first thing that arrives.
  relay.sendRaw(relay.sessions()[0]?.sessionId ?? '', '{"kind":"first"}');
  t.same(await agent.next(), { kind: 'first' });
  t.notOk(relay.events.some(ofKind('session-online')));
});

t.test('a stalled ack never comes', async (t) => {
  const relay = await start(t, { stall: ['ack'] });
  const agent = await online(relay);
  agent.send({ kind: 'heartbeat', seq: 1 });
  t.match(await relay.waitFor(ofKind('stalled'), SOON), { point: 'ack' });
  relay.inject({});
  agent.send({ kind: 'heartbeat', seq: 2 });
  t.same(await agent.next(), { kind: 'heartbeat-ack', seq: 2 });
});

for (const [situation, code] of [
  ['with a code', 1001],
  ['with no code', undefined],
] as const) {
  t.test(`a close ${situation} is ignored, and seen to end with TCP`, async (t) => {
    const relay = await start(t, { stall: ['close'] });
    const agent = await online(relay);
    agent.socket.close(code);
    t.match(await relay.waitFor(ofKind('stalled'), SOON), { point: 'close' });
    t.equal(agent.socket.readyState, agent.socket.CLOSING);
    t.notOk(relay.events.some(ofKind('session-closed')));
    agent.socket.terminate();
    const ended = await relay.waitFor(ofKind('session-closed'), SOON);
    t.match(ended, { code: code ?? 1005, wasClean: false });
  });
}

t.test('a relay that ignores a close still closes itself', async (t) => {
  const relay = await start(t, { stall: ['close'] });
  const agent = await online(relay);
  agent.socket.close(1001);
  await relay.waitFor(ofKind('stalled'), SOON);
  await relay.close();
  t.same(relay.sessions(), []);
  await agent.closed;
});

t.test('every session is dropped with a code', async (t) => {
  const relay = await start(t);
  const agents = [await online(relay), await online(relay, '2f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10')];
  relay.drop({ code: 1013, reason: 'try again later' });
  for (const agent of agents) t.same(await agent.closed, { code: 1013, reason: 'try again later' });
});

t.test('every session is reset', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  relay.drop('reset');
  t.match(await agent.closed, { code: 1006 });
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1006, wasClean: false });
  await agent.wasReset;
});

t.test('every session ends with no close frame', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  relay.drop('fin');
  t.match(await agent.closed, { code: 1006 });
});

t.test('a revoked agent is closed, and refused from then on', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  t.equal(relay.revoke(agent.agentId), true);
  t.same(await agent.closed, { code: 4003, reason: 'credential revoked' });
  const answer = await refusedUpgrade(relay, { authorization: `Bearer ${agent.credential}` });
  t.equal(answer.status, 401);
  t.equal(relay.revoke(agent.agentId), false);
});

t.test('raw text and bytes arrive as they stand', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  const text = once(agent.socket, 'message');
  relay.sendRaw(agent.sessionId, '{"kind": "x" }');
  t.match(await text, [Buffer.from('{"kind": "x" }'), false]);
  const bytes = once(agent.socket, 'message');
  relay.sendRaw(agent.sessionId, Buffer.from('{}'));
  t.match(await bytes, [Buffer.from('{}'), true]);
  t.throws(() => {
    relay.sendRaw('nobody', '');
  }, RangeError);
});

t.test('a status is asked for and awaited', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  const status = relay.requestStatus(agent.sessionId, SOON);
  const request = await agent.next();
  t.match(request, { kind: 'status-request', id: Number });
  const answer = { kind: 'status', id: Number(request['id']), uptimeMs: 5, reconnects: 0 };
  // The answer to another request is not this one's.
  agent.send({ ...answer, id: answer.id + 1 });
  agent.send(answer);
  t.same(await status, answer);
});

t.test('two statuses asked for at once are told apart', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  const both = [1, 2].map(() => relay.requestStatus(agent.sessionId, SOON));
  const ids = [await agent.next(), await agent.next()].map(({ id }) => Number(id));
  for (const id of ids.toReversed()) agent.send({ kind: 'status', id, uptimeMs: id, reconnects: 0 });
  t.same(
    (await Promise.all(both)).map(({ id }) => id),
    ids,
  );
  t.not(ids[0], ids[1]);
});

t.test('a status that never comes rejects in time', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  await t.rejects(relay.requestStatus(agent.sessionId, 50), /no status within 50 ms/);
  await t.rejects(relay.requestStatus('nobody', 50), RangeError);
});

t.test('a wait finds what has happened, from an index on, or says what it saw', async (t) => {
  const relay = await start(t);
  await enrolled(relay);
  t.match(await relay.waitFor(ofKind('enrolled'), SOON), { kind: 'enrolled' });
  await t.rejects(relay.waitFor(ofKind('enrolled'), 20, relay.events.length), /within 20 ms; saw: enrolled/);
  const next = relay.waitFor(ofKind('enrolled'), SOON, relay.events.length);
  const { agentId } = await enrolled(relay, '2f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10');
  t.match(await next, { agentId });
});
