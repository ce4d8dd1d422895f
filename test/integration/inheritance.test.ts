/** What a worker gets of its supervisor, beside its three standard streams: nothing. On Windows: test/windows/process-tree. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { isAddonBuilt } from '@guruconnect/native';
import { test } from 'tap';
import { descriptorsOf } from '../helpers/family.ts';
import { fixture, startProgram } from '../helpers/program.ts';

const linux = {
  timeout: 30_000,
  ...(process.platform !== 'linux' && { skip: 'descriptors are seen in /proc' }),
  ...(process.platform === 'linux' && !isAddonBuilt() && { skip: 'the addon is not built (npm run native)' }),
};

/** Sockets, pipes and files, beside the standard streams and what is nobody's in particular. */
const belongings = (pid: number): readonly string[] =>
  [...descriptorsOf(pid)]
    .filter(([fd, what]) => fd > 2 && !what.startsWith('anon_inode:') && !what.startsWith('/dev/'))
    .map(([, what]) => what);

const common = (one: readonly string[], other: readonly string[]): readonly string[] =>
  one.filter((what) => other.includes(what));

test('of two workers none has anything of the other, nor of the supervisor', linux, async (t) => {
  const supervisor = startProgram(fixture('two-workers'), [t.testdir(), fixture('worker-obedient')]);
  t.teardown(() => supervisor.kill('SIGKILL'));
  const [, ...pids] = await supervisor.seen(/first (\d+) second (\d+)/);
  const [first = 0, second = 0] = pids.map(Number);
  const all = [supervisor.pid, first, second].map(belongings);
  const [ours = [], one = [], other = []] = all;
  t.ok(ours.some((what) => what.startsWith('socket:')) && one.some((what) => what.startsWith('socket:')));
  t.same([common(ours, one), common(ours, other), common(one, other)], [[], [], []]);
  for (const pid of [first, second]) {
    const stdio = [0, 1, 2].map((fd) => descriptorsOf(pid).get(fd) ?? '');
    t.match(stdio, [/^(?:socket|pipe):/, '/dev/null', /^(?:socket|pipe):/]);
    const others = [first, second, supervisor.pid].filter((owner) => owner !== pid).flatMap(belongings);
    t.same(common(stdio, others), [], 'nobody else has its end of them');
  }
});

test('what the supervisor itself was handed does not reach the worker', linux, async (t) => {
  const data = t.testdir({ secret: 'left open by whoever started the supervisor' });
  const secret = join(data, 'secret');
  // The second one after a gap, which is as far as Node itself looks.
  const by = ['bash', '-c', 'exec 3<"$0" 40<"$0"; exec "$@"', secret];
  const supervisor = startProgram(fixture('supervisor'), [data, fixture('worker-obedient')], { by });
  t.teardown(() => supervisor.kill('SIGKILL'));
  const [, worker = ''] = await supervisor.seen(/worker: pid (\d+)\nservice: running/);
  const its = descriptorsOf(supervisor.pid);
  t.same([its.get(3), its.get(40)], [secret, secret], 'the supervisor has it');
  t.notOk([...descriptorsOf(Number(worker)).values()].includes(secret));
});

/** Of the environment, what would make another program of it. */
const HOSTILE = {
  NODE_EXTRA_CA_CERTS: '/nonexistent/ca.pem',
  NODE_TLS_REJECT_UNAUTHORIZED: '0',
  NODE_PATH: '/nonexistent',
  SSL_CERT_FILE: '/nonexistent/cert.pem',
  OPENSSL_MODULES: '/nonexistent',
  LD_LIBRARY_PATH: '/nonexistent',
  SSLKEYLOGFILE: '/nonexistent/keys',
  npm_config_registry: 'http://127.0.0.1:9',
};

test("what is required by the supervisor's NODE_OPTIONS is not by the worker", linux, async (t) => {
  const data = t.testdir();
  const hook = join(data, 'hook.cjs');
  const pids = join(data, 'pids');
  writeFileSync(hook, `require('node:fs').appendFileSync(${JSON.stringify(pids)}, process.pid + '\\n');`);
  const args = [fixture('supervisor'), data, fixture('worker-obedient')];
  // By env(1), as tap puts its own hooks into what it sees being spawned.
  const set = Object.entries({
    ...HOSTILE,
    GURUCONNECT_TEST_MARK: 'passed-on',
    NODE_OPTIONS: `--require=${hook}`,
  });
  const by = set.map(([name, value]) => `${name}=${value}`);
  const supervisor = spawn('env', [...by, process.execPath, ...args], {
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  t.teardown(() => supervisor.kill('SIGKILL'));
  const [, worker = ''] = await said(supervisor.stdout, /worker: pid (\d+)\nservice: running/);
  t.equal(
    readFileSync(pids, 'utf8'),
    `${supervisor.pid ?? 0}\n`,
    'the supervisor was hooked, and nobody else',
  );
  const names = readFileSync(`/proc/${worker}/environ`, 'utf8')
    .split('\0')
    .map((variable) => variable.replace(/=.*/s, ''));
  t.ok(names.includes('GURUCONNECT_TEST_MARK'), 'this is really its environment');
  const supervisors = readFileSync(`/proc/${supervisor.pid ?? 0}/environ`, 'utf8');
  for (const name of [...Object.keys(HOSTILE), 'NODE_OPTIONS']) {
    t.ok(supervisors.includes(`${name}=`), `the supervisor has ${name}`);
    t.notOk(names.includes(name), 'the worker does not');
  }
});

const said = async (stdout: Readable | null, pattern: RegExp): Promise<RegExpExecArray> => {
  if (stdout === null) throw new Error('no stdout');
  let text = '';
  stdout.setEncoding('utf8').on('data', (more: string) => (text += more));
  for (;;) {
    const match = pattern.exec(text);
    if (match !== null) return match;
    await once(stdout, 'data');
  }
};
