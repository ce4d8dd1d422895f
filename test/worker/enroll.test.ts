import { once } from 'node:events';
import { type RequestListener, createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { ofKind, startRelay } from '@guruconnect/relay';
import { settleable } from '@guruconnect/shared/settleable';
import { ENROLL_PATH, MAX_BODY_BYTES } from '@guruconnect/shared/relay-protocol';
import { enroll } from '@guruconnect/worker/enroll';
import { openRoute } from '@guruconnect/worker/network/route';
import { type Test, test } from 'tap';
import { FACTS, SOON, TOKEN } from '../relay/agent.ts';

const CREDENTIAL = `cak_${'S3cr3t'.repeat(7)}`;
const ANSWER = JSON.stringify({ agentId: 'front-desk', credential: CREDENTIAL });

const ask = (relay: string, options: { token?: string; signal?: AbortSignal } = {}) =>
  enroll({
    relay,
    token: TOKEN,
    route: openRoute({ relay }),
    body: FACTS,
    signal: AbortSignal.timeout(SOON),
    ...options,
  });

/** A relay that answers every request like this. */
const answering = async (t: Test, listener: RequestListener): Promise<string> => {
  const server = createServer(listener);
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  t.teardown(() => {
    server.close();
    server.closeAllConnections();
  });
  return `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
};

const failureOf = async (asked: Promise<unknown>): Promise<Error> =>
  asked.then(
    () => new Error('it enrolled'),
    (error: unknown) => error as Error,
  );

test('a machine with a token gets a credential', async (t) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  t.teardown(relay.close);
  const { agentId, credential } = await ask(relay.url);
  t.equal(relay.registry.agentOf(credential), agentId);
  t.same(relay.events, [{ kind: 'enrolled', agentId, machineId: FACTS.machineId }]);
});

test('the request is the one of the protocol, below the prefix of the relay', async (t) => {
  const asked: unknown[] = [];
  const relay = await answering(t, (request, response) => {
    const { method, url, headers } = request;
    let body = '';
    request.on('data', (chunk) => (body += String(chunk)));
    request.on('end', () => {
      asked.push({ method, url, headers, facts: JSON.parse(body) as unknown });
      response.writeHead(201).end(ANSWER);
    });
  });
  t.strictSame(await ask(`${relay}/prefix/`), { agentId: 'front-desk', credential: CREDENTIAL });
  t.match(asked, [
    {
      method: 'POST',
      url: `/prefix${ENROLL_PATH}`,
      headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json', connection: 'close' },
      facts: FACTS,
    },
  ]);
});

test('a wrong token is refused, and not quoted', async (t) => {
  const relay = await startRelay({ port: 0, enrollTokens: ['another'] });
  t.teardown(relay.close);
  t.equal(
    (await failureOf(ask(relay.url))).message,
    'the relay refused the enrolment with status 401: is the token right?',
  );
  t.same(relay.events, [{ kind: 'enroll-refused', status: 401 }]);
});

// An answer like this, and what is said of it. Each quotes the secrets as only a foolish relay would.
const quoting = `${TOKEN} ${CREDENTIAL}`;
const refusals: Record<string, [listener: RequestListener, message: RegExp]> = {
  'an error of the relay': [(_, response) => response.writeHead(500).end(quoting), /with status 500$/],
  'a busy relay': [
    (_, response) => response.writeHead(503, { 'retry-after': '7' }).end(),
    /with status 503$/,
  ],
  'a 200, which is not a 201': [(_, response) => response.writeHead(200).end(ANSWER), /with status 200$/],
  'a redirection': [
    (_, response) => response.writeHead(307, { location: `/?${quoting}` }).end(),
    /with status 307$/,
  ],
  'an answer that is not JSON': [
    (_, response) => response.writeHead(201).end(quoting),
    /answered the enrolment with something that is not JSON$/,
  ],
  'an empty answer': [(_, response) => response.writeHead(201).end(), /something that is not JSON$/],
  'an answer without a credential': [
    (_, response) => response.writeHead(201).end(JSON.stringify({ agentId: quoting })),
    /something unexpected$/,
  ],
  'a credential of another kind': [
    (_, response) => response.writeHead(201).end(JSON.stringify({ agentId: 'a', credential: TOKEN })),
    /something unexpected$/,
  ],
  'a credential that would break a header': [
    (_, response) =>
      response.writeHead(201).end(JSON.stringify({ agentId: 'a', credential: `${CREDENTIAL}\r\nx: y` })),
    /something unexpected$/,
  ],
  'an answer one byte too long': [
    (_, response) => response.writeHead(201).end(ANSWER.padEnd(MAX_BODY_BYTES + 1)),
    /longer than 16384 bytes$/,
  ],
  'an answer without end': [
    (_, response) => {
      response.writeHead(201);
      const more = (): void => {
        while (response.write(quoting.repeat(100)));
      };
      response.on('drain', more);
      more();
    },
    /longer than 16384 bytes$/,
  ],
  'an answer that breaks off': [
    (_, response) => {
      response.writeHead(201, { 'content-length': ANSWER.length });
      response.write(ANSWER.slice(0, 10), () => response.destroy());
    },
    /aborted/,
  ],
  'a connection that breaks off': [(_, response) => void response.destroy(), /socket hang up|ECONNRESET/],
};
for (const [situation, [listener, message]] of Object.entries(refusals)) {
  test(`${situation} fails the enrolment, in one line and without a secret`, async (t) => {
    const error = await failureOf(ask(await answering(t, listener)));
    t.match(error.message, message);
    t.notMatch(error.message, /\n/);
    for (const secret of [TOKEN, CREDENTIAL]) t.notMatch(`${String(error)} ${String(error.stack)}`, secret);
  });
}

test('a switch of protocols, which nobody asked for, fails the enrolment', { timeout: SOON }, async (t) => {
  const relay = await answering(t, ({ socket }) => {
    socket.write('HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: x\r\n\r\n');
  });
  await t.rejects(ask(relay, { signal: AbortSignal.timeout(SOON / 5) }));
});

test('the longest answer is taken', async (t) => {
  const relay = await answering(t, (_, response) => {
    response.writeHead(201).end(ANSWER.padEnd(MAX_BODY_BYTES));
  });
  t.match(await ask(relay), { credential: CREDENTIAL });
});

test('nobody listening fails the enrolment, without a secret', async (t) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  await relay.close();
  const { message } = await failureOf(ask(relay.url));
  t.match(message, /ECONNREFUSED/);
  t.notMatch(message, TOKEN);
});

test('a token that no header can carry fails the enrolment, and is not quoted', async (t) => {
  const relay = await answering(t, (_, response) => {
    response.writeHead(201).end(ANSWER);
  });
  const { message } = await failureOf(ask(relay, { token: `${TOKEN}\r\nx: y` }));
  t.match(message, /header/);
  t.notMatch(message, TOKEN);
});

test('an enrolment that is aborted while the relay stalls ends at once, and lets go of the relay', async (t) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], faults: { stall: ['enroll'] } });
  t.teardown(relay.close);
  const abort = new AbortController();
  const asked = failureOf(ask(relay.url, { signal: abort.signal }));
  await relay.waitFor(ofKind('stalled'), SOON);
  abort.abort();
  t.equal((await asked).name, 'AbortError');
});

test('an enrolment that is aborted in the middle of the answer ends at once, and lets go of the relay', async (t) => {
  const abort = new AbortController();
  const left = settleable<string>();
  const relay = await answering(t, (request, response) => {
    request.socket.on('close', () => {
      left.resolve('left');
    });
    response.writeHead(201, { 'content-length': ANSWER.length });
    response.write(ANSWER.slice(0, 10), () => {
      abort.abort();
    });
  });
  await t.rejects(ask(relay, { signal: abort.signal }));
  t.equal(await left.promise, 'left');
});

test('an enrolment that is aborted before it begins asks nothing', async (t) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  t.teardown(relay.close);
  t.equal((await failureOf(ask(relay.url, { signal: AbortSignal.abort() }))).name, 'AbortError');
  t.same(relay.events, []);
});
