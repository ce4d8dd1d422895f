import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { ofKind } from '@guruconnect/relay';
import { TIMING } from '@guruconnect/shared/timing';
import { type Lookup, shareLookups, systemLookup } from '@guruconnect/worker/network/dial';
import { createRoutes } from '@guruconnect/worker/network/route';
import { type Test, test } from 'tap';
import { AUTHORITY, createAuthority } from '../../helpers/authority.ts';
import { startProxy } from '../../helpers/connect-proxy.ts';
import { createFakeClock } from '../../helpers/fake-clock.ts';
import { settleNow } from '../../helpers/run-to-end.ts';
import { tlsFront } from '../../helpers/tls-front.ts';
import { TOKEN } from '../../relay/agent.ts';
import { launch, start } from '../agents.ts';
import { establishBy, isOnline, isWaiting, until } from './way.ts';

const LINUX_ONLY = process.platform === 'linux' ? false : 'needs all of 127.0.0.0/8, and a stopped process';
const hasIpv6 = Object.values(networkInterfaces()).some((all) =>
  all?.some(({ address }) => address === '::1'),
);
const HERE = { skip: AUTHORITY.skip };
/** The test, or where this machine has no ::1 a line that says so. */
const ofIpv6 =
  (act: (t: Test) => Promise<unknown>) =>
  async (t: Test): Promise<void> => {
    if (hasIpv6) await act(t);
    else t.comment('not checked: this machine has no ::1');
  };
const NAME = 'relay.example';

const at = (...addresses: readonly string[]): Awaited<ReturnType<Lookup>> =>
  addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));

/** A relay with a name that only the test's own resolver knows. */
const named = async (t: Test, place: { readonly host?: string; readonly port?: number } = {}) => {
  const { ca, issue } = createAuthority(t);
  const relay = await start(t);
  const front = await tlsFront(t, relay, issue({ names: `DNS:${NAME},IP:::1` }), place);
  return { ca, issue, relay, front, url: `wss://${NAME}:${front.port}` };
};

/** An address where a SYN is not even refused: its one listener sleeps, and its queue is full. */
const silentAddress = async (t: Test, host: string, port: number): Promise<void> => {
  const program = `require('net').createServer().listen({ port: ${port}, host: '${host}', backlog: 1 }, () => {
    process.stdout.write('up', () => process.kill(process.pid, 'SIGSTOP'));
  })`;
  const child = spawn(process.execPath, ['-e', program], { stdio: ['ignore', 'pipe', 'inherit'], env: {} });
  t.teardown(() => child.kill('SIGKILL'));
  await once(child.stdout, 'data');
  for (;;) {
    const filler = connect({ host, port }).on('error', () => undefined);
    t.teardown(() => filler.destroy());
    const connected = once(filler, 'connect', { signal: AbortSignal.timeout(300) });
    if (!(await connected.then(() => true).catch(() => false))) return;
  }
};

test(
  'a name whose first address is silent is reached by its second one, before the time of the connection is over',
  { skip: AUTHORITY.skip || LINUX_ONLY },
  async (t) => {
    const { ca, front } = await named(t);
    await silentAddress(t, '127.0.0.9', front.port);
    const relay = `wss://${NAME}:${front.port}`;
    const routes = createRoutes(
      { relay, ca },
      { lookup: () => Promise.resolve(at('127.0.0.9', '127.0.0.1')) },
    );
    const from = performance.now();
    const socket = await establishBy(routes.open());
    const took = performance.now() - from;
    socket.destroy();
    t.ok(took > TIMING.addressAttempt - 50, `it was silent: ${took} ms`);
    t.ok(took < TIMING.addressAttempt + 2_000, `and not waited for: ${took} ms`);
  },
);

test('several silent addresses fit into the time of a connection', (t) => {
  const [connectMs, attemptMs]: readonly number[] = [TIMING.connect, TIMING.addressAttempt];
  t.ok(5 * (attemptMs ?? 0) < (connectMs ?? 0));
  // Node's own bound, 250 ms, is less than a round trip by satellite.
  t.ok((attemptMs ?? 0) > 1_000);
  t.end();
});

test(
  'a name that has an address of each family is reached by the one that answers',
  HERE,
  ofIpv6(async (t) => {
    for (const [host, addresses] of [
      ['127.0.0.1', at('::1', '127.0.0.1')],
      ['::1', at('127.0.0.1', '::1')],
    ] as const) {
      const { ca, relay, front, url } = await named(t, { host });
      launch(t, { relay: url, token: TOKEN, ca, lookup: () => Promise.resolve(addresses) });
      await until(() => relay.events.some(ofKind('session-online')));
      t.equal(front.peers.length, 2, host);
    }
  }),
);

test(
  'a relay and a proxy named by an IPv6 address are reached, and asked for in brackets',
  HERE,
  ofIpv6(async (t) => {
    const { ca, front } = await named(t, { host: '::1' });
    const relay = `wss://[::1]:${front.port}`;
    const direct = launch(t, { relay, token: TOKEN, ca });
    await direct.beats.next(isOnline);
    await direct.stop();
    t.same(front.asked, [false, false], 'an address is no SNI');
    const behind = await named(t);
    const proxy = await startProxy(t, { host: '::1' });
    const through = { relay: `wss://[::1]:${behind.front.port}`, proxy: `http://${proxy.address}/` };
    const { beats } = launch(t, { ...through, token: TOKEN, ca: behind.ca });
    await beats.next(isOnline);
    t.same(proxy.asked, Array(2).fill(`[::1]:${behind.front.port}`));
  }),
);

test(
  'a name that has moved is found at its new address by the next try',
  { skip: AUTHORITY.skip || LINUX_ONLY },
  async (t) => {
    const { ca, issue, relay, front, url } = await named(t);
    const { port } = front;
    const moved = await tlsFront(t, relay, issue({ names: `DNS:${NAME}` }), { port, host: '127.0.0.2' });
    let address = '127.0.0.1';
    const { beats } = launch(t, { relay: url, token: TOKEN, ca, lookup: () => Promise.resolve(at(address)) });
    await beats.next(isOnline);
    t.same([front.peers.length, moved.peers.length], [2, 0]);
    address = '127.0.0.2';
    const from = beats.items.length;
    front.reset();
    await beats.next(isOnline, from);
    t.same([front.peers.length, moved.peers.length], [2, 1]);
  },
);

test(
  'a name that is not known is trouble in words, and asked for again at every try',
  AUTHORITY,
  async (t) => {
    const { ca, url } = await named(t);
    let asked = 0;
    const lookup: Lookup = (name) => {
      asked += 1;
      if (asked > 2) return Promise.resolve(at('127.0.0.1'));
      return Promise.reject(Object.assign(new Error(`getaddrinfo ENOTFOUND ${name}`), { code: 'ENOTFOUND' }));
    };
    const { beats } = launch(t, { relay: url, token: TOKEN, ca, lookup });
    t.equal((await beats.next(isWaiting)).trouble, `getaddrinfo ENOTFOUND ${NAME}`);
    await beats.next(isOnline);
    t.equal(asked, 4, 'two that failed, the enrolment and the session');
  },
);

test('a name without an address is trouble in words', AUTHORITY, async (t) => {
  const { ca, url } = await named(t);
  const lookup = () => Promise.resolve([]);
  const { beats } = launch(t, { relay: url, token: TOKEN, ca, lookup, random: () => 1 });
  t.match((await beats.next(isWaiting)).trouble, new RegExp(`${NAME}.*no address`));
});

test('behind a proxy only the name of the proxy is looked up here', AUTHORITY, async (t) => {
  const { ca, url } = await named(t);
  const proxy = await startProxy(t);
  const names = new Set<string>();
  const lookup: Lookup = (name) => {
    names.add(name);
    return Promise.resolve(at('127.0.0.1'));
  };
  const agent = { relay: url, token: TOKEN, ca, proxy: `http://proxy.example:${proxy.port}/`, lookup };
  await launch(t, agent).beats.next(isOnline);
  t.same([...names], ['proxy.example']);
});

test(
  'a resolver that hangs is asked once, however many tries are given up, and its answer counts',
  AUTHORITY,
  async (t) => {
    const { ca, url } = await named(t);
    const clock = createFakeClock();
    const answers: ((addresses: Awaited<ReturnType<Lookup>>) => void)[] = [];
    const lookup: Lookup = () => new Promise((resolve) => void answers.push(resolve));
    const { beats } = launch(t, { relay: url, token: TOKEN, ca, clock, lookup });
    const tries = (): number => beats.items.filter(({ link }) => link === 'enrolling').length;
    for (let count = 1; count <= 5; count += 1) {
      await until(() => tries() === count);
      clock.advance(TIMING.enroll);
      await settleNow();
      clock.advance(0);
    }
    t.ok(tries() >= 5);
    t.equal(answers.length, 1);
    answers[0]?.(at('127.0.0.1'));
    await until(() => answers.length === 2);
    t.equal(answers.length, 2, 'the session asks anew');
    answers[1]?.(at('127.0.0.1'));
    await beats.next(isOnline);
  },
);

test('the lookup of another name does not wait, and one that failed is done', async (t) => {
  const asked: string[] = [];
  const lookup = shareLookups((name) => {
    asked.push(name);
    return name === 'fails' ? Promise.reject(new Error('no')) : new Promise(() => undefined);
  });
  void lookup('hangs');
  void lookup('hangs');
  await t.rejects(lookup('fails'));
  await t.rejects(lookup('fails'));
  t.same(asked, ['hangs', 'fails', 'fails']);
});

test('the system resolves to all addresses, each with its family', async (t) => {
  const addresses = await systemLookup('localhost');
  t.ok(addresses.some(({ address, family }) => address === '127.0.0.1' && family === 4));
  await t.rejects(
    systemLookup('no-such-name.invalid'),
    new Error('getaddrinfo ENOTFOUND no-such-name.invalid'),
  );
});
