import assert from 'node:assert/strict';
import { resolve as resolvePath } from 'node:path';
import { type ConfigSources, relayEndpoint, resolveConfig } from '@guruconnect/shared/config';
import { LOG_LEVELS } from '@guruconnect/shared/log-levels';
import { UsageError } from '@guruconnect/shared/usage-error';
import fc from 'fast-check';
import { test } from 'tap';

const RELAY = 'wss://relay.example';
const DEFAULTS = { logLevel: 'info', proxyFallback: 'none', workerAccount: 'own' };
const resolve = ({ flags = {}, env = {}, file }: Partial<ConfigSources>) =>
  resolveConfig({ flags, env, file });
const fileOf = (content: Readonly<Record<string, unknown>>) => ({ path: '/etc/agent.json', content });
const refusalOf = (sources: Partial<ConfigSources>): string => {
  try {
    resolve(sources);
  } catch (error) {
    assert.ok(error instanceof UsageError);
    return error.message;
  }
  return 'accepted';
};

test('a relay alone is a configuration, with the log level of every day', (t) => {
  t.strictSame(resolve({ flags: { relay: RELAY } }), { relay: RELAY, ...DEFAULTS });
  t.end();
});

// For each key: its name in the three sources and three values that can be told apart.
const KEYS = {
  relay: {
    env: 'GURUCONNECT_RELAY',
    values: ['wss://file.example', 'wss://env.example', 'wss://flag.example'],
  },
  enrollToken: { env: 'GURUCONNECT_ENROLL_TOKEN', values: ['of-file', 'of-env', 'of-flag'] },
  logLevel: { env: 'GURUCONNECT_LOG_LEVEL', values: ['error', 'warn', 'debug'] },
  ca: { env: 'GURUCONNECT_CA', values: ['/file/ca.pem', '/env/ca.pem', '/flag/ca.pem'] },
  proxy: {
    env: 'GURUCONNECT_PROXY',
    values: ['http://file.example/', 'http://u:p@env.example:3128/', 'https://flag.example/'],
  },
} as const;

for (const [key, { env, values }] of Object.entries(KEYS)) {
  test(`${key} is taken from the flag, else from the environment, else from the file`, (t) => {
    const [ofFile, ofEnv, ofFlag] = values;
    const file = fileOf({ relay: RELAY, [key]: ofFile });
    const got = (sources: Partial<ConfigSources>) => resolve({ file, ...sources })[key as keyof typeof KEYS];
    t.equal(got({}), key === 'ca' ? resolvePath(ofFile) : ofFile);
    t.equal(got({ env: { [env]: ofEnv } }), ofEnv);
    t.equal(got({ env: { [env]: ofEnv }, flags: { [key]: ofFlag } }), ofFlag);
    t.equal(got({ flags: { [key]: ofFlag } }), ofFlag);
    t.equal(got({ env: { [env]: undefined }, flags: { [key]: undefined } }), got({}));
    t.end();
  });
}

test('the keys are merged one by one', (t) => {
  const config = resolve({
    file: fileOf({ relay: RELAY, logLevel: 'debug' }),
    env: { GURUCONNECT_ENROLL_TOKEN: 'of-env' },
    flags: { logLevel: 'error' },
  });
  t.strictSame(config, { ...DEFAULTS, relay: RELAY, enrollToken: 'of-env', logLevel: 'error' });
  t.end();
});

test('a wrong value that is overridden does no harm', (t) => {
  t.match(resolve({ file: fileOf({ relay: 'nonsense' }), flags: { relay: RELAY } }), { relay: RELAY });
  t.end();
});

test('without a relay the refusal says both ways to give one', (t) => {
  t.equal(refusalOf({}), 'no relay is configured: give --relay or set GURUCONNECT_RELAY');
  t.end();
});

test('a variable that is set to nothing is not set', (t) => {
  const env = { GURUCONNECT_RELAY: '' };
  t.equal(
    resolveConfig({ flags: {}, env, file: fileOf({ relay: 'wss://relay.example' }) }).relay,
    'wss://relay.example',
  );
  t.end();
});

test('the spellings of one relay become one', (t) => {
  for (const relay of ['wss://Relay.Example', 'wss://relay.example/', 'wss://relay.example:443']) {
    t.equal(resolveConfig({ flags: { relay }, env: {}, file: undefined }).relay, 'wss://relay.example');
  }
  t.end();
});

const refusals: Record<string, [Partial<ConfigSources>, string]> = {
  'a relay flag that is no URL': [{ flags: { relay: 'relay.example' } }, '--relay: not a URL'],
  'an empty relay flag': [{ flags: { relay: '' } }, '--relay: not a URL'],
  'a relay in the file that is a number': [
    { file: fileOf({ relay: 7 }) },
    '/etc/agent.json: relay: not a text',
  ],
  'a relay in the file that is null': [
    { file: fileOf({ relay: null }) },
    '/etc/agent.json: relay: not a text',
  ],
  'an https relay': [
    { env: { GURUCONNECT_RELAY: 'https://relay.example' } },
    'GURUCONNECT_RELAY: not a ws:// or wss:// URL',
  ],
  'a relay with a password': [
    { file: fileOf({ relay: 'wss://user:hunter2@relay.example' }) },
    '/etc/agent.json: relay: has a user or a password in it',
  ],
  'a relay with a user': [
    { flags: { relay: 'wss://user@relay.example' } },
    '--relay: has a user or a password in it',
  ],
  'a relay with a query': [
    { flags: { relay: 'wss://relay.example/?key=hunter2' } },
    '--relay: has a query or a fragment',
  ],
  'a relay with a fragment': [
    { flags: { relay: 'wss://relay.example/#x' } },
    '--relay: has a query or a fragment',
  ],
  'a log level of nobody': [
    { flags: { relay: RELAY, logLevel: 'loud' } },
    `--log-level: not one of ${LOG_LEVELS.join(', ')}`,
  ],
  'a log level in the environment in capitals': [
    { flags: { relay: RELAY }, env: { GURUCONNECT_LOG_LEVEL: 'INFO' } },
    `GURUCONNECT_LOG_LEVEL: not one of ${LOG_LEVELS.join(', ')}`,
  ],
  'an empty token': [
    { flags: { relay: RELAY, enrollToken: '' } },
    '--enroll-token: not 1 to 512 printable characters',
  ],
  'a token that would break a header': [
    { flags: { relay: RELAY }, env: { GURUCONNECT_ENROLL_TOKEN: 'hunter2\r\nx: y' } },
    'GURUCONNECT_ENROLL_TOKEN: not 1 to 512 printable characters',
  ],
  'a token of 513 characters': [
    { file: fileOf({ relay: RELAY, enrollToken: 'hunter2'.padEnd(513, 'x') }) },
    '/etc/agent.json: enrollToken: not 1 to 512 printable characters',
  ],
  'a token in the file that is a list': [
    { file: fileOf({ relay: RELAY, enrollToken: ['hunter2'] }) },
    '/etc/agent.json: enrollToken: not a text',
  ],
  'a key in the file that nobody knows': [
    { file: fileOf({ relay: RELAY, enrolToken: 'hunter2' }) },
    '/etc/agent.json: enrolToken: unknown key',
  ],
  'a flag of the command line as a key in the file': [
    { file: fileOf({ relay: RELAY, data: '/var' }) },
    '/etc/agent.json: data: unknown key',
  ],
  'a __proto__ in the file': [
    { file: fileOf(JSON.parse(`{"__proto__": {"relay": "${RELAY}"}}`) as Record<string, unknown>) },
    '/etc/agent.json: __proto__: unknown key',
  ],
};
for (const [situation, [sources, message]] of Object.entries(refusals)) {
  test(`${situation} is refused by source, key and reason, on one line and without a secret`, (t) => {
    t.equal(refusalOf(sources), message);
    t.notMatch(refusalOf(sources), /hunter2|\n/);
    t.end();
  });
}

test('no refusal holds a secret, whatever else is wrong', (t) => {
  const secret = 'S3cr3t-of-the-machine';
  const wrap = (value: string) =>
    fc.constantFrom(value, `${value} `, `\n${value}`, [value], { value }, value + 'ä');
  fc.assert(
    fc.property(wrap(secret), fc.anything(), fc.anything(), (enrollToken, relay, logLevel) => {
      assert.ok(!refusalOf({ file: fileOf({ enrollToken, relay, logLevel }) }).includes(secret));
    }),
  );
  t.end();
});

const clearTextTo = (host: string): string => refusalOf({ flags: { relay: `ws://${host}` } });

const here = [
  'localhost',
  'LOCALHOST:8080',
  '127.0.0.1',
  '127.0.0.1:8080/prefix',
  '127.8.9.10',
  '[::1]',
  '[::1]:1',
];
for (const host of [...here, '[0:0:0:0:0:0:0:1]', '127.1']) {
  test(`ws://${host} stays on this machine, and is accepted`, (t) => {
    t.equal(clearTextTo(host), 'accepted');
    t.end();
  });
}

const elsewhere = [
  '127.0.0.1.evil.com',
  'evil.com/127.0.0.1',
  'localhost.evil.com',
  'evil-localhost',
  'a.127.0.0.1.example',
  '128.0.0.1',
  '10.0.0.1',
  '0.0.0.0',
  '[::]',
  '[::2]',
  '[::ffff:10.0.0.1]',
  'relay.example',
];
for (const host of elsewhere) {
  test(`ws://${host} leaves this machine, and is refused`, (t) => {
    t.equal(
      clearTextTo(host),
      '--relay: ws:// is not encrypted and allowed to this machine only: use wss://',
    );
    t.equal(refusalOf({ flags: { relay: `wss://${host}` } }), 'accepted');
    t.end();
  });
}

test('a loopback address as the user of another host is refused', (t) => {
  t.equal(clearTextTo('127.0.0.1@evil.com'), '--relay: has a user or a password in it');
  t.equal(clearTextTo('127.0.0.1:80@evil.com'), '--relay: has a user or a password in it');
  t.end();
});

const endpoints: [relay: string, ws: string, http: string][] = [
  ['wss://relay.example', 'wss://relay.example/v1/x', 'https://relay.example/v1/x'],
  ['wss://relay.example/', 'wss://relay.example/v1/x', 'https://relay.example/v1/x'],
  ['wss://relay.example/a/b', 'wss://relay.example/a/b/v1/x', 'https://relay.example/a/b/v1/x'],
  ['wss://relay.example/a/b/', 'wss://relay.example/a/b/v1/x', 'https://relay.example/a/b/v1/x'],
  ['wss://relay.example:8443/a', 'wss://relay.example:8443/a/v1/x', 'https://relay.example:8443/a/v1/x'],
  ['wss://relay.example:443', 'wss://relay.example/v1/x', 'https://relay.example/v1/x'],
  ['wss://relay.example:80', 'wss://relay.example:80/v1/x', 'https://relay.example:80/v1/x'],
  ['ws://127.0.0.1:80', 'ws://127.0.0.1/v1/x', 'http://127.0.0.1/v1/x'],
  ['ws://127.0.0.1:443', 'ws://127.0.0.1:443/v1/x', 'http://127.0.0.1:443/v1/x'],
  ['ws://[::1]:8080/p/', 'ws://[::1]:8080/p/v1/x', 'http://[::1]:8080/p/v1/x'],
  ['wss://relay.example/ws:', 'wss://relay.example/ws:/v1/x', 'https://relay.example/ws:/v1/x'],
];
for (const [relay, ws, http] of endpoints) {
  test(`the endpoints of ${relay} are below its prefix, at its port`, (t) => {
    t.equal(relayEndpoint(relay, '/v1/x', 'ws').href, ws);
    t.equal(relayEndpoint(relay, '/v1/x', 'http').href, http);
    t.end();
  });
}
