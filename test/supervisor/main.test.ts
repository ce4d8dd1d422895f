/** The command as a person meets it: the real launcher, its exit code, its one line. */
import { readdirSync } from 'node:fs';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import { COMMANDS } from '@guruconnect/supervisor/cli/command-table';
import tap, { test } from 'tap';
import { type Ended, GURUCONNECT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = ['--relay', 'ws://127.0.0.1:9'];
tap.jobs = 4;
const bounded = { timeout: 15_000 };

/** Whatever is configured on this machine is not. */
for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_')) Reflect.deleteProperty(process.env, name);
}

const launch = (dataDir: string, args: readonly string[]): Promise<Ended> =>
  startProgram(GURUCONNECT, args, { env: { GURUCONNECT_DATA: dataDir }, limitMs: 10_000 }).ended;

test('the argument that the SCM starts it with is a command', (t) => {
  t.equal(SERVICE_RUN_ARG, 'service-run');
  t.ok(COMMANDS.some(({ name }) => name === SERVICE_RUN_ARG));
  t.end();
});

const WRONG: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
  'no command': [[], /no command.*--help/],
  'an empty command': [[''], /unknown command ""/],
  'an unknown command': [['frobnicate'], /unknown command "frobnicate".*--help/],
  'a command of two lines': [['frob\nnicate'], /unknown command "frob/],
  'a command that every object has': [['constructor'], /unknown command "constructor"/],
  'a command that is a prototype': [['__proto__'], /unknown command "__proto__"/],
  'an unknown option': [['console', ...RELAY, '--frobnicate'], /'--frobnicate'/],
  'an option that is another command’s': [['console', ...RELAY, '--supervised'], /'--supervised'/],
  'an option without its value': [['console', '--relay'], /'--relay/],
  'an option that eats another one': [['console', '--relay', '--data', '.'], /'--relay/],
  'a word too many': [['console', 'now', ...RELAY], /'now'/],
  'half a password too many': [['console', '--proxy', 'http://me:x', 'hunter2@p'], /behind '--proxy'/],
  'no relay': [['console'], /no relay is configured/],
  'a relay that is no URL': [['console', '--relay', 'relay.example'], /^guruconnect: --relay: not a URL/],
  'a relay of another protocol': [['console', '--relay', 'https://relay.example'], /--relay: not a ws/],
  'a relay in the clear elsewhere': [['console', '--relay', 'ws://relay.example'], /--relay: .*use wss:\/\//],
  'a relay with a password': [
    ['console', '--relay', 'wss://me:hunter2@relay.example'],
    /--relay: has a user/,
  ],
  'an unknown log level': [['console', ...RELAY, '--log-level', 'loud'], /--log-level: not one of/],
  'a configuration that is not there': [
    ['console', '--config', '/nowhere/config.json'],
    /config\.json: ENOENT/,
  ],
};
for (const [what, [args, line]] of Object.entries(WRONG)) {
  test(`${what} is one line on stderr, exit code 2, and nothing done`, bounded, async (t) => {
    const dataDir = tempDir(t);
    const { code, stdout, stderr } = await launch(dataDir, args);
    t.match(stderr, /^guruconnect: .+\n$/);
    t.match(stderr, line);
    t.notMatch(stderr, 'hunter2');
    t.equal(stdout, '');
    t.equal(code, 2);
    t.same(readdirSync(dataDir), []);
  });
}

for (const seconds of ['abc', '', ' ', '-1', '1e9', '86401', 'NaN', 'Infinity', '5s']) {
  // Without a relay, so that one that is taken for a number ends as well.
  test(`--exit-after "${seconds}" is one line on stderr and exit code 2`, bounded, async (t) => {
    const { code, stderr } = await launch(tempDir(t), ['console', `--exit-after=${seconds}`]);
    t.match(stderr, /^guruconnect: --exit-after: not a number of seconds.*\n$/);
    t.equal(code, 2);
  });
}

test('service-run away from the SCM is one line on stderr and exit code 2', bounded, async (t) => {
  const dataDir = tempDir(t);
  const { code, stdout, stderr } = await launch(dataDir, [SERVICE_RUN_ARG, ...RELAY]);
  t.match(stderr, /^guruconnect: .*Service Control Manager.*\n$/);
  t.equal(stdout, '');
  t.equal(code, 2);
  t.same(readdirSync(dataDir), []);
});

for (const args of [['--help'], ['-h'], ['help']]) {
  test(`${args.join(' ')} is the help of the program on stdout`, bounded, async (t) => {
    const { code, stdout, stderr } = await launch(tempDir(t), args);
    t.match(stdout, /^Usage: guruconnect <command>/);
    for (const command of ['console', 'worker', 'version', SERVICE_RUN_ARG]) t.match(stdout, `  ${command} `);
    t.equal(stderr, '');
    t.equal(code, 0);
  });
}

for (const args of [
  ['console', '--help'],
  ['worker', '-h'],
  ['help', 'worker'],
  [SERVICE_RUN_ARG, '--help'],
]) {
  test(`${args.join(' ')} is the help of the command on stdout`, bounded, async (t) => {
    const { code, stdout, stderr } = await launch(tempDir(t), args);
    t.match(stdout, /^Usage: guruconnect (console|worker|service-run) \[options\]\n/);
    t.match(stdout, '  --relay <url>');
    t.equal(stderr, '');
    t.equal(code, 0);
  });
}
