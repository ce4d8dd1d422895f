import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { UsageError } from '@guruconnect/shared/usage-error';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = 'wss://relay.example';
const NAMES = [
  'GURUCONNECT_RELAY',
  'GURUCONNECT_ENROLL_TOKEN',
  'GURUCONNECT_LOG_LEVEL',
  'GURUCONNECT_DATA',
  'XDG_STATE_HOME',
  'ProgramData',
];

/** Has these variables, and none of the others that count, until the test is over. */
const environment = (t: Test, variables: Readonly<Record<string, string>> = {}): void => {
  const before = NAMES.map((name) => [name, process.env[name]] as const);
  const put = (name: string, value: string | undefined): void => {
    if (value === undefined) Reflect.deleteProperty(process.env, name);
    else process.env[name] = value;
  };
  for (const name of NAMES) put(name, variables[name]);
  t.teardown(() => {
    for (const [name, value] of before) put(name, value);
  });
};

/** A data folder with this configuration file in it. */
const withFile = (t: Test, text: string | Uint8Array, name = 'config.json') => {
  const data = tempDir(t);
  const path = join(data, name);
  writeFileSync(path, text);
  return { data, path };
};

test('without a file the flags are the configuration', (t) => {
  environment(t);
  t.strictSame(loadConfig({ data: tempDir(t), relay: RELAY }), { relay: RELAY, logLevel: 'info' });
  t.end();
});

test('a data folder that does not exist is a missing file as well', (t) => {
  environment(t);
  t.match(loadConfig({ data: join(tempDir(t), 'not', 'yet'), relay: RELAY }), { relay: RELAY });
  t.end();
});

test('config.json in the data folder is found, and the environment and the flags go over it', (t) => {
  const { data } = withFile(t, JSON.stringify({ relay: RELAY, logLevel: 'error', enrollToken: 'of-file' }));
  environment(t, { GURUCONNECT_DATA: data, GURUCONNECT_LOG_LEVEL: 'warn' });
  t.strictSame(loadConfig({ enrollToken: 'of-flag' }), {
    relay: RELAY,
    logLevel: 'warn',
    enrollToken: 'of-flag',
  });
  t.end();
});

test('the file that is asked for is read instead of the one in the data folder', (t) => {
  environment(t);
  const { data } = withFile(t, JSON.stringify({ relay: 'wss://default.example' }));
  const { path } = withFile(t, JSON.stringify({ relay: RELAY }), 'other.json');
  t.match(loadConfig({ data, config: path }), { relay: RELAY });
  t.end();
});

test('a file that is asked for and missing is refused, though the flags would do', (t) => {
  environment(t);
  const path = join(tempDir(t), 'none.json');
  t.throws(() => loadConfig({ config: path, relay: RELAY }), { name: 'UsageError', message: path });
  t.end();
});

test('a folder in place of the file is refused, not taken for a missing file', (t) => {
  environment(t);
  const data = tempDir(t);
  const path = join(data, 'config.json');
  mkdirSync(path);
  t.throws(() => loadConfig({ data, relay: RELAY }), { name: 'UsageError', message: path });
  t.end();
});

test('a file in place of the data folder is refused, not taken for a missing file', (t) => {
  environment(t);
  const { path: data } = withFile(t, '');
  t.throws(() => loadConfig({ data, relay: RELAY }), { name: 'UsageError', message: data });
  t.end();
});

test("a byte order mark, as Windows' editors write it, is skipped", (t) => {
  environment(t);
  const { data } = withFile(t, `\uFEFF{"relay": "${RELAY}"}\r\n`);
  t.match(loadConfig({ data }), { relay: RELAY });
  t.end();
});

const broken: Record<string, [string | Uint8Array, string]> = {
  'an empty file': ['', 'not valid JSON'],
  'a half-written file': ['{"relay": "wss://relay.example", "enrollToken": "hunter2', 'not valid JSON'],
  'a file with a comma too much': ['{"enrollToken": "hunter2",}', 'not valid JSON'],
  'a file of zeros, as a crash can leave it': [Buffer.alloc(64), 'not valid JSON'],
  'a file in UTF-16': [Buffer.from(`\uFEFF{"relay": "${RELAY}"}`, 'utf16le'), 'not valid JSON'],
  'a list': ['["hunter2"]', 'not a JSON object'],
  null: ['null', 'not a JSON object'],
  'a text': ['"hunter2"', 'not a JSON object'],
};
for (const [situation, [text, why]] of Object.entries(broken)) {
  test(`${situation} is refused by path and reason, without its content`, (t) => {
    environment(t);
    const { data, path } = withFile(t, text);
    const expected = new UsageError(`${path}: ${why}`);
    t.throws(() => loadConfig({ data, relay: RELAY }), expected);
    t.end();
  });
}

test('an unknown key is refused with the path of the file', (t) => {
  environment(t);
  const { data, path } = withFile(t, JSON.stringify({ relay: RELAY, colour: 'green' }));
  t.throws(() => loadConfig({ data }), new UsageError(`${path}: colour: unknown key`));
  t.end();
});

test('the data folder is the flag, else the environment, and always absolute', (t) => {
  environment(t, { GURUCONNECT_DATA: '/of-env' });
  t.equal(dataDir({ data: '/of-flag' }), resolve('/of-flag'));
  t.equal(dataDir({ data: 'relative' }), resolve('relative'));
  t.equal(dataDir({}), resolve('/of-env'));
  t.equal(logDir({ data: '/of-flag' }), join(resolve('/of-flag'), 'logs'));
  t.end();
});

test(
  'the data folder is by default where this system keeps the state of programs',
  { skip: process.platform === 'win32' },
  (t) => {
    environment(t, { XDG_STATE_HOME: '/state' });
    t.equal(dataDir({}), '/state/guruconnect');
    Reflect.deleteProperty(process.env, 'XDG_STATE_HOME');
    t.equal(dataDir({}), join(homedir(), '.local/state/guruconnect'));
    t.end();
  },
);
