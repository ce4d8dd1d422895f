/** Real processes where the world is against them: full disks, readers that leave, relays that forge lines. */
import { spawn } from 'node:child_process';
import {
  chmodSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type Relay, ofKind, startRelay } from '@guruconnect/relay';
import { type Test, test } from 'tap';
import { GURUCONNECT, type Program, fixture, isAlive, isGone, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { SOON } from '../relay/agent.ts';
import { store } from '../worker/agents.ts';
import { CREDENTIAL, WELCOME, kindIs, rawRelay } from '../worker/session.ts';

const POSIX_ONLY = {
  skip: process.platform === 'win32' ? 'signals are sent: the Windows suites do it their way' : false,
};
const LINUX_ONLY = { skip: process.platform === 'linux' ? false : 'only Linux has /dev/full and /proc' };
const TOKEN = 'enrolment-token-of-the-test';
const LIMIT_MS = 20_000;
const ONE_LINE = /^guruconnect( worker)?: [^\n]+\n$/;

const openRelay = async (t: Test): Promise<Relay> => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
  t.teardown(() => relay.close());
  return relay;
};

const run = (t: Test, args: readonly string[], env: Readonly<Record<string, string>> = {}): Program => {
  const program = startProgram(GURUCONNECT, args, {
    env: { GURUCONNECT_ENROLL_TOKEN: TOKEN, ...env },
    limitMs: LIMIT_MS,
  });
  t.teardown(() => {
    program.kill('SIGKILL');
  });
  return program;
};

const consoleArgs = (relay: string, data: string): string[] => ['console', '--relay', relay, '--data', data];

const closedByUs = async (t: Test, relay: Relay): Promise<void> => {
  const { code, reason } = await relay.waitFor(ofKind('session-closed'), SOON);
  t.same({ code, reason }, { code: 1001, reason: 'service stop' });
};

test('with its logs on a full disk the agent comes online and stops as ever', LINUX_ONLY, async (t) => {
  const relay = await openRelay(t);
  const data = tempDir(t);
  mkdirSync(join(data, 'logs'));
  for (const name of ['supervisor', 'worker']) symlinkSync('/dev/full', join(data, 'logs', `${name}.log`));
  t.throws(() => writeFileSync(join(data, 'logs', 'worker.log'), 'x'), { code: 'ENOSPC' });
  const args = [...consoleArgs(relay.url, data), '--exit-after', '0', '--log-level', 'debug'];
  const { code, stdout, stderr } = await run(t, args).ended;
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, /link: online[^]*service: stopped\n$/);
  await closedByUs(t, relay);
});

/** Processes that have `mark` in their environment. */
const marked = (mark: string): readonly number[] =>
  readdirSync('/proc')
    .map(Number)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/environ`, 'utf8').includes(mark) && isAlive(pid);
      } catch {
        return false;
      }
    });

/** Runs the console in a shell, its output into a reader that leaves; `gone` calls back when it has. */
const pipedInto = async (t: Test, reader: string, args: readonly string[], gone = (): void => undefined) => {
  const mark = `piped-${process.pid}-${performance.now()}`;
  // The shell around the reader lets go of the pipe as well before it tells.
  const script = `{ "$@"; echo "exit code $?" >&2; } | { ${reader}; exec <&-; echo gone >&2; } >/dev/null`;
  const plain = ['-u', 'NODE_OPTIONS', 'sh', '-c', script, 'sh', process.execPath, GURUCONNECT, ...args];
  const shell = spawn('env', plain, {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { ...process.env, GURUCONNECT_ENROLL_TOKEN: TOKEN, GURUCONNECT_TEST_MARK: mark },
  });
  const endAll = (): void => {
    for (const pid of marked(mark)) process.kill(pid, 'SIGKILL');
  };
  t.teardown(endAll);
  const limit = setTimeout(endAll, LIMIT_MS);
  let said = '';
  shell.stderr.setEncoding('utf8').on('data', (text: string) => {
    said += text;
    if (said !== 'gone\n') return;
    t.not(marked(mark).length, 0, 'the agent runs, and can be found');
    gone();
  });
  await new Promise((resolve) => shell.once('close', resolve));
  clearTimeout(limit);
  t.equal(said, 'gone\nexit code 0\n');
  t.same(marked(mark), [], 'no process is left');
};

test('a reader that leaves after the first line stops the agent', LINUX_ONLY, async (t) => {
  const relay = await openRelay(t);
  await pipedInto(t, 'head -n 1', consoleArgs(relay.url, tempDir(t)));
  t.same(relay.sessions(), []);
});

test('the first line that nobody reads has the agent say goodbye to the relay', LINUX_ONLY, async (t) => {
  const relay = await rawRelay(t);
  const data = tempDir(t);
  await store(data, relay.url, { agentId: 'front-desk', credential: CREDENTIAL });
  const hello = relay.link();
  // Nobody is there any more when `link: online` is written.
  await pipedInto(t, "sed '/^link: connecting/q'", consoleArgs(relay.url, data), () => {
    void hello.then((link) => {
      link.say(WELCOME);
    });
  });
  const { messages, closed } = await hello;
  t.ok(messages.items.some(kindIs('heartbeat')), 'it was online');
  t.same(await closed, { code: 1001, reason: 'service stop' });
});

const FORGED = '\u001b]0;x\u0007\nservice: stopped\u202e\u009b31m';

test('what the relay closes with does not steer the terminal, nor forge a line', POSIX_ONLY, async (t) => {
  const relay = await openRelay(t);
  const agent = run(t, consoleArgs(relay.url, tempDir(t)));
  await agent.seen(/link: online/);
  relay.drop({ code: 4000, reason: FORGED });
  await agent.seen(/link: waiting[^\n]*\n/);
  agent.kill('SIGINT');
  const { code, stdout, stderr } = await agent.ended;
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(
    stdout,
    'link: waiting (4000 \\u001b]0;x\\u0007\\u000aservice: stopped\\u202e\\u009b31m)\n',
    'shown, and harmless',
  );
  t.notMatch(stdout.replaceAll('\n', ''), /(?! )[\p{C}\p{Z}]/u);
  t.equal(stdout.match(/^service: stopped/gm)?.length, 1, 'the real one');
});

test('what the relay closes with does not steer the terminal of the agent alone', POSIX_ONLY, async (t) => {
  const relay = await openRelay(t);
  const worker = run(t, ['worker', '--relay', relay.url, '--data', tempDir(t)]);
  await worker.seen(/"to":"online"/);
  relay.drop({ code: 4000, reason: FORGED });
  await worker.seen(/"to":"waiting"[^\n]*\n/);
  worker.kill('SIGINT');
  const { code, stdout } = await worker.ended;
  t.equal(code, 0);
  t.match(stdout, /"to":"waiting"[^\n]*service: stopped/);
  t.notMatch(stdout.replaceAll('\n', ''), /(?! )[\p{C}\p{Z}]/u);
  t.notMatch(stdout, /^service: stopped/m);
});

for (const command of ['console', 'worker']) {
  test(`${command}: a data folder of nothing is named in one line`, async (t) => {
    const { code, stdout, stderr } = await run(t, [command, '--relay', 'ws://127.0.0.1:9', '--data', ''])
      .ended;
    t.equal(code, 2);
    t.match(stderr, ONE_LINE);
    t.match(stderr, /--data: empty/);
    t.equal(stdout, '');
  });

  test(`${command}: a data folder that is a file is named in one line, and stays`, async (t) => {
    const data = join(tempDir(t), 'file');
    writeFileSync(data, 'precious');
    const { code, stderr } = await run(t, [command, '--relay', 'ws://127.0.0.1:9', '--data', data]).ended;
    t.not(code, 0);
    t.type(code, 'number', 'it was not killed');
    t.match(stderr, ONE_LINE);
    t.ok(stderr.includes(data), stderr);
    t.equal(readFileSync(data, 'utf8'), 'precious');
  });
}

test('a data folder that is there already keeps its mode', POSIX_ONLY, async (t) => {
  const relay = await openRelay(t);
  const data = join(tempDir(t), 'data');
  mkdirSync(data);
  chmodSync(data, 0o755);
  const { code, stderr } = await run(t, [...consoleArgs(relay.url, data), '--exit-after', '0']).ended;
  t.equal(code, 0, stderr);
  t.equal(statSync(data).mode & 0o777, 0o755);
  t.equal(statSync(join(data, 'credential.json')).mode & 0o777, 0o600);
  t.equal(statSync(join(data, 'machine.json')).mode & 0o777, 0o600);
});

/** What the agent has in the temporary folder. */
const leftIn = (folder: string): readonly string[] =>
  readdirSync(folder).filter((name) => name.startsWith('guruconnect-'));

test('a start and a stop leave nothing in the temporary folder', POSIX_ONLY, async (t) => {
  const relay = await openRelay(t);
  const temp = tempDir(t);
  const agent = run(t, consoleArgs(relay.url, tempDir(t)), { TMPDIR: temp });
  await agent.seen(/link: online/);
  agent.kill('SIGINT');
  t.equal((await agent.ended).code, 0);
  t.same(leftIn(temp), []);
});

for (const [situation, worker, steady] of [
  ['whose worker is deaf', 'worker-deaf', /service: running/],
  ['whose worker has not said hello yet', 'worker-silent', /worker: pid/],
] as const) {
  test(
    `a second Ctrl-C to one ${situation} leaves nothing in the temporary folder`,
    POSIX_ONLY,
    async (t) => {
      const temp = tempDir(t);
      const agent = startProgram(fixture('supervisor'), [tempDir(t), fixture(worker)], {
        env: { TMPDIR: temp },
        limitMs: LIMIT_MS,
      });
      t.teardown(() => agent.kill('SIGKILL'));
      const [, pid] = await agent.seen(/worker: pid (\d+)\n/);
      await agent.seen(steady);
      if (worker === 'worker-silent') t.match(leftIn(temp), [/^guruconnect-/], 'there is something to leave');
      agent.kill('SIGINT');
      // Longer than one press can take to arrive twice.
      await new Promise((resolve) => setTimeout(resolve, 300));
      agent.kill('SIGINT');
      t.equal((await agent.ended).code, 130);
      t.ok(await isGone(Number(pid), 2000), 'the worker is gone');
      t.same(leftIn(temp), []);
    },
  );
}
