import { ofKind } from '@guruconnect/relay';
import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { CA } from '../../helpers/certificates.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { SOON, TOKEN } from '../../relay/agent.ts';
import { launch } from '../agents.ts';
import { isWaiting, secured, until, withCredential } from './way.ts';

type Proxy = Awaited<ReturnType<typeof startProxy>>;

const asked = (proxy: Proxy, times = 1): Promise<void> => until(() => proxy.asked.length >= times);
/** Resolves when everybody has left it. */
const left = (proxy: Proxy): Promise<void> => until(() => proxy.open.size === 0);

for (const [try_, bound] of [
  ['enrolment', TIMING.enroll],
  ['session', TIMING.connect],
] as const) {
  test(`a proxy that is silent at the ${try_} is given up in its time and let go of`, async (t) => {
    const place = await secured(t);
    const { dataDir } = try_ === 'session' ? await withCredential(t, place) : { dataDir: tempDir(t) };
    const clock = createFakeClock();
    const silent = await startProxy(t, { instead: () => undefined });
    const agent = { relay: place.front.url, token: TOKEN, ca: CA, dataDir, clock, random: () => 1 };
    const { beats } = launch(t, { ...agent, proxy: `http://${silent.address}/` });
    await asked(silent);
    clock.advance(bound - 1);
    t.notOk(beats.items.some(isWaiting));
    clock.advance(1);
    const { trouble } = await beats.next(isWaiting);
    t.equal(trouble, `the proxy gave no answer to the ${try_} within ${bound} ms`);
    await left(silent);
    t.equal(silent.open.size, 0);
    t.same([silent.asked.length, place.front.peers], [1, []]);
  });

  test(`an agent that is stopped while a proxy is silent at the ${try_} leaves nothing behind`, async (t) => {
    const place = await secured(t);
    const { dataDir } = try_ === 'session' ? await withCredential(t, place) : { dataDir: tempDir(t) };
    const silent = await startProxy(t, { instead: () => undefined });
    const agent = { relay: place.front.url, token: TOKEN, ca: CA, dataDir };
    const { stop } = launch(t, { ...agent, proxy: `http://${silent.address}/` });
    await asked(silent);
    t.equal(silent.open.size, 1);
    await stop();
    await left(silent);
    t.equal(silent.open.size, 0);
  });
}

for (const scheme of ['ws', 'wss']) {
  test(`a ${scheme}:// relay that is silent behind its proxy is named, not the proxy, and both are let go of`, async (t) => {
    const clock = createFakeClock();
    const { relay, front } = await secured(t);
    relay.inject({ stall: ['enroll'] });
    const proxy = await startProxy(t);
    const url = scheme === 'ws' ? relay.url : front.url;
    const agent = { relay: url, token: TOKEN, ca: CA, clock, random: () => 1 };
    const { beats } = launch(t, { ...agent, proxy: `http://${proxy.address}/` });
    await relay.waitFor(ofKind('stalled'), SOON);
    clock.advance(TIMING.enroll);
    t.match((await beats.next(isWaiting)).trouble, /^the relay gave no answer to the enrolment/);
    await left(proxy);
    t.equal(proxy.open.size, 0);
  });
}
