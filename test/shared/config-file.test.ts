import { X509Certificate } from 'node:crypto';
import { mkdirSync, writeFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, relative, resolve } from 'node:path';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { UsageError } from '@guruconnect/shared/usage-error';
import { type Test, test } from 'tap';
import { CA, CA_FILE, serverIdentity } from '../helpers/certificates.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = 'wss://relay.example';
const NAMES = [
  'GURUCONNECT_RELAY',
  'GURUCONNECT_ENROLL_TOKEN',
  'GURUCONNECT_LOG_LEVEL',
  'GURUCONNECT_DATA',
  'GURUCONNECT_CA',
  'GURUCONNECT_PROXY',
  'GURUCONNECT_PROXY_FALLBACK',
  'GURUCONNECT_PINS',
  'GURUCONNECT_METRICS_PORT',
  'GURUCONNECT_WORKER_ACCOUNT',
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
  t.strictSame(loadConfig({ data: tempDir(t), relay: RELAY }), {
    relay: RELAY,
    logLevel: 'info',
    proxyFallback: 'none',
    workerAccount: 'own',
  });
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
    proxyFallback: 'none',
    workerAccount: 'own',
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

const [certificate = ''] = CA;
const reading = (t: Test, text: string | Uint8Array) => {
  const { data } = withFile(t, text, 'ca.pem');
  writeFileSync(join(data, 'config.json'), JSON.stringify({ relay: RELAY, ca: 'ca.pem' }));
  return { data, ca: join(data, 'ca.pem'), config: join(data, 'config.json') };
};

test('the certificates are read from beside the file, each a block, with what is written between them', (t) => {
  environment(t);
  const block = certificate.trim();
  for (const [text, blocks] of [
    [certificate, [block]],
    [`\uFEFFIssuer: us\r\n${block.replaceAll('\n', '\r\n')}`, [block.replaceAll('\n', '\r\n')]],
    [`first\n${certificate}second\n${certificate}last`, [block, block]],
  ] as const) {
    t.strictSame(loadConfig({ data: reading(t, text).data }).ca, blocks);
  }
  t.end();
});

test('the certificates of a flag are read from the folder we are in', (t) => {
  environment(t);
  t.equal(loadConfig({ data: tempDir(t), relay: RELAY, ca: relative(process.cwd(), CA_FILE) }).ca?.length, 1);
  t.end();
});

const untrustworthy: Record<string, [text: string | Uint8Array, why: string]> = {
  'an empty file': ['', 'holds no PEM certificate'],
  'a key': [serverIdentity('loopback').key, 'holds no PEM certificate'],
  'a certificate in DER': [new X509Certificate(certificate).raw, 'holds no PEM certificate'],
  'a certificate that breaks off': [certificate.slice(0, 200), 'holds a PEM certificate that breaks off'],
  'a second certificate that breaks off': [
    certificate + certificate.slice(0, 200),
    'holds a PEM certificate that breaks off',
  ],
  'a certificate with a letter lost': [certificate.replace('MII', 'MI'), 'certificate 1 of 1 is not valid'],
  'a second certificate that is none': [
    `${certificate}-----BEGIN CERTIFICATE-----\naHVudGVyMg==\n-----END CERTIFICATE-----\n`,
    'certificate 2 of 2 is not valid',
  ],
};
for (const [situation, [text, why]] of Object.entries(untrustworthy)) {
  test(`${situation} in place of certificates is refused by source, key, path and reason`, (t) => {
    environment(t);
    const { data, ca, config } = reading(t, text);
    t.throws(() => loadConfig({ data }), new UsageError(`${config}: ca: ${ca}: ${why}`));
    t.throws(() => loadConfig({ data, ca }), new UsageError(`--ca: ${ca}: ${why}`));
    process.env['GURUCONNECT_CA'] = ca;
    t.throws(() => loadConfig({ data }), new UsageError(`GURUCONNECT_CA: ${ca}: ${why}`));
    t.end();
  });
}

test('certificates that cannot be read are refused by source and reason', (t) => {
  environment(t);
  const data = tempDir(t);
  const message = /^--ca: ENOENT: .*none\.pem'$/;
  t.throws(() => loadConfig({ data, relay: RELAY, ca: join(data, 'none.pem') }), {
    name: 'UsageError',
    message,
  });
  t.throws(() => loadConfig({ data, relay: RELAY, ca: data }), {
    name: 'UsageError',
    message: /^--ca: EISDIR/,
  });
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
