import { ofKind } from '@guruconnect/relay';
import type { NativeProxy } from '@guruconnect/native';
import { createRoutes, proxyName } from '@guruconnect/worker/network/route';
import { type AskSystem, askWindows } from '@guruconnect/worker/network/system-proxy';
import { type Test, test } from 'tap';
import { CA } from '../../helpers/certificates.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { SOON, TOKEN } from '../../relay/agent.ts';
import { launch, start } from '../agents.ts';
import { establishBy, isOnline, isWaiting, secured } from './way.ts';

const said = (proxy: string, bypass = '', error = 0): NativeProxy => ({ error, proxy, bypass });
const failed = (error: number): NativeProxy => said('', '', error);

/** Windows that gives these answers in turn, the last one for ever. */
const windows = (...answers: readonly NativeProxy[]) => {
  const asked: string[] = [];
  const askSystem: AskSystem = (url) => {
    asked.push(url);
    const answer = answers[Math.min(asked.length, answers.length) - 1];
    return answer === undefined
      ? Promise.reject(new Error('no answers were given'))
      : Promise.resolve(answer);
  };
  return { asked, askSystem };
};

/** A relay that is not on this machine as far as its name goes. */
const elsewhere = async (t: Test) => {
  const place = await secured(t, 'elsewhere');
  const agent = {
    relay: `wss://relay.example:${place.front.port}/`,
    token: TOKEN,
    ca: CA,
    proxy: 'system',
    lookup: () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]),
  } as const;
  return { ...place, agent };
};

test('the proxy that Windows names is gone through, and asked for with each connection', async (t) => {
  const { relay, front, agent } = await elsewhere(t);
  const proxy = await startProxy(t);
  const { asked, askSystem } = windows(said(`http=10.9.9.9:1;https=${proxy.address}`, '<local>'));
  launch(t, { ...agent, askSystem });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.same(asked, Array(2).fill(`https://relay.example:${front.port}/`), 'the enrolment, then the session');
  t.same(proxy.asked, Array(2).fill(`relay.example:${front.port}`));
  t.same(front.peers, proxy.ports);
});

const DIRECTLY: Record<string, NativeProxy> = {
  'have no proxy': said(''),
  'find no script on this network': failed(12180),
  'bypass the relay': said('127.0.0.1:9', '*.example'),
  'have a proxy for other schemes only': said('http=127.0.0.1:9'),
};
for (const [situation, answer] of Object.entries(DIRECTLY)) {
  test(`settings that ${situation} say that the way is direct`, async (t) => {
    const { front, agent } = await elsewhere(t);
    const { beats } = launch(t, { ...agent, ...windows(answer) });
    await beats.next(isOnline);
    t.notOk(beats.items.some(isWaiting));
    t.equal(front.peers.length, 2);
  });
}

const TROUBLES: Record<string, [NativeProxy, string]> = {
  'do not answer in time': [failed(258), 'gave no answer within 5000 ms'],
  'are still at an earlier question': [failed(170), 'have not answered an earlier question yet'],
  'find a script that is bad': [failed(12166), "cannot be used: the network's proxy script is bad"],
  'find a script that is not to be had': [
    failed(12167),
    "cannot be used: the network's proxy script cannot be fetched",
  ],
  'find a script that fails': [failed(12177), "cannot be used: the network's proxy script fails"],
  'lack the service of Windows': [
    failed(12178),
    'cannot be used: the WinHTTP auto-proxy service does not run',
  ],
  'fail otherwise': [failed(5), "cannot be had: Windows' error 5"],
  'name a proxy of another kind': [
    said('socks://user:hunter2@s:1080'),
    'name a proxy that is not host:port of an HTTP proxy',
  ],
};
for (const [situation, [answer, words]] of Object.entries(TROUBLES)) {
  test(`settings that ${situation} are trouble of this try, the way is never direct, and they are asked again`, async (t) => {
    const { front, agent } = await elsewhere(t);
    const proxy = await startProxy(t);
    const { asked, askSystem } = windows(answer, answer, said(proxy.address));
    const { beats } = launch(t, { ...agent, askSystem });
    await beats.next(isOnline);
    const troubles = beats.items.filter(isWaiting).map(({ trouble }) => trouble);
    t.same(troubles, Array(2).fill(`the system's proxy settings ${words}`));
    t.equal(asked.length, 4);
    t.same(front.peers, proxy.ports);
  });
}

test(
  'where there is no Windows to ask, that is trouble in words',
  { skip: process.platform === 'win32' && 'this is Windows' },
  async (t) => {
    const { front, agent } = await elsewhere(t);
    const { beats } = launch(t, { ...agent, random: () => 1 });
    t.equal(
      (await beats.next(isWaiting)).trouble,
      "the system's proxy settings cannot be asked for: the native addon is missing, or has no WinHTTP",
    );
    t.same(front.peers, []);
    await t.rejects(askWindows('https://relay.example/'));
  },
);

test('a proxy that Windows names and that is dead is trouble like any other, until Windows names another one', async (t) => {
  const { front, agent } = await elsewhere(t);
  const gone = await startProxy(t);
  await gone.close();
  const proxy = await startProxy(t);
  const { askSystem } = windows(said(`${gone.address};${proxy.address}`), said(proxy.address));
  const { beats } = launch(t, { ...agent, askSystem });
  await beats.next(isOnline);
  const troubles = beats.items.filter(isWaiting);
  t.equal(troubles.length, 1);
  t.match(troubles[0]?.trouble, /^the proxy cannot be used: .*ECONNREFUSED/);
  t.same(front.peers, proxy.ports);
});

test('in words the proxy stays what it is called', (t) => {
  t.equal(proxyName('system'), 'system');
  t.end();
});

test('only with a fallback are settings without an answer gone past', async (t) => {
  const { front, agent } = await elsewhere(t);
  const { asked, askSystem } = windows(failed(258));
  const { beats } = launch(t, { ...agent, askSystem, proxyFallback: 'direct' });
  await beats.next(isOnline);
  t.same([asked.length, front.peers.length], [2, 2]);
});

test('a relay that fails where the settings said direct is no reason to go past them', async (t) => {
  const { relay: url, ...rest } = { relay: 'wss://relay.example:9', proxy: 'system' } as const;
  const refused = () => Promise.resolve([{ address: '127.0.0.1', family: 4 }]);
  const routes = createRoutes(
    { relay: url, ...rest, proxyFallback: 'direct' },
    { lookup: refused, ...windows(said('')) },
  );
  for (let at = 0; at < 3; at += 1) {
    const route = routes.open();
    t.same([route.via, route.awaited()], ['system', 'the proxy']);
    await t.rejects(establishBy(route), /ECONNREFUSED/);
    t.equal(route.awaited(), 'the relay');
    route.release();
  }
});

for (const written of ['url', 'urlByName'] as const) {
  test(`a relay on this machine (${written}) is reached directly, and Windows is not asked`, async (t) => {
    const { front } = await secured(t);
    const { asked, askSystem } = windows(said('127.0.0.1:9'));
    const { beats } = launch(t, { relay: front[written], token: TOKEN, ca: CA, proxy: 'system', askSystem });
    await beats.next(isOnline);
    t.same([asked, front.peers.length], [[], 2]);
  });
}

test('so is a ws:// relay, whose credential would leave the machine in the clear', async (t) => {
  const relay = await start(t);
  const { asked, askSystem } = windows(said('127.0.0.1:9'));
  const { beats } = launch(t, { relay: relay.url, token: TOKEN, proxy: 'system', askSystem });
  await beats.next(isOnline);
  t.same(asked, []);
});
