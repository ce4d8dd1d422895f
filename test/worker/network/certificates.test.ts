import { X509Certificate } from 'node:crypto';
import { ofKind } from '@guruconnect/relay';
import { pinOf } from '@guruconnect/worker/network/trust';
import { type Test, test } from 'tap';
import { AUTHORITY, type Identity, createAuthority, newKey, selfSigned } from '../../helpers/authority.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { SOON, TOKEN } from '../../relay/agent.ts';
import { launch } from '../agents.ts';
import { isOnline, isWaiting, secured, withCredential } from './way.ts';

type Shown = Parameters<typeof secured>[1];
const pin = ({ cert }: Identity): string => pinOf(new X509Certificate(cert));
const SPARE = `sha256/${'A'.repeat(43)}=`;

const CASES: Record<
  string,
  [shown: (t: Test, authority: ReturnType<typeof createAuthority>) => Shown, RegExp]
> = {
  'has expired': [
    (_t, { issue }) => issue({ fromDay: -9, toDay: -1 }),
    /^certificate has expired: is the clock of this machine right\?$/,
  ],
  'is not valid yet': [
    (_t, { issue }) => issue({ fromDay: 1, toDay: 9 }),
    /^certificate is not yet valid: is the clock of this machine right\?$/,
  ],
  'is for another host': [
    (_t, { issue }) => issue({ names: 'DNS:elsewhere.example,IP:127.0.0.2' }),
    /^Hostname\/IP does not match certificate's altnames: IP: 127\.0\.0\.1 is not in the cert's list/,
  ],
  'is for this host by name only': [
    (_t, { issue }) => issue({ names: 'DNS:localhost' }),
    /^Hostname\/IP does not match certificate's altnames: IP: 127\.0\.0\.1 is not in the cert's list/,
  ],
  'is signed by itself': [
    (t) => selfSigned(t),
    /^self-signed certificate: the certificate is signed by nobody trusted here \(--ca\)$/,
  ],
  'is signed by an authority that is not trusted, though it has the name of one that is': [
    (t) => createAuthority(t).issue(),
    /^(unable to (verify|get local issuer)|certificate signature failure)/,
  ],
};
for (const [situation, [shown, trouble]] of Object.entries(CASES)) {
  for (const way of ['directly', 'through a proxy']) {
    test(
      `a certificate that ${situation} is refused ${way}, and not a byte of HTTP is sent`,
      AUTHORITY,
      async (t) => {
        const authority = createAuthority(t);
        const place = await secured(t, shown(t, authority));
        const { relay, front } = place;
        const { dataDir } = await withCredential(t, place);
        const proxy = way === 'directly' ? {} : { proxy: `http://${(await startProxy(t)).address}/` };
        const agent = { relay: front.url, ca: authority.ca, random: () => 1, ...proxy };
        for (const what of [{ token: TOKEN }, { dataDir }]) {
          const { beats, stop } = launch(t, { ...agent, ...what });
          t.match((await beats.next(isWaiting)).trouble, trouble);
          await stop();
        }
        t.equal(front.peers.length, 2, 'both were there');
        t.same([relay.events, front.told.bytes], [[], 0]);
      },
    );
  }
}

test('a server that speaks no newer TLS than 1.1 is refused', AUTHORITY, async (t) => {
  const { ca, issue } = createAuthority(t);
  const old = { minVersion: 'TLSv1', maxVersion: 'TLSv1.1', ciphers: 'DEFAULT@SECLEVEL=0' } as const;
  const { relay, front } = await secured(t, { ...issue(), ...old });
  const { beats } = launch(t, { relay: front.url, token: TOKEN, ca, random: () => 1 });
  t.match(
    (await beats.next(isWaiting)).trouble,
    /^TLS failed: (unsupported protocol|tlsv1 alert protocol version)$/,
  );
  t.same([relay.events, front.told.bytes], [[], 0]);
});

test('a relay is asked for by its name, and without a name where it is an address', AUTHORITY, async (t) => {
  const { ca, issue } = createAuthority(t);
  const proxy = `http://${(await startProxy(t)).address}/`;
  for (const through of [{}, { proxy }]) {
    const { relay, front } = await secured(t, issue());
    for (const url of [front.urlByName, front.url]) {
      const { beats, stop } = launch(t, { relay: url, token: TOKEN, ca, ...through });
      await beats.next(isOnline);
      await stop();
    }
    t.same(front.asked, ['localhost', 'localhost', false, false]);
    t.ok(relay.events.some(ofKind('session-online')));
  }
});

test(
  'a certificate that is renewed for a new key by the same authority changes nothing',
  AUTHORITY,
  async (t) => {
    const { ca, issue } = createAuthority(t);
    const { relay, front } = await secured(t, issue());
    const { beats } = launch(t, { relay: front.url, token: TOKEN, ca });
    await relay.waitFor(ofKind('session-online'), SOON);
    front.show(issue());
    const from = beats.items.length;
    front.reset();
    await beats.next(isWaiting, from);
    await beats.next(isOnline, from);
    t.ok(relay.events.some(ofKind('session-online')));
  },
);

for (const way of ['directly', 'through a proxy']) {
  test(
    `with the pins of the key and its successor an agent is online before and after ${way}`,
    AUTHORITY,
    async (t) => {
      const { ca, issue } = createAuthority(t);
      const [old, successor] = [issue(), issue()];
      const { front } = await secured(t, old);
      const proxy = way === 'directly' ? {} : { proxy: `http://${(await startProxy(t)).address}/` };
      const pins = [pin(old), pin(successor)];
      const { beats } = launch(t, { relay: front.url, token: TOKEN, ca, pins, ...proxy });
      await beats.next(isOnline);
      front.show(successor);
      const from = beats.items.length;
      front.reset();
      await beats.next(isWaiting, from);
      await beats.next(isOnline, from);
      t.ok(front.told.bytes > 0);
    },
  );

  test(
    `a key that is none of the pinned ones is refused ${way}, told nothing, and tried again`,
    AUTHORITY,
    async (t) => {
      const { ca, issue } = createAuthority(t);
      const [old, other] = [issue(), issue()];
      const place = await secured(t, other);
      const { relay, front } = place;
      const { dataDir } = await withCredential(t, place);
      const proxy = way === 'directly' ? {} : { proxy: `http://${(await startProxy(t)).address}/` };
      const agent = { relay: front.url, ca, ...proxy };
      const trouble = `the relay's key ${pin(other)} is none of the pinned ones (--pins)`;
      for (const what of [{ token: TOKEN }, { dataDir }]) {
        const { beats, stop } = launch(t, { ...agent, ...what, pins: [pin(old), SPARE] });
        t.equal((await beats.next(isWaiting)).trouble, trouble);
        await beats.next(isWaiting, beats.items.findIndex(isWaiting) + 1);
        await stop();
        t.notOk(beats.items.some(isOnline));
      }
      t.same([relay.events, front.told.bytes], [[], 0]);
      const { beats } = launch(t, { ...agent, dataDir, pins: [pin(old), pin(other)] });
      await beats.next(isOnline);
    },
  );
}

test(
  'a pin is of the key, not of the certificate: a renewal for the same key keeps it',
  AUTHORITY,
  async (t) => {
    const { ca, issue } = createAuthority(t);
    const key = newKey();
    const [first, second] = [issue({ key }), issue({ key })];
    t.not(first.cert, second.cert);
    const { front } = await secured(t, second);
    const { beats } = launch(t, { relay: front.url, token: TOKEN, ca, pins: [pin(first), SPARE] });
    await beats.next(isOnline);
  },
);

test(
  'the pin of an authority, or of anything else that is sent along, does not count',
  AUTHORITY,
  async (t) => {
    const { ca, issue } = createAuthority(t);
    const [shown, pinned] = [issue(), issue()];
    const [authority = ''] = ca;
    const { front } = await secured(t, { cert: `${shown.cert}${pinned.cert}${authority}`, key: shown.key });
    const pins = [pin(pinned), pinOf(new X509Certificate(authority))];
    const { beats } = launch(t, { relay: front.url, token: TOKEN, ca, pins, random: () => 1 });
    t.match((await beats.next(isWaiting)).trouble, /none of the pinned ones/);
    t.equal(front.told.bytes, 0);
  },
);

test('pins do not replace the verification', AUTHORITY, async (t) => {
  const shown = selfSigned(t);
  const { front } = await secured(t, shown);
  const pins = [pin(shown), SPARE];
  const { beats } = launch(t, { relay: front.url, token: TOKEN, pins, random: () => 1 });
  t.match((await beats.next(isWaiting)).trouble, /^self-signed certificate/);
  t.equal(front.told.bytes, 0);
});
