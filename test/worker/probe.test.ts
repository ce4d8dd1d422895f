/** The doctor's look at the way: every layer is told, nothing of it does any harm, and it ends where the agent's own try would. */
import { ofKind } from '@guruconnect/relay';
import type { Config } from '@guruconnect/shared/config';
import type { ProbeStep } from '@guruconnect/shared/probe-protocol';
import { pinOf } from '@guruconnect/worker/network/trust';
import { probe } from '@guruconnect/worker/probe';
import { X509Certificate } from 'node:crypto';
import { createServer } from 'node:net';
import { type Test, test } from 'tap';
import { CA, serverIdentity } from '../helpers/certificates.ts';
import { startProxy } from '../helpers/connect-proxy.ts';
import { listen } from '../helpers/sockets.ts';
import { tlsFront } from '../helpers/tls-front.ts';
import { SOON, TOKEN, online } from '../relay/agent.ts';
import { start } from './agents.ts';

type Given = Partial<Config> & { readonly relay: string };

const SHORT = () => AbortSignal.timeout(SOON);

const tryIt = async (config: Given, bound = SHORT, lookup?: () => Promise<never>) => {
  const steps: ProbeStep[] = [];
  await probe(
    { logLevel: 'info', proxyFallback: 'none', workerAccount: 'own', ...config },
    (step) => steps.push(step),
    bound,
    { lookup },
  );
  return steps;
};

const kinds = (steps: readonly ProbeStep[]): readonly string[] => steps.map(({ kind }) => kind);
const last = (steps: readonly ProbeStep[]): ProbeStep | undefined => steps.at(-1);

const secured = async (t: Test, name: Parameters<typeof tlsFront>[2] = 'loopback') => {
  const relay = await start(t);
  return { relay, front: await tlsFront(t, relay, name) };
};

test('the whole way is told: name, address, certificate, answer and its date', async (t) => {
  const { front } = await secured(t);
  const steps = await tryIt({ relay: front.urlByName, ca: CA });
  t.same(kinds(steps), ['way', 'reached', 'resolved', 'connected', 'certificate', 'secured', 'answered']);
  t.match(steps[2], { name: 'localhost', addresses: ['127.0.0.1'] });
  t.match(steps[4], {
    subject: 'CN=GuruConnect test loopback',
    issuer: 'CN=GuruConnect test CA',
    validFrom: Date.parse('2020-01-01'),
    pin: pinOf(new X509Certificate(serverIdentity('loopback').cert)),
  });
  const { status, ours, date = '' } = last(steps) as Extract<ProbeStep, { kind: 'answered' }>;
  t.equal(status, 401);
  t.equal(ours, true, 'in the name of the relay');
  t.ok(Math.abs(Date.parse(date) - Date.now()) < SOON);
});

test('it uses no token up, supersedes no session, and says nothing that is secret', async (t) => {
  const { relay, front } = await secured(t);
  await online(relay);
  const before = relay.sessions();
  await tryIt({ relay: front.url, ca: CA, enrollToken: TOKEN });
  t.same(relay.sessions(), before, 'the session goes on');
  t.equal(before.length, 1);
  t.equal(relay.events.filter(ofKind('enrolled')).length, 1, 'that of the session');
  t.match(relay.events.at(-1), { kind: 'session-refused', status: 401 });
});

test('a certificate that is not trusted is told all the same, and nothing is sent', async (t) => {
  const { front } = await secured(t);
  const steps = await tryIt({ relay: front.url });
  t.same(kinds(steps), ['way', 'reached', 'connected', 'certificate', 'failed']);
  t.match(last(steps), { code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE', why: /nobody trusted here/ });
  t.equal(front.told.bytes, 0);
});

test('a certificate for another name, and a key that is not pinned', async (t) => {
  const { front } = await secured(t, 'elsewhere');
  t.match(last(await tryIt({ relay: front.url, ca: CA })), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  const good = await secured(t);
  const pins = ['A', 'B'].map((letter) => `sha256/${letter.repeat(43)}=`);
  const steps = await tryIt({ relay: good.front.url, ca: CA, pins });
  t.same(kinds(steps).slice(-2), ['secured', 'failed']);
  t.match(last(steps), { why: /none of the pinned ones/ });
});

test('through a proxy: its address, its refusal, its silence', async (t) => {
  const { front } = await secured(t);
  const proxy = await startProxy(t, { user: 'ann:secret' });
  const through = (user: string) => ({ relay: front.url, ca: CA, proxy: `http://${user}@${proxy.address}` });
  const steps = await tryIt(through('ann:secret'));
  t.same(kinds(steps), ['way', 'connected', 'reached', 'certificate', 'secured', 'answered']);
  t.match(steps[0], { proxy: `http://${proxy.address}` });
  const refused = await tryIt(through('ann:wrong'));
  t.same(kinds(refused), ['way', 'connected', 'failed']);
  t.match(last(refused), { why: /407.*password/ });
  t.notMatch(JSON.stringify([steps, refused]), /ann|secret|wrong/);
  const silent = await startProxy(t, { instead: () => undefined });
  const lost = await tryIt({ ...through(''), proxy: `http://${silent.address}` }, () =>
    AbortSignal.timeout(200),
  );
  t.match(last(lost), { why: 'the proxy gave no answer in time' });
});

test('past a dead proxy, where the agent would go past it', async (t) => {
  const { front } = await secured(t);
  const dead = await listen(t, createServer());
  await dead.close();
  const config = { relay: front.url, ca: CA, proxy: `http://127.0.0.1:${dead.port}` };
  t.same(kinds(await tryIt(config)), ['way', 'failed']);
  const steps = await tryIt({ ...config, proxyFallback: 'direct' });
  t.same(kinds(steps), [
    'way',
    'failed',
    'way',
    'reached',
    'connected',
    'certificate',
    'secured',
    'answered',
  ]);
});

test('a name that there is not, nobody who listens, and a relay that is silent', async (t) => {
  const unknown = () =>
    Promise.reject(Object.assign(new Error('getaddrinfo ENOTFOUND'), { code: 'ENOTFOUND' }));
  const nowhere = await tryIt({ relay: 'wss://nowhere.example' }, SHORT, unknown);
  t.match(nowhere, [{ kind: 'way' }, { kind: 'reached' }, { kind: 'failed', code: 'ENOTFOUND' }]);
  const server = createServer();
  const { port, close } = await listen(t, server);
  const silent = await tryIt({ relay: `ws://127.0.0.1:${port}` }, () => AbortSignal.timeout(200));
  t.match(silent, [
    {},
    {},
    { kind: 'connected', port },
    { kind: 'failed', why: 'the relay gave no answer in time' },
  ]);
  await close();
  t.match(last(await tryIt({ relay: `ws://127.0.0.1:${port}` })), { code: 'ECONNREFUSED' });
});
