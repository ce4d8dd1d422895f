import { once } from 'node:events';
import { request, type IncomingMessage } from 'node:http';
import { connect as dial } from 'node:net';
import { createRegistry, ofKind, startRelay, type RelayOptions } from '@guruconnect/relay';
import { EnrollResponse, ENROLL_PATH, MAX_BODY_BYTES } from '@guruconnect/shared/relay-protocol';
import { is } from 'valibot';
import t, { type Test } from 'tap';
import {
  connect,
  enrolled,
  FACTS,
  online,
  origin,
  postEnroll,
  refusedUpgrade,
  SOON,
  TOKEN,
} from './agent.ts';

const start = async (t: Test, options: Partial<RelayOptions> = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: ['another', TOKEN, 'a-third'], ...options });
  t.teardown(relay.close);
  return relay;
};
const json = { 'content-type': 'application/json' };
const bearer = { authorization: `Bearer ${TOKEN}` };

t.test('a machine with a token enrols', async (t) => {
  const relay = await start(t);
  const answer = await postEnroll(relay);
  t.equal(answer.status, 201);
  t.equal(answer.headers.get('cache-control'), 'no-store');
  const body = (await answer.json()) as EnrollResponse;
  t.ok(is(EnrollResponse, body));
  t.match(body.credential, /^cak_[\w-]{43}$/);
  t.same(relay.events, [{ kind: 'enrolled', agentId: body.agentId, machineId: FACTS.machineId }]);
});

const wrongTokens: Record<string, Record<string, string>> = {
  'no header': {},
  'another token': { authorization: 'Bearer enroll_of-a-tesT' },
  'a prefix of the token': { authorization: `Bearer ${TOKEN.slice(0, -1)}` },
  'the token and more': { authorization: `Bearer ${TOKEN}x` },
  'another scheme': { authorization: `Basic ${TOKEN}` },
  'an empty token': { authorization: 'Bearer ' },
};
for (const [situation, headers] of Object.entries(wrongTokens)) {
  t.test(`enrolment with ${situation} is unauthorized`, async (t) => {
    const relay = await start(t);
    const answer = await postEnroll(relay, { headers: { ...json, ...headers } });
    t.equal(answer.status, 401);
    t.match(answer.headers.get('www-authenticate'), /^Bearer /);
    t.same(await answer.json(), { error: 'unauthorized' });
    t.same(relay.events, [{ kind: 'enroll-refused', status: 401 }]);
  });
}

t.test('a relay without enrolment tokens enrols nobody', async (t) => {
  const relay = await start(t, { enrollTokens: [] });
  t.equal((await postEnroll(relay)).status, 401);
});

t.test('the scheme is case-insensitive', async (t) => {
  const relay = await start(t);
  const headers = { ...json, authorization: `bearer ${TOKEN}` };
  t.equal((await postEnroll(relay, { headers })).status, 201);
});

const badBodies: Record<string, string | Uint8Array> = {
  nothing: '',
  'no JSON': '{',
  null: 'null',
  'an array': '[]',
  'no machine id': JSON.stringify({ ...FACTS, machineId: undefined }),
  'a machine id that is no UUID': JSON.stringify({ ...FACTS, machineId: '../../etc' }),
  'a hostname of 257 characters': JSON.stringify({ ...FACTS, hostname: 'h'.repeat(257) }),
  'a platform that is a number': JSON.stringify({ ...FACTS, platform: 10 }),
  'no UTF-8': Buffer.from(JSON.stringify(FACTS).replace('FRONT', 'FR\xd6NT'), 'latin1'),
};
for (const [situation, body] of Object.entries(badBodies)) {
  t.test(`an enrolment body with ${situation} is a bad request`, async (t) => {
    const relay = await start(t);
    const answer = await postEnroll(relay, { body });
    t.equal(answer.status, 400);
    t.same(await answer.json(), { error: 'bad-request' });
    t.same(relay.events, [{ kind: 'enroll-refused', status: 400 }]);
  });
}

t.test('a hostname of 256 characters and fields of a later version are fine', async (t) => {
  const relay = await start(t);
  const body = JSON.stringify({ ...FACTS, hostname: 'h'.repeat(256), colour: 'green' });
  t.equal((await postEnroll(relay, { body })).status, 201);
});

t.test('another content type is refused, a charset parameter is not', async (t) => {
  const relay = await start(t);
  const typed = (type: string) => postEnroll(relay, { headers: { ...bearer, 'content-type': type } });
  t.equal((await typed('text/plain')).status, 415);
  t.equal((await typed('application/jsonp')).status, 415);
  t.equal((await typed('Application/JSON; charset=utf-8')).status, 201);
});

const padded = (length: number): string => JSON.stringify(FACTS).padEnd(length);
const streamed = (text: string, pieces: number) =>
  new ReadableStream({
    start(controller) {
      const bytes = Buffer.from(text);
      const size = Math.ceil(bytes.length / pieces);
      for (let at = 0; at < bytes.length; at += size) controller.enqueue(bytes.subarray(at, at + size));
      controller.close();
    },
  });

t.test('the longest body is taken, one byte more is not', async (t) => {
  const relay = await start(t);
  t.equal((await postEnroll(relay, { body: padded(MAX_BODY_BYTES) })).status, 201);
  t.equal((await postEnroll(relay, { body: padded(MAX_BODY_BYTES + 1) })).status, 413);
});

t.test('a body of undeclared length is cut off at the limit, and the answer arrives', async (t) => {
  const relay = await start(t);
  const body = streamed(padded(8 * 1024 * 1024), 64);
  // fetch sends a stream only if told that the answer waits for its end; a relay may still answer sooner.
  const answer = await postEnroll(relay, { body, duplex: 'half' });
  t.equal(answer.status, 413);
  t.same(await answer.json(), { error: 'body-too-large' });
});

t.test('a body declared too long is refused before it comes', async (t) => {
  const relay = await start(t);
  const headers = { ...json, ...bearer, 'content-length': String(MAX_BODY_BYTES + 1) };
  const client = request(origin(relay) + ENROLL_PATH, { method: 'POST', headers, agent: false });
  client.flushHeaders();
  const [response] = (await once(client, 'response')) as [IncomingMessage];
  t.equal(response.statusCode, 413);
  client.on('error', () => {}).destroy();
});

t.test('the rest of a body that is too long does not get in the way of the next request', async (t) => {
  const relay = await start(t);
  const socket = dial(relay.port, '127.0.0.1');
  t.teardown(() => socket.destroy());
  const head = `POST ${ENROLL_PATH} HTTP/1.1\r\nHost: relay\r\nAuthorization: Bearer ${TOKEN}\r\n`;
  const long = 'x'.repeat(0xfffff);
  socket.write(`${head}Content-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n`);
  socket.write(`fffff\r\n${long}\r\n0\r\n\r\n`);
  const short = JSON.stringify(FACTS);
  socket.write(`${head}Content-Type: application/json\r\nContent-Length: ${short.length}\r\n\r\n${short}`);
  await relay.waitFor(ofKind('enrolled'), SOON);
  t.same(
    relay.events.map((event) => event.kind),
    ['enroll-refused', 'enrolled'],
  );
});

t.test('a stranger is refused before its body is looked at', async (t) => {
  const relay = await start(t);
  const answer = await postEnroll(relay, { headers: json, body: padded(MAX_BODY_BYTES + 1) });
  t.equal(answer.status, 401);
});

t.test('other methods and paths have their own answers', async (t) => {
  const relay = await start(t);
  const got = await fetch(origin(relay) + ENROLL_PATH);
  t.equal(got.status, 405);
  t.equal(got.headers.get('allow'), 'POST');
  t.same(await got.json(), { error: 'method-not-allowed' });
  const lost = await fetch(`${origin(relay)}/v1/enrol`);
  t.equal(lost.status, 404);
  t.same(await lost.json(), { error: 'not-found' });
  t.equal((await fetch(`${origin(relay)}${ENROLL_PATH}?a=b`, { method: 'PUT' })).status, 405);
});

t.test('a machine that enrols again is the same agent with another credential', async (t) => {
  const relay = await start(t);
  const former = await online(relay);
  const later = await enrolled(relay, FACTS.machineId.toUpperCase());
  t.equal(later.agentId, former.agentId);
  t.not(later.credential, former.credential);
  t.match(await former.closed, { code: 4003 });
  const answer = await refusedUpgrade(relay, { authorization: `Bearer ${former.credential}` });
  t.equal(answer.status, 401);
  const agent = await connect(relay, later.credential);
  agent.socket.terminate();
});

t.test('another machine enrols beside the first', async (t) => {
  const relay = await start(t);
  const one = await online(relay);
  const other = await online(relay, '2f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10');
  t.not(one.agentId, other.agentId);
  t.equal(relay.sessions().filter((session) => session.online).length, 2);
});

t.test('a credential outlives the relay if the registry does', async (t) => {
  const registry = createRegistry();
  const first = await start(t, { registry });
  const { credential } = await enrolled(first);
  await first.close();
  const second = await start(t, { registry });
  await connect(second, credential);
  await t.resolves(second.waitFor(ofKind('session-opened'), SOON));
});

t.test('no event holds a token or a credential', async (t) => {
  const relay = await start(t);
  const { credential } = await online(relay);
  await postEnroll(relay, { headers: { ...json, authorization: 'Bearer wrong-token' } });
  await refusedUpgrade(relay, { authorization: 'Bearer cak_wrong' });
  const told = JSON.stringify([relay.events, relay.sessions()]);
  t.match(told, /session-online/);
  for (const secret of [TOKEN, credential, 'wrong']) t.notMatch(told, secret);
});
