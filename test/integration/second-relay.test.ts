/** Real agents at a relay of other hands, which was written from docs/relay-protocol.md alone. */
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ENROLL_PATH, SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { type Test, test } from 'tap';
import { WebSocket } from 'ws';
import { GURUCONNECT, type Program, startProgram } from '../helpers/program.ts';
import { HERE, type SecondRelay, SLOT_S, TOKEN, startSecondRelay } from '../helpers/second-relay.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const startAgent = (t: Test, how: 'worker' | 'console', { url }: SecondRelay, data: string): Program => {
  const agent = startProgram(GURUCONNECT, [how, '--relay', url, '--data', data], {
    env: { GURUCONNECT_ENROLL_TOKEN: TOKEN },
  });
  t.teardown(() => {
    agent.kill('SIGKILL');
  });
  return agent;
};

const place = async (t: Test, how: 'worker' | 'console') => {
  const data = tempDir(t);
  const state = join(tempDir(t), 'state.json');
  const relay = await startSecondRelay(t, state);
  return { state, relay, agent: startAgent(t, how, relay, data) };
};

const ENDS = [
  { how: 'worker', signal: 'SIGTERM' },
  { how: 'console', signal: 'SIGINT' },
] as const;

for (const { how, signal } of ENDS) {
  const title = `at a relay of other hands the ${how} enrols, stays, answers, and leaves by ${signal} with 1001`;
  test(title, HERE, async (t) => {
    const { relay, agent, state } = await place(t, how);
    const { agentId } = await relay.waitFor('enrolled');
    t.match(await relay.waitFor('online'), { agentId, protocol: SUBPROTOCOLS[0] });
    t.match(await relay.waitFor('status'), { id: 1, reconnects: 0 });
    t.match(await relay.waitFor('session.refused'), { id: 2, reason: 'session-0-no-capture' });
    for (const seq of [1, 2, 3]) {
      const heartbeats = relay.seen.filter(({ event }) => event === 'heartbeat').length;
      if (heartbeats < seq) await relay.waitFor('heartbeat', relay.seen.length);
    }
    const seqs = relay.seen.flatMap(({ event, seq }) => (event === 'heartbeat' ? [seq] : []));
    t.same(seqs.slice(0, 3), [1, 2, 3]);
    t.notMatch(readFileSync(state, 'utf8'), /cak_/, 'the relay keeps the hash alone');
    agent.kill(signal);
    t.match(await relay.waitFor('closed'), { agentId, by: 'agent', code: 1001, reason: 'service stop' });
    const { code, stderr } = await agent.ended;
    t.equal(code, 0);
    t.equal(stderr, '');
    t.same(
      relay.seen.filter(({ event }) => ['refused', 'closed'].includes(event)).map(({ event }) => event),
      ['closed'],
    );
    t.equal(await relay.stop(), 0);
  });
}

test('an agent comes back to a relay of other hands after its slot, and not before', HERE, async (t) => {
  const { state, relay, agent } = await place(t, 'worker');
  await relay.waitFor('heartbeat');
  t.equal(await relay.stop(), 0);
  const told = await relay.waitFor('closed');
  t.match(told, { by: 'relay', code: 1012, reason: `relay restart; retry-after=${SLOT_S}00` });
  // Back long before the slot: what keeps the agent away is the slot alone.
  const next = await startSecondRelay(t, state, relay.port);
  const online = await next.waitFor('online');
  const waited = online.at - told.at;
  const back = next.seen[0]?.at ?? Infinity;
  t.ok(back - told.at < SLOT_S * 1000, `the relay was back after ${back - told.at} ms`);
  t.ok(waited >= SLOT_S * 1000 - 100, `the agent came after ${waited} ms`);
  t.ok(waited < SLOT_S * 1000 + 4000, `the agent came after ${waited} ms`);
  t.equal(online['agentId'], told['agentId'], 'by its credential');
  t.notOk(next.seen.some(({ event }) => event === 'enrolled' || event === 'refused'));
  t.match((await next.waitFor('online'))['hello'], { lost: /.+/ });
  // It has taken the welcome: before that a stop drops the connection.
  await next.waitFor('heartbeat');
  agent.kill('SIGTERM');
  t.match(await next.waitFor('closed'), { by: 'agent', code: 1001, reason: 'service stop' });
  t.equal((await agent.ended).code, 0);
});

const ABOUT = {
  machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
  hostname: 'FRONT-DESK',
  platform: 'linux',
  agentVersion: '0.1.0',
};
const JSON_TYPE = { 'content-type': 'application/json' };
const WITH_TOKEN = { authorization: `Bearer ${TOKEN}` };

const alone = (t: Test): Promise<SecondRelay> => startSecondRelay(t, join(tempDir(t), 'state.json'));
const ask = (relay: SecondRelay, path: string, init: RequestInit = {}): Promise<Response> =>
  fetch(relay.url.replace('ws:', 'http:') + path, init);
const enrol = async (relay: SecondRelay): Promise<string> => {
  const headers = { ...WITH_TOKEN, ...JSON_TYPE };
  const answer = await ask(relay, ENROLL_PATH, { method: 'POST', headers, body: JSON.stringify(ABOUT) });
  return ((await answer.json()) as { credential: string }).credential;
};

test('a relay of other hands refuses as the document says', HERE, async (t) => {
  const relay = await alone(t);
  const post = { method: 'POST', headers: { ...WITH_TOKEN, ...JSON_TYPE }, body: '{}' };
  const cases: readonly (readonly [string, RequestInit, number, string])[] = [
    ['/v1/other', {}, 404, 'not-found'],
    [ENROLL_PATH, {}, 405, 'method-not-allowed'],
    [ENROLL_PATH, { ...post, headers: JSON_TYPE }, 401, 'unauthorized'],
    [ENROLL_PATH, { ...post, headers: WITH_TOKEN }, 415, 'unsupported-media-type'],
    [ENROLL_PATH, { ...post, body: ' '.repeat(16_385) }, 413, 'body-too-large'],
    [ENROLL_PATH, post, 400, 'bad-request'],
    [SESSION_PATH, { method: 'POST' }, 405, 'method-not-allowed'],
    [SESSION_PATH, {}, 401, 'unauthorized'],
    [SESSION_PATH, { headers: { authorization: `Bearer ${await enrol(relay)}` } }, 426, 'upgrade-required'],
  ];
  for (const [path, init, status, error] of cases) {
    const answer = await ask(relay, path, init);
    t.same([answer.status, await answer.json()], [status, { error }], `${path} ${status}`);
  }
});

/** What an agent that does this first (and says hello, if it is to) is closed with. */
const CLOSED_FOR: readonly (readonly [string, boolean, string | Buffer, number])[] = [
  ['a heartbeat before hello', false, '{"kind":"heartbeat","seq":1}', 1002],
  ['a second hello', true, JSON.stringify({ kind: 'hello', ...ABOUT }), 1002],
  ['a binary frame', true, Buffer.from('{}'), 1003],
  ['a count that is none', true, '{"kind":"heartbeat","seq":1.5}', 1007],
  [
    'what JSON does not have',
    true,
    '{"kind":"status","id":1,"uptimeMs":1,"reconnects":0,"roundTripMs":NaN}',
    1007,
  ],
  ['a message over the limit', true, JSON.stringify({ kind: 'x', x: ' '.repeat(65_536) }), 1009],
];

test('a relay of other hands closes with the codes of the document', HERE, async (t) => {
  const relay = await alone(t);
  const headers = { authorization: `Bearer ${await enrol(relay)}` };
  const open = async (hello: boolean): Promise<WebSocket> => {
    const socket = new WebSocket(relay.url + SESSION_PATH, [...SUBPROTOCOLS], { headers });
    t.teardown(() => {
      socket.terminate();
    });
    await once(socket, 'open');
    if (!hello) return socket;
    const welcome = once(socket, 'message');
    socket.send(JSON.stringify({ kind: 'hello', ...ABOUT }));
    await welcome;
    return socket;
  };
  const codeOf = async (socket: WebSocket): Promise<unknown> =>
    ((await once(socket, 'close')) as [number])[0];
  for (const [what, hello, message, code] of CLOSED_FOR) {
    const socket = await open(hello);
    const closed = codeOf(socket);
    socket.send(message);
    t.equal(await closed, code, what);
  }
  const superseded = codeOf(await open(true));
  const revoked = codeOf(await open(true));
  t.equal(await superseded, 4001);
  await enrol(relay);
  t.equal(await revoked, 4003);
});
