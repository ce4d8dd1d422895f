import { rootCertificates } from 'node:tls';
import { ofKind } from '@guruconnect/relay';
import { proxyName } from '@guruconnect/worker/network/route';
import { troubleOf } from '@guruconnect/worker/network/trouble';
import { trustedCertificates } from '@guruconnect/worker/network/trust';
import { test } from 'tap';
import { CA } from '../../helpers/certificates.ts';
import { SOON, TOKEN } from '../../relay/agent.ts';
import { launch } from '../agents.ts';
import { isWaiting, secured, withCredential } from './way.ts';

test('an agent that is told of an authority enrols and is online at a relay that it vouches for', async (t) => {
  for (const key of ['url', 'urlByName'] as const) {
    const { relay, front } = await secured(t);
    const { stop } = launch(t, { relay: front[key], token: TOKEN, ca: CA });
    await relay.waitFor(ofKind('session-online'), SOON);
    await stop();
  }
});

test('without that authority neither the token nor the credential is shown, and the reason is named', async (t) => {
  const place = await secured(t);
  const { relay, front } = place;
  const { dataDir } = await withCredential(t, place);
  const trouble =
    /^unable to verify the first certificate.*: the certificate is signed by nobody .*\(--ca\)$/;
  for (const agent of [
    { relay: front.url, token: TOKEN },
    { relay: front.url, dataDir },
  ]) {
    const { beats, stop } = launch(t, { ...agent, random: () => 1 });
    t.match((await beats.next(isWaiting)).trouble, trouble);
    await stop();
  }
  t.equal(front.peers.length, 2, 'both were there');
  t.same(relay.events, []);
});

test('no variable of the environment switches the verification off', async (t) => {
  const place = await secured(t);
  const { relay, front } = place;
  const { dataDir } = await withCredential(t, place);
  const before = process.env['NODE_TLS_REJECT_UNAUTHORIZED'];
  process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = '0';
  t.teardown(() => {
    if (before === undefined) Reflect.deleteProperty(process.env, 'NODE_TLS_REJECT_UNAUTHORIZED');
    else process.env['NODE_TLS_REJECT_UNAUTHORIZED'] = before;
  });
  for (const agent of [
    { relay: front.url, token: TOKEN },
    { relay: front.url, dataDir },
  ]) {
    const { beats, stop } = launch(t, { ...agent, random: () => 1 });
    t.match((await beats.next(isWaiting)).trouble, /unable to verify/);
    await stop();
  }
  t.same(relay.events, []);
});

test("a certificate of that authority's for another host is refused", async (t) => {
  const { relay, front } = await secured(t, 'elsewhere');
  const { beats } = launch(t, { relay: front.url, token: TOKEN, ca: CA, random: () => 1 });
  t.match((await beats.next(isWaiting)).trouble, /does not match certificate's altnames/);
  t.same(relay.events, []);
});

test("an authority is trusted beside Node's own, which are all there without one", (t) => {
  const trusted = trustedCertificates(CA) ?? [];
  t.same(
    [...CA, ...rootCertificates].filter((certificate) => !trusted.includes(certificate)),
    [],
  );
  t.equal(trustedCertificates(undefined, { rootCertificates }, 'linux'), undefined, 'the default, that is');
  t.end();
});

test("on Windows what its own store has is trusted as well, where Node can read it, and nowhere else's", (t) => {
  const store = {
    rootCertificates: ['bundled'],
    getCACertificates: (type: string) =>
      type === 'system' ? ['enterprise', 'bundled'] : ['bundled', 'by Node'],
  };
  const { rootCertificates: bundled } = store;
  t.same(trustedCertificates(undefined, store, 'win32'), ['bundled', 'by Node', 'enterprise']);
  t.same(trustedCertificates(['ours'], store, 'win32'), ['bundled', 'by Node', 'enterprise', 'ours']);
  t.same(trustedCertificates(['ours'], store, 'linux'), ['bundled', 'by Node', 'ours']);
  t.same(trustedCertificates(['ours'], { rootCertificates: bundled }, 'win32'), ['bundled', 'ours']);
  t.equal(trustedCertificates(undefined, { rootCertificates: bundled }, 'win32'), undefined);
  t.end();
});

test('of a proxy only its place is told', (t) => {
  t.equal(proxyName('http://user:hunter2@proxy.example:3128/'), 'http://proxy.example:3128');
  t.equal(proxyName('https://proxy.example/'), 'https://proxy.example');
  t.equal(proxyName(undefined), undefined);
  t.end();
});

test('trouble is fit for a terminal, and never empty', (t) => {
  t.equal(troubleOf(new Error('no\u001b[2J\u202eway\nand more')), 'no\\u001b[2J\\u202eway');
  t.equal(troubleOf(Object.assign(new AggregateError([]), { code: 'ECONNREFUSED' })), 'ECONNREFUSED');
  t.equal(troubleOf(new Error()), 'no reason given');
  t.end();
});
