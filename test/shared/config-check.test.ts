/** All that is wrong at once, and what may have been meant. */
import {
  type ConfigSources,
  checkConfig,
  judgeConfig,
  problemLine,
  resolveConfig,
} from '@guruconnect/shared/config';
import { nearestKey } from '@guruconnect/shared/config-hint';
import { CONFIG_KEYS } from '@guruconnect/shared/config';
import { test } from 'tap';

const RELAY = 'wss://relay.example';
const fileOf = (content: Readonly<Record<string, unknown>>) => ({ path: '/etc/agent.json', content });
const linesOf = ({ flags = {}, env = {}, file }: Partial<ConfigSources>) =>
  checkConfig({ flags, env, file }).map(problemLine);

test('a valid configuration has no problem, and is what is resolved', (t) => {
  const sources = { flags: { relay: RELAY }, env: {}, file: undefined };
  t.strictSame(judgeConfig(sources), { problems: [], settings: resolveConfig(sources) });
  t.end();
});

test('everything that is wrong is told at once: each key once, from where it counts, unknown keys first', (t) => {
  const file = fileOf({
    colour: 'green',
    relay: 'http://',
    logLevel: 'loud',
    proxy: 'ftp://u:hunter2@p',
    pins: ['x', 'y'],
    size: 7,
  });
  const lines = linesOf({
    file,
    env: { GURUCONNECT_LOG_LEVEL: 'quiet', GURUCONNECT_ENROLL_TOKEN: 'hunter2\n' },
    flags: { metricsPort: '0', ca: '' },
  });
  t.strictSame(lines, [
    '/etc/agent.json: colour: unknown key',
    '/etc/agent.json: size: unknown key',
    '/etc/agent.json: relay: not a URL',
    'GURUCONNECT_ENROLL_TOKEN: not 1 to 512 printable characters',
    'GURUCONNECT_LOG_LEVEL: not one of error, warn, info, debug',
    '--ca: empty',
    '/etc/agent.json: proxy: not an http:// or https:// URL',
    '/etc/agent.json: pins: not sha256/ and 44 characters of base64',
    '--metrics-port: not a port from 1 to 65535',
  ]);
  t.end();
});

test('no relay is one problem, and hides no other', (t) => {
  t.strictSame(linesOf({ flags: { logLevel: 'loud' } }), [
    'no relay is configured: give --relay or set GURUCONNECT_RELAY',
    '--log-level: not one of error, warn, info, debug',
  ]);
  t.end();
});

test('a proxy elsewhere for a relay in the clear is told beside what is wrong with other keys', (t) => {
  const flags = {
    relay: 'ws://127.0.0.1',
    proxy: 'http://proxy.example',
    logLevel: 'loud',
    metricsPort: '0',
  };
  t.strictSame(linesOf({ flags }), [
    '--log-level: not one of error, warn, info, debug',
    '--proxy: is not on this machine: a ws:// relay is reached through a proxy on this machine only',
    '--metrics-port: not a port from 1 to 65535',
  ]);
  t.end();
});

test("an editor's $schema is accepted, whatever it says, and is no part of the configuration", (t) => {
  const sources = { flags: {}, env: {}, file: fileOf({ $schema: './config.schema.json', relay: RELAY }) };
  t.strictSame(checkConfig(sources), []);
  t.notOk('$schema' in resolveConfig(sources));
  t.strictSame(linesOf({ file: fileOf({ $schema: 7, relay: RELAY }) }), []);
  t.strictSame(linesOf({ file: fileOf({ $Schema: '', relay: RELAY }) }), [
    '/etc/agent.json: $Schema: unknown key',
  ]);
  t.end();
});

test('an unknown key comes with the one that may have been meant', (t) => {
  const problems = checkConfig({
    flags: {},
    env: {},
    file: fileOf({ relay: RELAY, enrolToken: 'x', colour: 'y' }),
  });
  t.strictSame(
    problems.map(({ key, meant }) => [key, meant]),
    [
      ['enrolToken', 'enrollToken'],
      ['colour', undefined],
    ],
  );
  t.end();
});

const MEANT: Readonly<Record<string, string | undefined>> = {
  rely: 'relay',
  Relay: 'relay',
  relays: 'relay',
  'log-level': 'logLevel',
  log_level: 'logLevel',
  loglevel: 'logLevel',
  'metrics-port': 'metricsPort',
  metricPort: 'metricsPort',
  proxyFallBack: 'proxyFallback',
  pin: 'pins',
  CA: 'ca',
  prox: 'proxy',
  colour: undefined,
  data: undefined,
  x: undefined,
  '': undefined,
  proxyproxyproxy: undefined,
};
for (const [key, meant] of [...Object.entries(MEANT), ['__proto__', undefined] as const]) {
  test(`"${key}" is taken for ${meant ?? 'nothing'}`, (t) => {
    t.equal(nearestKey(key, CONFIG_KEYS), meant);
    t.end();
  });
}
