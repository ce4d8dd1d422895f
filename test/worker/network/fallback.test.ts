import { Socket } from 'node:net';
import type { Duplex } from 'node:stream';
import { type RouteConfig, createRoutes } from '@guruconnect/worker/network/route';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { CA } from '../../helpers/certificates.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { settleNow } from '../../helpers/run-to-end.ts';
import { tlsFront } from '../../helpers/tls-front.ts';
import { TOKEN } from '../../relay/agent.ts';
import { launch, start } from '../agents.ts';
import { establishBy, isOnline, isWaiting, secured, until } from './way.ts';

/** A proxy's place where nobody is. */
const deadProxy = async (t: Test) => {
  const proxy = await startProxy(t);
  await proxy.close();
  return { port: proxy.port, proxy: `http://${proxy.address}/` };
};

const DIRECT = { proxyFallback: 'direct', token: TOKEN, ca: CA } as const;
const say = (text: string) => (socket: Duplex) => void socket.end(text);

test('past a dead proxy every second try goes, where that is configured, and through it when it is back', async (t) => {
  const { front } = await secured(t);
  const { port, proxy } = await deadProxy(t);
  const { beats } = launch(t, { ...DIRECT, relay: front.url, proxy });
  await beats.next(isOnline);
  const troubles = beats.items.filter(isWaiting).map(({ trouble }) => trouble);
  t.equal(troubles.length, 2, 'the enrolment and the session each tried the proxy first');
  for (const trouble of troubles) t.match(trouble, /^the proxy cannot be used: .*ECONNREFUSED/);
  t.equal(front.peers.length, 2);
  const alive = await startProxy(t, { port });
  const from = beats.items.length;
  front.reset();
  await beats.next(isOnline, from);
  t.same(alive.ports, front.peers.slice(2), 'the try after the direct one is that of the proxy again');
});

const GONE_PAST: Record<string, Parameters<typeof startProxy>[1]> = {
  'closes the connection': { instead: (socket) => void socket.end() },
  'resets the connection': {
    instead: (socket) => {
      if (socket instanceof Socket) socket.resetAndDestroy();
    },
  },
  'talks nonsense': { instead: say('nonsense\r\n\r\n') },
};
for (const [situation, options] of Object.entries(GONE_PAST)) {
  test(`a proxy that ${situation} is gone past`, async (t) => {
    const { front } = await secured(t);
    const proxy = await startProxy(t, options);
    const { beats } = launch(t, { ...DIRECT, relay: front.url, proxy: `http://${proxy.address}/` });
    await beats.next(isOnline);
    t.same([proxy.asked.length, front.peers.length], [2, 2]);
  });
}

test('a proxy that is silent until the time is over is gone past', async (t) => {
  const clock = createFakeClock();
  const { front } = await secured(t);
  const proxy = await startProxy(t, { instead: () => undefined });
  const agent = { ...DIRECT, relay: front.url, proxy: `http://${proxy.address}/`, clock };
  const { beats } = launch(t, agent);
  for (const [tries, bound] of [
    [1, TIMING.enroll],
    [2, TIMING.connect],
  ] as const) {
    await until(() => proxy.asked.length === tries);
    t.equal(front.peers.length, tries - 1);
    clock.advance(bound);
    await settleNow();
    clock.advance(0);
    await until(() => front.peers.length === tries);
  }
  await beats.next(isOnline);
});

const NEVER: Record<string, Parameters<typeof startProxy>[1]> = {
  'asks for a password': { user: 'some:body' },
  'forbids it': { instead: say('HTTP/1.1 403 Forbidden\r\n\r\n') },
  'does not reach the relay': { instead: say('HTTP/1.1 502 Bad Gateway\r\n\r\n') },
};
for (const [situation, options] of Object.entries(NEVER)) {
  test(`a proxy that ${situation} has been heard, and is never gone past`, async (t) => {
    const { front } = await secured(t);
    const proxy = await startProxy(t, options);
    const { beats } = launch(t, { ...DIRECT, relay: front.url, proxy: `http://${proxy.address}/` });
    await until(() => proxy.asked.length >= 4);
    t.ok(proxy.asked.length >= 4);
    for (const { trouble } of beats.items.filter(isWaiting)) t.match(trouble, /^the proxy refused/);
    t.same(front.peers, []);
  });
}

test('a relay that fails behind a proxy is no reason to go past that', async (t) => {
  const { front } = await secured(t, 'elsewhere');
  const proxy = await startProxy(t);
  launch(t, { ...DIRECT, relay: front.url, proxy: `http://${proxy.address}/` });
  await until(() => front.peers.length >= 4);
  t.ok(proxy.ports.length >= 4);
  t.same(front.peers, proxy.ports.slice(0, front.peers.length));
});

test('one try after the other: the proxy, past it, the proxy, and none goes past it by default', async (t) => {
  const { proxy } = await deadProxy(t);
  const relay = 'wss://127.0.0.1:9';
  const vias = async (config: Partial<RouteConfig>): Promise<readonly (string | undefined)[]> => {
    const routes = createRoutes({ relay, proxy, ...config });
    const taken: (string | undefined)[] = [];
    for (let at = 0; at < 5; at += 1) {
      const route = routes.open();
      taken.push(route.via);
      await t.rejects(establishBy(route));
      route.release();
    }
    return taken;
  };
  const origin = new URL(proxy).origin;
  t.same(await vias({ proxyFallback: 'direct' }), [origin, undefined, origin, undefined, origin]);
  t.same(await vias({ proxyFallback: 'none' }), Array(5).fill(origin));
  t.same(await vias({}), Array(5).fill(origin));
});

test('a try that was never begun says nothing about the proxy', async (t) => {
  const { proxy } = await deadProxy(t);
  const routes = createRoutes({ relay: 'wss://127.0.0.1:9', proxy, proxyFallback: 'direct' });
  routes.open().release();
  t.equal(routes.open().via, new URL(proxy).origin);
});

test('a ws:// relay on this machine is reached past its dead proxy as well', async (t) => {
  const relay = await start(t);
  const { proxy } = await deadProxy(t);
  const { beats } = launch(t, { ...DIRECT, relay: relay.url, proxy });
  await beats.next(isOnline);
});

test('with a fallback the pins count past the proxy as they do through it', async (t) => {
  const relay = await start(t);
  const front = await tlsFront(t, relay, 'loopback');
  const { proxy } = await deadProxy(t);
  const pins = ['A', 'B'].map((letter) => `sha256/${letter.repeat(43)}=`);
  const { beats } = launch(t, { ...DIRECT, relay: front.url, proxy, pins });
  await beats.next(({ trouble }) => /none of the pinned ones/.test(trouble ?? ''));
  t.equal(front.told.bytes, 0);
});
