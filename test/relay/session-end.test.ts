import { ofKind, startRelay, type RelayOptions } from '@guruconnect/relay';
import t, { type Test } from 'tap';
import { connect, HELLO, online, SOON, TOKEN } from './agent.ts';

const start = async (t: Test, options: Partial<RelayOptions> = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], ...options });
  t.teardown(relay.close);
  return relay;
};

t.test('a newer session of a credential closes the older', async (t) => {
  const relay = await start(t);
  const older = await online(relay);
  const newer = await connect(relay, older.credential);
  t.same(await older.closed, { code: 4001, reason: 'superseded' });
  newer.send(HELLO);
  t.match(await newer.next(), { kind: 'welcome' });
  await relay.waitFor(ofKind('session-closed'), SOON);
  t.equal(relay.sessions().length, 1);
});

t.test('an agent that goes is recorded with its code and reason', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  agent.socket.close(1001, 'service stop');
  t.same(await relay.waitFor(ofKind('session-closed'), SOON), {
    kind: 'session-closed',
    sessionId: agent.sessionId,
    code: 1001,
    reason: 'service stop',
    wasClean: true,
  });
  t.same(relay.sessions(), []);
});

t.test('an agent that vanishes is recorded as 1006', async (t) => {
  const relay = await start(t);
  const agent = await online(relay);
  agent.socket.terminate();
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1006, wasClean: false });
});

t.test('heartbeats keep a session, and their absence for an interval and its grace closes it', async (t) => {
  const relay = await start(t, { heartbeatMs: 1000 });
  const agent = await online(relay);
  const began = performance.now();
  agent.send({ kind: 'heartbeat', seq: 1 });
  t.match(await agent.next(), { kind: 'heartbeat-ack' });
  t.same(await agent.closed, { code: 4000, reason: 'heartbeat lost' });
  const took = performance.now() - began;
  t.ok(took > 15_900 && took < 16_000 + SOON, `after ${took} ms`);
});

t.test('an agent that is welcome and then silent is closed', async (t) => {
  const relay = await start(t, { heartbeatLostMs: 50 });
  const agent = await online(relay);
  t.match(await agent.closed, { code: 4000 });
});

t.test('each heartbeat starts the wait anew', async (t) => {
  const relay = await start(t, { heartbeatLostMs: 400 });
  const agent = await online(relay);
  const began = performance.now();
  const beat = setInterval(() => {
    agent.send({ kind: 'heartbeat', seq: 1 });
  }, 100);
  t.teardown(() => {
    clearInterval(beat);
  });
  const enough = (event: { kind: string }): boolean =>
    event.kind === 'message' && performance.now() - began > 1000;
  await relay.waitFor(enough, SOON);
  t.equal(relay.sessions().length, 1);
  clearInterval(beat);
  t.match(await agent.closed, { code: 4000 });
});

t.test('an agent that does not answer a close frame is dropped', async (t) => {
  const relay = await start(t, { closeMs: 100 });
  const agent = await online(relay);
  agent.socket.pause();
  relay.drop({ code: 1012, reason: 'relay restart' });
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1012, wasClean: false });
  agent.socket.terminate();
});

t.test('a closing relay says so, ends in time and frees its port', async (t) => {
  const relay = await start(t, { closeMs: 100 });
  const polite = await online(relay);
  const silent = await online(relay, '2f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10');
  silent.socket.pause();
  const waiting = relay.waitFor(() => false, SOON);
  const rejected = t.rejects(waiting, /the relay closed/);
  await relay.close();
  t.match(await polite.closed, { code: 1012, reason: 'relay restart' });
  t.equal(relay.events.filter(ofKind('session-closed')).length, 2);
  await rejected;
  const again = await startRelay({ port: relay.port, enrollTokens: [] });
  await again.close();
  silent.socket.terminate();
});
