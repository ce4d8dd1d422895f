/** The link of a real agent: its last words, its configuration as it changes, its counters, and where its secrets are. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind, startRelay } from '@guruconnect/relay';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { type Test, test } from 'tap';
import { GURUCONNECT, isGone, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows has its counterpart';
const TOKEN = 'enrolment-token-of-the-test';
const SOON = 20_000;

const relayOf = async (t: Test) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  t.teardown(() => relay.close());
  return relay;
};

/** A supervisor in a console, and the relay's word that it is online. */
const launch = async (t: Test, relay: Awaited<ReturnType<typeof relayOf>>, data: string) => {
  const seen = relay.events.length;
  const agent = startProgram(GURUCONNECT, ['console', '--data', data], {
    env: { GURUCONNECT_ENROLL_TOKEN: TOKEN, GURUCONNECT_RELAY: relay.url },
  });
  t.teardown(() => agent.kill('SIGKILL'));
  const online = await relay.waitFor(ofKind('session-online'), SOON, seen);
  const [, pid = ''] = await agent.seen(/worker: pid (\d+)/);
  return { agent, online, worker: Number(pid) };
};

const statusOf = async (data: string) => {
  const { stdout } = await startProgram(GURUCONNECT, ['status', '--json', '--data', data]).ended;
  return JSON.parse(stdout) as {
    supervisor: { link: { counters: Record<string, unknown> } };
    lastWords: unknown;
  };
};

void test('the link of a real agent', { skip }, async (suite) => {
  await suite.test(
    'a worker that is killed leaves last words: status shows them, the relay hears them once',
    async (t) => {
      const relay = await relayOf(t);
      const data = tempDir(t);
      const first = await launch(t, relay, data);
      t.equal(first.online.lastWords, undefined);
      // The relay is the first to know: the worker has yet to hear, and to write down, that it is online.
      await first.agent.seen(/link: online/);
      process.kill(first.worker, 'SIGKILL');
      t.equal((await first.agent.ended).code, 1);
      t.match(JSON.parse(readFileSync(lastWordsPath(data), 'utf8')), { reason: 'signal', signal: 'SIGKILL' });
      t.match((await statusOf(data)).lastWords, { reason: 'signal' });
      const screen = await startProgram(GURUCONNECT, ['status', '--data', data]).ended;
      t.match(screen.stdout, /last words +signal, \d+ s ago/);

      const second = await launch(t, relay, data);
      t.match(second.online.lastWords, { reason: 'signal', signal: 'SIGKILL', at: String });
      t.match(second.online.lastWords?.lines.join('\n'), /"to":"online"/, 'with the end of the log');
      t.match(second.online.lastWords, { livedMs: Number });
      const episodes = second.online.lastWords?.history?.map(({ what }) => what).join('\n');
      t.match(episodes, /^worker started, pid \d+\n[^]*^link online at ws/m, 'and its history');
      second.agent.kill('SIGTERM');
      t.equal((await second.agent.ended).code, 0);
      const third = await launch(t, relay, data);
      t.equal(third.online.lastWords, undefined);
      third.agent.kill('SIGTERM');
      await third.agent.ended;
    },
  );

  await suite.test('a worker that cannot go on says so to the relay when it can again', async (t) => {
    const relay = await relayOf(t);
    const data = tempDir(t);
    const { code } = await startProgram(GURUCONNECT, ['console', '--relay', relay.url, '--data', data]).ended;
    t.equal(code, 1);
    const { online, agent } = await launch(t, relay, data);
    t.match(online.lastWords, { reason: 'no-credential', exitCode: 78 });
    agent.kill('SIGTERM');
    await agent.ended;
  });

  await suite.test(
    'a changed configuration counts without a restart, and a wrong one does not',
    async (t) => {
      const relay = await relayOf(t);
      const other = await relayOf(t);
      const data = tempDir(t);
      const config = join(data, 'config.json');
      const write = (content: object): void => {
        writeFileSync(config, JSON.stringify(content));
      };
      write({ relay: relay.url, enrollToken: TOKEN });
      const agent = startProgram(GURUCONNECT, ['worker', '--data', data]);
      t.teardown(() => agent.kill('SIGKILL'));
      const { sessionId } = await relay.waitFor(ofKind('session-online'), SOON);
      write({ relay: 'http://wrong' });
      await agent.seen(/cannot be used: the former one stays.*relay: not a ws/);
      write({ relay: relay.url, enrollToken: TOKEN, logLevel: 'debug' });
      await agent.seen(/the configuration has changed.*logLevel/);
      t.equal(relay.sessions()[0]?.sessionId, sessionId, 'the session has gone on');
      write({ relay: other.url, enrollToken: TOKEN });
      await other.waitFor(ofKind('session-online'), SOON);
      t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1001, reason: 'reconfigured' });
      agent.kill('SIGTERM');
      t.equal((await agent.ended).code, 0);
    },
  );

  await suite.test('status --json has the counters of the link', async (t) => {
    const relay = await relayOf(t);
    const data = tempDir(t);
    const { agent } = await launch(t, relay, data);
    await relay.waitFor((event) => event.kind === 'message' && event.message.kind === 'heartbeat', SOON);
    t.match((await statusOf(data)).supervisor.link.counters, {
      connects: 1,
      losses: 0,
      authFailures: 0,
      enrolments: 1,
      bytesSent: Number,
      roundTripMs: { bounds: Array, counts: Array, sum: Number },
    });
    agent.kill('SIGTERM');
    await agent.ended;
  });

  await suite.test(
    'no secret is in an argv, an environment, a log, the status or the last words',
    async (t) => {
      const relay = await relayOf(t);
      const data = tempDir(t);
      const { agent, worker } = await launch(t, relay, data);
      const { credential } = JSON.parse(readFileSync(join(data, 'credential.json'), 'utf8')) as {
        credential: string;
      };
      t.match(credential, /^cak_/);
      const processes = [agent.pid, worker].map((pid) => readFileSync(`/proc/${pid}/cmdline`, 'utf8'));
      const environment = readFileSync(`/proc/${worker}/environ`, 'utf8');
      const { stdout } = await startProgram(GURUCONNECT, ['status', '--data', data]).ended;
      const status = JSON.stringify(await statusOf(data));
      process.kill(worker, 'SIGABRT');
      const { stdout: shown, stderr } = await agent.ended;
      t.ok(await isGone(worker, 5000));
      const files = readdirSync(data, { recursive: true, encoding: 'utf8', withFileTypes: true })
        .filter((entry) => entry.isFile() && entry.name !== 'credential.json')
        .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));
      t.ok(files.length >= 3, 'logs, identity and last words');
      const told = [...processes, environment, stdout, status, shown, stderr, ...files].join('\n');
      for (const secret of [credential, TOKEN]) t.notOk(told.includes(secret));
    },
  );
});
