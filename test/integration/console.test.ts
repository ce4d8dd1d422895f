import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { type Relay, ofKind, startRelay } from '@guruconnect/relay';
import { type Test, test } from 'tap';
import { type Program, GURUCONNECT, ROOT, fixture, isGone, startProgram } from '../helpers/program.ts';
import { SOON } from '../relay/agent.ts';

const POSIX_ONLY =
  process.platform === 'win32' ? 'signals are sent: the Windows suites do it their way' : false;
const TOKEN = 'enrolment-token-of-the-test';

const openRelay = async (t: Test): Promise<Relay> => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  t.teardown(() => relay.close());
  return relay;
};

const start = (
  t: Test,
  command: string,
  relay: string,
  data: string,
  ...more: readonly string[]
): Program => {
  const args = [command, '--relay', relay, '--enroll-token', TOKEN, '--data', data, ...more];
  const program = startProgram(GURUCONNECT, args);
  t.teardown(() => {
    program.kill('SIGKILL');
  });
  return program;
};

const oneLine = /^guruconnect[^\n]*\n$/;

test('one Ctrl-C stops everything gracefully', { skip: POSIX_ONLY }, async (t) => {
  const relay = await openRelay(t);
  const agent = start(t, 'console', relay.url, t.testdir());
  await agent.seen(/link: online/);
  agent.kill('SIGINT');
  const { code, stdout } = await agent.ended;
  t.equal(code, 0);
  t.match(stdout, /service: stopping[^]*service: stopped\n$/);
  t.equal((await relay.waitFor(ofKind('session-closed'), SOON)).reason, 'service stop');
});

test('a second Ctrl-C ends at once, and the worker with it', { skip: POSIX_ONLY }, async (t) => {
  const supervisor = startProgram(fixture('supervisor'), [t.testdir(), fixture('worker-deaf')]);
  const [, pid] = await supervisor.seen(/worker: pid (\d+)\nservice: running/);
  supervisor.kill('SIGINT');
  await supervisor.seen(/service: stopping/);
  // Longer than one press can take to arrive twice.
  await new Promise((resolve) => setTimeout(resolve, 300));
  const pressed = performance.now();
  supervisor.kill('SIGINT');
  t.equal((await supervisor.ended).code, 130);
  t.ok(performance.now() - pressed < 1000, 'at once');
  t.ok(await isGone(Number(pid), 2000), 'the worker is gone');
});

test('--exit-after stops by itself and succeeds', async (t) => {
  const relay = await openRelay(t);
  const { code, stderr } = await start(t, 'console', relay.url, t.testdir(), '--exit-after', '0.2').ended;
  t.equal(code, 0, stderr);
  t.equal((await relay.waitFor(ofKind('session-closed'), SOON)).code, 1001);
});

test('--exit-after fails when the worker cannot come online', async (t) => {
  const data = t.testdir({ 'credential.json': '{"version":1,"cred' });
  const args = ['console', '--relay', 'ws://127.0.0.1:9', '--data', data, '--exit-after', '1'];
  const { code, stdout } = await startProgram(GURUCONNECT, args).ended;
  t.equal(code, 1);
  t.match(stdout, /note: .*credential\.json: not valid JSON/);
});

test('a data folder that is not there yet is made, for its owner only', { skip: POSIX_ONLY }, async (t) => {
  const relay = await openRelay(t);
  const data = join(t.testdir(), 'new', 'data');
  t.equal((await start(t, 'console', relay.url, data, '--exit-after', '0').ended).code, 0);
  t.equal(statSync(data).mode & 0o777, 0o700);
  t.equal(statSync(join(data, 'credential.json')).mode & 0o777, 0o600);
});

test('a second supervisor on the same data folder is refused', async (t) => {
  const relay = await openRelay(t);
  const data = t.testdir();
  const first = start(t, 'console', relay.url, data);
  await first.seen(/link: online/);
  const second = await start(t, 'console', relay.url, data).ended;
  t.equal(second.code, 2);
  t.match(second.stderr, /^guruconnect: another supervisor is already running for [^\n]*\n$/);
  t.equal(relay.sessions().length, 1, 'the first one stays online');
});

test(
  'the worker alone in a console: enrols, comes online, and says goodbye',
  { skip: POSIX_ONLY },
  async (t) => {
    const relay = await openRelay(t);
    const worker = start(t, 'worker', relay.url, t.testdir());
    await relay.waitFor(ofKind('session-online'), 10_000);
    await worker.seen(/"to":"online"/);
    worker.kill('SIGINT');
    t.equal((await worker.ended).code, 0);
    t.equal((await relay.waitFor(ofKind('session-closed'), SOON)).reason, 'service stop');
  },
);

test('the token and the credential are in no log and no output', async (t) => {
  const relay = await openRelay(t);
  const data = t.testdir();
  const { stdout, stderr } = await start(
    t,
    'console',
    relay.url,
    data,
    '--exit-after',
    '0',
    '--log-level',
    'debug',
  ).ended;
  const { credential } = JSON.parse(readFileSync(join(data, 'credential.json'), 'utf8')) as {
    credential: string;
  };
  const logs = ['worker', 'supervisor'].map((name) =>
    readFileSync(join(data, 'logs', `${name}.log`), 'utf8'),
  );
  t.match(credential, /^cak_/);
  t.match(logs.join(''), /worker beat/, 'the debug log is really there');
  for (const text of [stdout, stderr, ...logs]) {
    t.notOk(text.includes(credential));
    t.notOk(text.includes(TOKEN));
  }
});

test(
  "the token is not in the worker's environment, nor in its arguments",
  { skip: POSIX_ONLY },
  async (t) => {
    const relay = await openRelay(t);
    const supervisor = startProgram(GURUCONNECT, ['console', '--relay', relay.url, '--data', t.testdir()], {
      env: { GURUCONNECT_ENROLL_TOKEN: TOKEN, GURUCONNECT_TEST_MARK: 'passed-on' },
    });
    t.teardown(() => supervisor.kill('SIGKILL'));
    const [, pid] = await supervisor.seen(/worker: pid (\d+)[^]*link: online/);
    const [environment, args] = ['environ', 'cmdline'].map((file) =>
      readFileSync(`/proc/${pid ?? ''}/${file}`, 'utf8'),
    );
    t.match(environment, /GURUCONNECT_TEST_MARK=passed-on/, 'this is really its environment');
    t.notOk(environment?.includes(TOKEN));
    t.notOk(args?.includes(TOKEN));
  },
);

test('a damaged credential without a token is named, left alone, and ends the worker with 78', async (t) => {
  const damaged = '{"version":1,"relay":"ws://127';
  const data = t.testdir();
  writeFileSync(join(data, 'credential.json'), damaged);
  const args = ['worker', '--relay', 'ws://127.0.0.1:9', '--data', data];
  const { code, stderr } = await startProgram(GURUCONNECT, args).ended;
  t.equal(code, 78);
  t.match(stderr, oneLine);
  t.match(stderr, /credential\.json: not valid JSON/);
  t.equal(readFileSync(join(data, 'credential.json'), 'utf8'), damaged);
});

test('no credential and no token ends the worker with one line', async (t) => {
  const args = ['worker', '--relay', 'ws://127.0.0.1:9', '--data', t.testdir()];
  const { code, stderr } = await startProgram(GURUCONNECT, args).ended;
  t.equal(code, 78);
  t.match(stderr, oneLine);
  t.match(stderr, /no credential is stored, and there is no enrolment token/);
});

test('a relay whose port is taken says so in one line', async (t) => {
  const other = createServer().listen(0, '127.0.0.1');
  t.teardown(() => other.close());
  await new Promise((resolve) => other.once('listening', resolve));
  const { port } = other.address() as { port: number };
  const program = join(ROOT, 'packages', 'relay', 'dist', 'main.js');
  const { code, stderr } = await startProgram(program, ['--port', String(port)]).ended;
  t.equal(code, 1);
  t.match(stderr, new RegExp(`^[^\\n]*${port}[^\\n]*\\n$`));
});
