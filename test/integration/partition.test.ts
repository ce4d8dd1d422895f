/** A worker and a relay in networks of their own, and what networks do between them. */
import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, comment, test as tapTest } from 'tap';
import { AUTHORITY, createAuthority } from '../helpers/authority.ts';
import { NAMESPACES, NOT_CHECKED, RELAY, WORKER, createNetwork } from '../helpers/namespaces.ts';
import { GURUCONNECT, type Program, fixture, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { TOKEN } from '../relay/agent.ts';

/** What the issue gives a half-open connection until it is noticed. */
const NOTICED_MS = 45_000;
const LIMIT_MS = 600_000;
const NAME = 'relay.test';
const REAL = { skip: NAMESPACES.skip || AUTHORITY.skip, timeout: LIMIT_MS };
/** The tests, or where this machine cannot run them a line that says so. */
const test = (name: string, options: object, act: (t: Test) => Promise<unknown>): Promise<unknown> =>
  tapTest(name, options, async (t) => {
    if (NOT_CHECKED === undefined) await act(t);
    else t.comment(NOT_CHECKED);
  });
/** The variants that take minutes. */
const SOAK = process.env['GURUCONNECT_SOAK'] === '1';
if (!SOAK) comment('not checked: networks that are bad for minutes (GURUCONNECT_SOAK=1)');

interface Options {
  readonly hosts?: readonly string[];
  readonly heartbeatMs?: number;
  readonly delayMs?: number;
}

const started = (t: Test, by: readonly string[], script: string, args: readonly string[]): Program => {
  const program = startProgram(script, args, { by, limitMs: LIMIT_MS });
  t.teardown(async () => {
    program.kill('SIGKILL');
    await program.ended;
  });
  return program;
};

/** The relay is up, and a worker is made as it is wanted. */
const place = async (t: Test, { hosts = [], heartbeatMs = 20_000, delayMs = 0 }: Options = {}) => {
  const network = createNetwork(t, hosts);
  const { issue, file } = createAuthority(t);
  const { cert, key } = issue({ names: `DNS:${NAME},IP:${RELAY.v4},IP:${RELAY.v6}` });
  const dir = tempDir(t);
  const files = { cert: join(dir, 'cert.pem'), key: join(dir, 'key.pem') };
  writeFileSync(files.cert, cert);
  writeFileSync(files.key, key);
  const args = ['::', files.cert, files.key, TOKEN, String(heartbeatMs), String(delayMs)];
  const relay = started(t, network.relay.by, fixture('secured-relay'), args);
  const [, port = '', slowPort = ''] = await relay.seen(/listening (\d+) (\d+)/);
  const work = (host: string, at = port): Program => {
    const data = tempDir(t);
    const config = { relay: `wss://${host}:${at}`, enrollToken: TOKEN, ca: file };
    writeFileSync(join(data, 'config.json'), JSON.stringify(config));
    return started(t, network.worker.by, GURUCONNECT, ['worker', '--data', data]);
  };
  return { network, relay, work, slowPort };
};

/** Resolves when the relay has seen that many sessions. */
const sessions = (relay: Program, count: number, withinMs?: number) =>
  relay.seen(new RegExp(`(session-online[^]*){${count}}`), withinMs);

const LOST = /"from":"online","event":"closed","to":"waiting","why":"([^"]*)"/;
const openFiles = ({ pid }: Program): number => readdirSync(`/proc/${pid}/fd`).length;
const timed = async (work: Promise<unknown>): Promise<number> => {
  const from = performance.now();
  await work;
  return performance.now() - from;
};

test(
  'a network that loses every packet, and tells nobody, is noticed in time, and the worker is back with it',
  REAL,
  async (t) => {
    const { network, relay, work } = await place(t);
    const worker = work(RELAY.v4);
    await sessions(relay, 1);
    network.cut();
    const [, why] = await worker.seen(LOST, NOTICED_MS);
    t.equal(why, 'heartbeat lost');
    network.heal();
    const took = await timed(sessions(relay, 2, TIMING.connect + 2 * TIMING.backoffFirst + 5_000));
    t.comment(`online again ${Math.round(took)} ms after the network was`);
  },
);

test('a reset of the connection is noticed at once, and the worker is back', REAL, async (t) => {
  const { relay, work } = await place(t);
  const worker = work(`[${RELAY.v6}]`);
  await sessions(relay, 1);
  relay.kill('SIGUSR2');
  await worker.seen(LOST, 5_000);
  await sessions(relay, 2);
  t.pass('online again, by IPv6');
});

test('a relay 300 ms away is reached, and each step of the way takes its time', REAL, async (t) => {
  const oneWayMs = 150;
  const { network, relay, work, slowPort } = await place(t, { delayMs: oneWayMs });
  const slow = ['netem', 'delay', `${oneWayMs}ms`];
  const isReal = network.relay.shape(...slow) && network.worker.shape(...slow);
  t.comment(isReal ? 'by netem' : 'the kernel has no netem: a program delays what it leads on');
  const worker = isReal ? work(RELAY.v4) : work(RELAY.v4, slowPort);
  const took = await timed(sessions(relay, 1));
  // TLS and the request for the enrolment, TLS, the upgrade and the hello for the session.
  t.ok(took > 5 * 2 * oneWayMs, `${Math.round(took)} ms`);
  await t.rejects(worker.seen(LOST, 2_000), 'and it stays');
});

test('a name whose IPv6 address is dead is reached by IPv4, as the system resolves it', REAL, async (t) => {
  const hosts = [`fd00:99::3 ${NAME}`, `${RELAY.v4} ${NAME}`];
  const { relay, work } = await place(t, { hosts });
  work(NAME);
  const took = await timed(sessions(relay, 1));
  t.ok(took > TIMING.addressAttempt - 100, `it was tried first: ${Math.round(took)} ms`);
});

test('a network that is away when the worker starts is waited for', REAL, async (t) => {
  const { network, relay, work } = await place(t);
  network.worker.ip('link', 'set', 'eth0', 'down');
  const worker = work(RELAY.v4);
  await worker.seen(/enrolment failed.*ENETUNREACH[^]*enrolment failed/);
  network.worker.ip('link', 'set', 'eth0', 'up');
  await sessions(relay, 1);
  t.pass('online');
});

if (SOAK) {
  test(
    'a relay whose packets vanish from the start costs each try its time, and no more',
    REAL,
    async (t) => {
      const { network, relay, work } = await place(t);
      // A neighbour that does not answer is unreachable at once: this one is known.
      const known = [RELAY.v4, 'lladdr', RELAY.mac, 'dev', 'eth0', 'nud', 'permanent'];
      network.worker.ip('neighbour', 'replace', ...known);
      network.cut();
      const worker = work(RELAY.v4);
      const said = `the relay gave no answer to the enrolment within ${TIMING.enroll} ms`;
      await worker.seen(new RegExp(said), TIMING.enroll + 5_000);
      network.heal();
      await sessions(relay, 1, TIMING.enroll + 5_000);
      t.pass('online');
    },
  );

  test('a worker whose address changes is back by the new one', REAL, async (t) => {
    const { network, relay, work } = await place(t);
    const worker = work(RELAY.v4);
    await sessions(relay, 1);
    network.worker.ip('address', 'delete', `${WORKER.v4}/24`, 'dev', 'eth0');
    network.worker.ip('address', 'add', '10.99.0.7/24', 'dev', 'eth0');
    await worker.seen(LOST, NOTICED_MS);
    await sessions(relay, 2, TIMING.connect + 5_000);
    t.pass('online again');
  });

  test('a network that loses what goes one way only is noticed in time', REAL, async (t) => {
    const { network, relay, work } = await place(t);
    const worker = work(RELAY.v4);
    await sessions(relay, 1);
    network.relay.shape('blackhole');
    await worker.seen(LOST, NOTICED_MS);
    network.heal();
    await sessions(relay, 2, TIMING.connect + 10_000);
    t.pass('online again');
  });

  test(
    'a network that is away again and again, for seconds or more, costs the worker no file',
    REAL,
    async (t) => {
      const { network, relay, work } = await place(t, { heartbeatMs: 2_000 });
      const worker = work(RELAY.v4);
      await sessions(relay, 1);
      const before = openFiles(worker);
      let count = 1;
      for (const awayMs of [1_000, 16_000, 3_000, 40_000, 14_000]) {
        network.cut();
        await new Promise((resolve) => setTimeout(resolve, awayMs));
        network.heal();
        // What was away for a moment only is no end of a session: TCP sends again what was lost.
        if (awayMs < TIMING.heartbeatAck) continue;
        count += 1;
        const took = await timed(sessions(relay, count, TIMING.connect + TIMING.backoffCap));
        t.comment(`away for ${awayMs} ms, online again after ${Math.round(took)} ms more`);
      }
      t.ok(openFiles(worker) <= before, `${openFiles(worker)} files, ${before} before`);
    },
  );
}
