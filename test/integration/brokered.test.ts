/** A worker that may not touch the store, end to end: the supervisor's processes, pipe and files are the product's own. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { join } from 'node:path';
import { ofKind, startRelay } from '@guruconnect/relay';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { writeLastWords } from '@guruconnect/shared/last-words';
import { type Test, test } from 'tap';
import { type BrokeredHome, brokeredHome } from '../helpers/brokered.ts';
import { type Program, fixture, isGone } from '../helpers/program.ts';
import { readLog, workerExit } from '../helpers/service-log.ts';
import { storeCredential } from '../store/stored.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows has its counterpart';
const TOKEN = 'enrolment-token-of-the-test';
const SOON = 20_000;

const relayOf = async (t: Test) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  t.teardown(() => relay.close());
  return relay;
};

const stop = async (t: Test, agent: Program): Promise<void> => {
  agent.kill('SIGTERM');
  t.equal((await agent.ended).code, 0);
};

/** What a worker that is on its own would have left. */
const hasNoStore = (t: Test, { data }: BrokeredHome): void => {
  t.same(
    readdirSync(data).filter((name) => /credential|machine|last-words/.test(name)),
    [],
    'nothing of the store is where the worker may write',
  );
};

void test('a worker whose store is the supervisor’s', { skip }, async (suite) => {
  await suite.test('it enrols, the supervisor stores, and the next start uses what is stored', async (t) => {
    const relay = await relayOf(t);
    const home = brokeredHome(t, { relay: relay.url, enrollToken: TOKEN });
    const first = await home.online(relay);
    const stored = await home.credential();
    t.match(stored, { relay: relay.url, credential: /^cak_/ });
    await stop(t, first.agent);
    hasNoStore(t, home);
    home.configure({ relay: relay.url });
    const before = relay.events.length;
    const second = await home.online(relay);
    t.equal(
      relay.events.slice(before).find(ofKind('enrolled')),
      undefined,
      'no enrolment, and no token for one',
    );
    t.same(await home.credential(), stored);
    await stop(t, second.agent);
    hasNoStore(t, home);
  });

  await suite.test('the credential is in no argument, no environment and no log', async (t) => {
    const relay = await relayOf(t);
    const home = brokeredHome(t, { relay: relay.url, enrollToken: TOKEN });
    const enrolled = await home.online(relay);
    await stop(t, enrolled.agent);
    const { agent, worker } = await home.online(relay, fixture('worker-shows-argv'));
    const secret = (await home.credential())?.credential ?? 'none';
    t.match(secret, /^cak_/);
    if (process.platform === 'linux') {
      const environment = readFileSync(`/proc/${worker}/environ`, 'utf8');
      t.match(environment, 'PATH=', 'it is an environment that was looked at');
      t.notMatch(environment, secret);
    } else t.comment('not checked, as there is no /proc: the environment');
    await stop(t, agent);
    t.match(
      workerExit(readLog(home.data).toReversed())?.worker?.lastWords.join(),
      '"--supervised"',
      'its arguments are here',
    );
    t.match(home.logs(), '"msg":"worker stopped"', 'the logs are those of the run');
    t.notMatch(home.logs(), secret);
    t.notMatch(home.logs(), TOKEN);
  });

  await suite.test('a credential that the relay takes back is replaced', async (t) => {
    const relay = await relayOf(t);
    const home = brokeredHome(t, { relay: relay.url, enrollToken: TOKEN });
    const stale = {
      relay: relay.url,
      machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
      agentId: 'front-desk',
      credential: `cak_${'Stale0'.repeat(7)}`,
      enrolledAt: '2026-01-02T03:04:05.678Z',
    };
    await storeCredential(home.store, stale);
    const { agent } = await home.online(relay);
    const after = await home.credential();
    t.match(after, { machineId: stale.machineId, relay: relay.url });
    t.not(after?.credential, stale.credential);
    t.strictSame(
      Object.keys(after?.fingerprint ?? {}).length > 0,
      true,
      'the supervisor puts its fingerprint to it',
    );
    await stop(t, agent);
  });

  await suite.test('a store that cannot be written to keeps the agent from nothing', async (t) => {
    const relay = await relayOf(t);
    const home = brokeredHome(t, { relay: relay.url, enrollToken: TOKEN });
    mkdirSync(join(home.store, 'credential.json.new'));
    const { agent } = await home.online(relay);
    t.match(home.logs(), /"level":50.*the credential cannot be stored: it is lost when the agent ends/);
    t.equal(await home.credential(), undefined);
    await stop(t, agent);
    rmSync(join(home.store, 'credential.json.new'), { recursive: true });
    const again = await home.online(relay);
    t.match(await home.credential(), { relay: relay.url }, 'and the next start stores');
    await stop(t, again.agent);
  });

  await suite.test(
    'a supervisor that is killed while it stores leaves no worker and no half file',
    async (t) => {
      const relay = await relayOf(t);
      const home = brokeredHome(t, { relay: relay.url, enrollToken: TOKEN });
      relay.inject({ refuseEnroll: { status: 503, retryAfter: '1' } });
      const agent = home.start();
      const [, pid = ''] = await agent.seen(/worker: pid (\d+)\nservice: running/);
      await relay.waitFor(ofKind('enroll-refused'), SOON);
      // Whoever reads it waits for somebody to write: the supervisor, in the middle of storing.
      const pipe = join(home.store, 'credential.json');
      t.equal(spawnSync('mkfifo', [pipe]).status, 0);
      relay.inject({});
      // Opens once somebody reads.
      const writer = await open(pipe, 'w');
      agent.kill('SIGKILL');
      await writer.close();
      await agent.ended;
      t.ok(await isGone(Number(pid), 5000), 'the worker goes with it');
      t.same(readdirSync(home.store).sort(), ['credential.json', 'logs', 'machine.json']);
      rmSync(pipe);
      const again = await home.online(relay);
      t.match(await home.credential(), { relay: relay.url });
      await stop(t, again.agent);
    },
  );

  await suite.test(
    'another relay in the file: the supervisor says who the machine is to that one',
    async (t) => {
      const [one, other] = [await relayOf(t), await relayOf(t)];
      const home = brokeredHome(t, { relay: one.url, enrollToken: TOKEN });
      const { agent } = await home.online(one);
      const before = await home.credential();
      home.configure({ relay: other.url, enrollToken: TOKEN });
      await other.waitFor(ofKind('session-online'), SOON);
      const enrolled = other.events.find(ofKind('enrolled'));
      t.match(enrolled, { reason: 'other-relay', machineId: before?.machineId });
      t.match(await home.credential(), { relay: other.url, machineId: before?.machineId });
      t.ok(existsSync(join(home.store, 'credential.json.previous')), 'the former one is kept');
      await stop(t, agent);
      hasNoStore(t, home);
    },
  );

  await suite.test('last words are handed over, told, and forgotten by the supervisor', async (t) => {
    const relay = await relayOf(t);
    const home = brokeredHome(t, { relay: relay.url, enrollToken: TOKEN });
    const words = { reason: 'hung', at: '2026-01-02T03:04:05.678Z', lines: ['the last one'] };
    writeLastWords(home.store, words);
    const { agent, online } = await home.online(relay);
    t.match(online.lastWords, words);
    await stop(t, agent);
    t.notOk(existsSync(lastWordsPath(home.store)), 'the file has gone');
  });

  await suite.test('no credential and no token: the service fails as with a worker of its own', async (t) => {
    const relay = await relayOf(t);
    const home = brokeredHome(t, { relay: relay.url });
    const agent = home.start();
    t.equal((await agent.ended).code, 1);
    t.match(home.logs(), /"level":50.*"code":"no-credential".*the worker cannot go on/);
    // The witness's folder is the console's, as it is the one that the supervisor was started with.
    t.match(JSON.parse(readFileSync(lastWordsPath(home.data), 'utf8')), { reason: 'no-credential' });
    t.equal(relay.events.length, 0, 'and nobody has been asked');
  });
});
