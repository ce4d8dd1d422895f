/** The agent as a process of its own, through a proxy that nobody here wrote: Debian's tinyproxy. */
import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { type AddressInfo, connect, createServer } from 'node:net';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { type Test, test } from 'tap';
import { CA_FILE } from '../helpers/certificates.ts';
import { GURUCONNECT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { SOON, TOKEN } from '../relay/agent.ts';
import { secured } from '../worker/network/way.ts';

const installed = spawnSync('tinyproxy', ['-v']).status === 0;
const REAL = {
  skip: installed
    ? false
    : 'tinyproxy is not installed (apt-get install --no-install-recommends tinyproxy-bin)',
};
const USER = 'agent';
const PASSWORD = 'hunter2';
const LONG_MS = 20_000;

const freePort = async (): Promise<number> => {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
};

const answers = async (port: number): Promise<boolean> => {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
};

const end = async (proxy: ChildProcess): Promise<void> => {
  if (proxy.exitCode !== null || proxy.signalCode !== null) return;
  const ended = once(proxy, 'exit');
  proxy.kill('SIGKILL');
  await ended;
};

/** Resolves when it listens. @returns its port, its log, and what ends it by its pid */
const startTinyproxy = async (t: Test, { auth = false, port = 0, more = '' } = {}) => {
  const dir = tempDir(t);
  const at = port === 0 ? await freePort() : port;
  const config = join(dir, 'tinyproxy.conf');
  const log = join(dir, 'log');
  const lines = [
    `Port ${at}`,
    'Listen 127.0.0.1',
    'Timeout 600',
    'MaxClients 20',
    `LogFile "${log}"`,
    'LogLevel Connect',
    `PidFile "${join(dir, 'pid')}"`,
    ...(auth ? [`BasicAuth ${USER} ${PASSWORD}`] : []),
    more,
  ];
  writeFileSync(config, `${lines.join('\n')}\n`, { mode: 0o600 });
  const proxy = spawn('tinyproxy', ['-d', '-c', config], { stdio: 'ignore' });
  t.teardown(() => end(proxy));
  const until = performance.now() + SOON;
  while (!(await answers(at))) {
    if (performance.now() > until) throw new Error('tinyproxy does not listen');
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  return { port: at, log: () => readFileSync(log, 'utf8'), end: () => end(proxy) };
};

/** A worker alone, with all that it says. */
const startWorker = (t: Test, config: Readonly<Record<string, unknown>>) => {
  const data = tempDir(t);
  copyFileSync(CA_FILE, join(data, 'ca.pem'));
  writeFileSync(join(data, 'config.json'), JSON.stringify({ enrollToken: TOKEN, ca: 'ca.pem', ...config }));
  const worker = startProgram(GURUCONNECT, ['worker', '--data', data], {});
  t.teardown(() => {
    worker.kill('SIGKILL');
  });
  return worker;
};

for (const [situation, auth, written] of [
  ['without a password', false, ''],
  ['with a password', true, `${USER}:${PASSWORD}@`],
] as const) {
  test(
    `through tinyproxy ${situation} a worker enrols and is online, and the relay sees nobody else`,
    REAL,
    async (t) => {
      const { relay, front } = await secured(t);
      const proxy = await startTinyproxy(t, { auth });
      const worker = startWorker(t, {
        relay: front.urlByName,
        proxy: `http://${written}127.0.0.1:${proxy.port}`,
      });
      await relay.waitFor(ofKind('session-online'), SOON);
      const asked = proxy.log().match(new RegExp(`CONNECT localhost:${front.port} HTTP/1.1`, 'g')) ?? [];
      t.equal(asked.length, 2);
      t.equal(front.peers.length, 2);
      worker.kill('SIGINT');
      const { code, stdout, stderr } = await worker.ended;
      t.equal(code, 0);
      t.notMatch(`${stdout}${stderr}`, PASSWORD);
    },
  );
}

test(
  'tinyproxy refuses a wrong password and a missing one, and the worker says so and goes nowhere else',
  REAL,
  async (t) => {
    const { relay, front } = await secured(t);
    const proxy = await startTinyproxy(t, { auth: true });
    for (const [written, status] of [
      ['', 407],
      [`${USER}:wrong@`, 401],
    ] as const) {
      const worker = startWorker(t, {
        relay: front.url,
        proxy: `http://${written}127.0.0.1:${proxy.port}`,
        proxyFallback: 'direct',
      });
      const said = new RegExp(
        `enrolment failed.*the proxy refused the connection with status ${status}[^]*enrolment failed`,
      );
      await worker.seen(said);
      worker.kill('SIGINT');
      await worker.ended;
    }
    t.same([front.peers, relay.events], [[], []]);
  },
);

test('a port that tinyproxy does not allow is a refusal in words', REAL, async (t) => {
  const { front } = await secured(t);
  const proxy = await startTinyproxy(t, { more: 'ConnectPort 443' });
  const worker = startWorker(t, { relay: front.url, proxy: `http://127.0.0.1:${proxy.port}` });
  await worker.seen(/the proxy refused the connection with status 403/);
  t.same(front.peers, []);
});

test(
  'a worker whose tinyproxy dies is never online past it, and comes back when that does',
  REAL,
  async (t) => {
    const { relay, front } = await secured(t);
    const proxy = await startTinyproxy(t);
    const worker = startWorker(t, { relay: front.url, proxy: `http://127.0.0.1:${proxy.port}` });
    await relay.waitFor(ofKind('session-online'), SOON);
    await proxy.end();
    await worker.seen(/the proxy cannot be used: .*ECONNREFUSED/);
    t.equal(front.peers.length, 2);
    const events = relay.events.length;
    const again = await startTinyproxy(t, { port: proxy.port });
    await relay.waitFor(ofKind('session-online'), LONG_MS, events);
    t.equal(front.peers.length, 3);
    t.match(again.log(), /CONNECT/);
  },
);

test('with the fallback a worker whose tinyproxy dies is online past it', REAL, async (t) => {
  const { relay, front } = await secured(t);
  const proxy = await startTinyproxy(t);
  const agent = { relay: front.url, proxy: `http://127.0.0.1:${proxy.port}`, proxyFallback: 'direct' };
  const worker = startWorker(t, agent);
  await relay.waitFor(ofKind('session-online'), SOON);
  const events = relay.events.length;
  await proxy.end();
  await worker.seen(/the proxy cannot be used: .*ECONNREFUSED/);
  await relay.waitFor(ofKind('session-online'), LONG_MS, events);
  t.equal(front.peers.length, 3);
});
