/** `guruconnect config` as a person meets it: the real launcher and real files. */
import { chmodSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { configSchemaPath } from '@guruconnect/shared/config-json-schema';
import tap, { type Test, test } from 'tap';
import { type Ended, GURUCONNECT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = 'wss://relay.example';
const WINDOWS = process.platform === 'win32';
tap.jobs = 4;
const bounded = { timeout: 15_000 };

for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_')) Reflect.deleteProperty(process.env, name);
}

const run = (args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<Ended> =>
  startProgram(GURUCONNECT, ['config', ...args], { env, limitMs: 10_000 }).ended;

/** A data folder with this in its configuration file. */
const dataWith = (t: Test, content: Readonly<Record<string, unknown>> | string) => {
  const data = tempDir(t);
  const path = join(data, 'config.json');
  writeFileSync(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 });
  return { data, path };
};

test('a valid configuration: exit code 0, a line for each key, nothing changed', bounded, async (t) => {
  const { data, path } = dataWith(t, {
    $schema: 'x',
    relay: RELAY,
    enrollToken: 'hunter2',
    logLevel: 'warn',
  });
  const env = { GURUCONNECT_LOG_LEVEL: 'debug', GURUCONNECT_PROXY: 'http://u:hunter2@p.example:3128' };
  const { code, stdout, stderr } = await run(['check', '--data', data, '--metrics-port', '9464'], env);
  t.equal(code, 0);
  t.equal(stderr, '');
  t.match(stdout, `valid: ${path}\n`);
  const lines = stdout.split('\n').map((line) => line.trim().split(/ {2,}/));
  t.same(lines.slice(1, 10), [
    ['relay', RELAY, path],
    ['enrollToken', 'set', path],
    ['logLevel', 'debug', 'GURUCONNECT_LOG_LEVEL'],
    ['ca', '-', 'not set'],
    ['proxy', 'http://p.example:3128', 'GURUCONNECT_PROXY'],
    ['proxyFallback', 'none', 'default'],
    ['pins', '-', 'not set'],
    ['metricsPort', '9464', '--metrics-port'],
    ['workerAccount', 'own', 'default'],
  ]);
  t.notMatch(stdout, 'hunter2');
  t.same(readdirSync(data), ['config.json']);
});

test('all that is wrong is told at once, with exit code 2', bounded, async (t) => {
  const { data, path } = dataWith(t, { relay: 'x', enrolToken: 'hunter2', pins: ['y'] });
  const { code, stdout, stderr } = await run(['check', '--data', data], { GURUCONNECT_METRICS_PORT: '80a' });
  t.equal(code, 2);
  t.equal(stderr, '');
  t.same(stdout.trim().split('\n'), [
    `not valid: ${path}`,
    `error: ${path}: enrolToken: unknown key: did you mean "enrollToken"?`,
    `error: ${path}: relay: not a URL`,
    `error: ${path}: pins: not sha256/ and 44 characters of base64`,
    'error: GURUCONNECT_METRICS_PORT: not a port from 1 to 65535',
  ]);
});

test('--json says the same to programs', bounded, async (t) => {
  const { data, path } = dataWith(t, { relay: RELAY, colour: 'green' });
  const { code, stdout } = await run(['check', '--json', '--data', data]);
  t.equal(code, 2);
  t.same(JSON.parse(stdout), {
    valid: false,
    file: { path, named: false, present: true },
    values: {},
    problems: [{ source: { kind: 'file', name: path }, key: 'colour', reason: 'unknown key' }],
    remarks: [],
  });
});

test('a file that is named and missing is not valid, and said not to be there', bounded, async (t) => {
  const path = join(tempDir(t), 'none.json');
  const { code, stdout } = await run(['check', '--config', path, '--relay', RELAY]);
  t.equal(code, 2);
  t.match(stdout, `not valid: ${path} (not there: no file is read)\nerror: ${path}: ENOENT`);
});

test('a half-written file is told as a whole', bounded, async (t) => {
  const { data, path } = dataWith(t, '{"relay": "wss://relay.exa');
  const { code, stdout } = await run(['check', '--data', data]);
  t.equal(code, 2);
  t.equal(stdout, `not valid: ${path}\nerror: ${path}: not valid JSON\n`);
});

test(
  'a file with a token that others may read is warned of, and valid',
  { ...bounded, skip: WINDOWS ? 'its files have no mode' : false },
  async (t) => {
    const { data, path } = dataWith(t, { relay: RELAY, enrollToken: 'hunter2' });
    chmodSync(path, 0o644);
    const { code, stdout } = await run(['check', '--data', data]);
    t.equal(code, 0);
    t.match(stdout, `warning: ${path}: has the enrolment token in it and is open to others (mode 0644)`);
  },
);

test('a stored credential makes the token one that is not needed', bounded, async (t) => {
  const { data } = dataWith(t, { relay: `${RELAY}/`, enrollToken: 'T' });
  writeFileSync(join(data, 'credential.json'), JSON.stringify({ relay: RELAY, credential: 'cak_hunter2' }));
  const { code, stdout } = await run(['check', '--data', data]);
  t.equal(code, 0);
  t.match(stdout, 'the enrolment token is not needed: a credential for this relay is stored');
  t.notMatch(stdout, 'hunter2');
});

test('a credential that cannot be read is no reason to guess, a missing one is', bounded, async (t) => {
  const { data } = dataWith(t, { relay: RELAY });
  t.match((await run(['check', '--data', data])).stdout, 'no credential is stored, and there is no token');
  mkdirSync(join(data, 'credential.json'));
  t.notMatch((await run(['check', '--data', data])).stdout, /^(?:warning|info): /m);
});

test('config schema prints the JSON Schema as it is exported', bounded, async (t) => {
  const { code, stdout } = await run(['schema']);
  t.equal(code, 0);
  t.equal(stdout, readFileSync(configSchemaPath(), 'utf8'));
});

const WRONG: Readonly<Record<string, readonly [readonly string[], RegExp]>> = {
  'no command': [[], /^guruconnect: config: no command: "config check" or "config schema"\n$/],
  'another command': [['frobnicate'], /^guruconnect: config: unknown command "frobnicate": .*--help"\n$/],
  'a word too many': [
    ['schema', 'now'],
    /^guruconnect: unexpected argument 'now': .*config schema --help"\n$/,
  ],
  'an unknown option': [['check', '--frobnicate'], /^guruconnect: unknown option '--frobnicate': .*\n$/],
};
for (const [what, [args, line]] of Object.entries(WRONG)) {
  test(`config with ${what} is one line on stderr and exit code 2`, bounded, async (t) => {
    const { code, stdout, stderr } = await run(args);
    t.equal(code, 2);
    t.equal(stdout, '');
    t.match(stderr, line);
  });
}

for (const args of [['--help'], ['check', '-h']]) {
  test(`config ${args.join(' ')} is help on stdout`, bounded, async (t) => {
    const { code, stdout } = await run(args);
    t.equal(code, 0);
    t.match(stdout, /^Usage: guruconnect config .*config check/s);
  });
}
