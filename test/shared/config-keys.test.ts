/** The keys that a file can write as what they are, and a flag only as text: pins and ports; and the way past a proxy. */
import assert from 'node:assert/strict';
import { type ConfigSources, checkConfig, problemLine, resolveConfig } from '@guruconnect/shared/config';
import fc from 'fast-check';
import { test } from 'tap';

const RELAY = 'wss://relay.example';
const PATH = '/etc/agent.json';
const pin = (letter: string): string => `sha256/${letter.repeat(43)}=`;
const [A, B, C] = [pin('A'), pin('b'), pin('/')];

const withFile = (content: Readonly<Record<string, unknown>>): ConfigSources => ({
  flags: {},
  env: {},
  file: { path: PATH, content: { relay: RELAY, ...content } },
});
const withEnv = (env: ConfigSources['env']): ConfigSources => ({
  flags: { relay: RELAY },
  env,
  file: undefined,
});
const withFlags = (flags: ConfigSources['flags']): ConfigSources => ({
  flags: { relay: RELAY, ...flags },
  env: {},
  file: undefined,
});

const TWO = 'is not two different pins at least: with one alone, a lost key would lose the machine';
const NO_PIN = 'not sha256/ and 44 characters of base64';
const NO_PORT = 'not a port from 1 to 65535';
const NO_FALLBACK = 'not one of none, direct';
const NO_ACCOUNT = 'not one of own, local-service';

test('pins are a list, or a text parted by commas and spaces, in every source', (t) => {
  t.strictSame(resolveConfig(withFile({ pins: [A, B, C] })).pins, [A, B, C]);
  for (const text of [`${A},${B}`, `${A} ${B}`, `${A}, ${B}`, ` ${A}\n${B},`, `,,${A},,${B},,`]) {
    t.strictSame(resolveConfig(withFile({ pins: text })).pins, [A, B], JSON.stringify(text));
    t.strictSame(resolveConfig(withEnv({ GURUCONNECT_PINS: text })).pins, [A, B]);
    t.strictSame(resolveConfig(withFlags({ pins: text })).pins, [A, B]);
  }
  t.end();
});

test('pins of a flag go over those of the environment, and those over the file, as a whole', (t) => {
  const file = { path: PATH, content: { relay: RELAY, pins: [A, B] } };
  const env = { GURUCONNECT_PINS: `${B},${C}` };
  t.strictSame(resolveConfig({ flags: {}, env, file }).pins, [B, C]);
  t.strictSame(resolveConfig({ flags: { pins: `${C},${A}` }, env, file }).pins, [C, A]);
  t.end();
});

test('a port is a number in the file, or a text in every source', (t) => {
  for (const port of [1, 80, 9464, 9999, 10_000, 59_999, 65_535]) {
    t.equal(resolveConfig(withFile({ metricsPort: port })).metricsPort, port);
    t.equal(resolveConfig(withFile({ metricsPort: String(port) })).metricsPort, port);
    t.equal(resolveConfig(withEnv({ GURUCONNECT_METRICS_PORT: String(port) })).metricsPort, port);
    t.equal(resolveConfig(withFlags({ metricsPort: String(port) })).metricsPort, port);
  }
  t.equal(resolveConfig(withFlags({})).metricsPort, undefined);
  t.end();
});

test('a text is a port exactly where it is the decimal of a number from 1 to 65535', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: -10, max: 120_000 }), (number) => {
      const problems = checkConfig(withFlags({ metricsPort: String(number) }));
      assert.equal(problems.length === 0, number >= 1 && number <= 65_535, String(number));
    }),
    { examples: [[0], [65_535], [65_536], [65_540], [65_600], [66_000], [70_000], [99_999], [100_000]] },
  );
  t.end();
});

test('the way past a proxy is none, unless it is direct', (t) => {
  t.equal(resolveConfig(withFlags({})).proxyFallback, 'none');
  t.equal(resolveConfig(withFlags({ proxyFallback: 'none' })).proxyFallback, 'none');
  t.equal(resolveConfig(withFile({ proxyFallback: 'direct' })).proxyFallback, 'direct');
  t.equal(resolveConfig(withEnv({ GURUCONNECT_PROXY_FALLBACK: 'direct' })).proxyFallback, 'direct');
  t.end();
});

test("the worker's account is the supervisor's own, unless it is LocalService", (t) => {
  t.equal(resolveConfig(withFlags({})).workerAccount, 'own');
  t.equal(resolveConfig(withFlags({ workerAccount: 'own' })).workerAccount, 'own');
  t.equal(resolveConfig(withFile({ workerAccount: 'local-service' })).workerAccount, 'local-service');
  t.equal(
    resolveConfig(withEnv({ GURUCONNECT_WORKER_ACCOUNT: 'local-service' })).workerAccount,
    'local-service',
  );
  t.end();
});

const refusals: Record<string, [ConfigSources, string]> = {
  'a pin alone in a list': [withFile({ pins: [A] }), `${PATH}: pins: ${TWO}`],
  'a pin alone in a text': [withFlags({ pins: A }), `--pins: ${TWO}`],
  'the same pin twice': [withFile({ pins: [A, A] }), `${PATH}: pins: ${TWO}`],
  'the same pin twice in a text': [withEnv({ GURUCONNECT_PINS: `${A},${A}` }), `GURUCONNECT_PINS: ${TWO}`],
  'a pin twice beside another one': [withFile({ pins: [A, B, A] }), `${PATH}: pins: has a pin twice`],
  'no pin in a list': [withFile({ pins: [] }), `${PATH}: pins: ${TWO}`],
  'no pin in a text': [withEnv({ GURUCONNECT_PINS: ' , ' }), `GURUCONNECT_PINS: ${TWO}`],
  'a pin of another hash': [withFlags({ pins: `${A},${B.replace('256', '512')}` }), `--pins: ${NO_PIN}`],
  'a pin in capitals': [withFlags({ pins: `${A},${B.replace('sha', 'SHA')}` }), `--pins: ${NO_PIN}`],
  'a pin in hexadecimal': [withFlags({ pins: `${A},sha256/${'0a'.repeat(32)}` }), `--pins: ${NO_PIN}`],
  'a pin that breaks off': [withFlags({ pins: `${A},${B.slice(0, -1)}` }), `--pins: ${NO_PIN}`],
  'a pin that goes on': [withFlags({ pins: `${A},${B}=` }), `--pins: ${NO_PIN}`],
  'pins parted by something else': [withFlags({ pins: `${A};${B}` }), `--pins: ${NO_PIN}`],
  'a list with a number in it': [withFile({ pins: [A, B, 7] }), `${PATH}: pins: not a text`],
  'a list in a list': [withFile({ pins: [[A, B]] }), `${PATH}: pins: not a text`],
  'pins that are a number': [withFile({ pins: 7 }), `${PATH}: pins: not a list of pins`],
  'pins that are null': [withFile({ pins: null }), `${PATH}: pins: not a list of pins`],
  'pins that are an object': [withFile({ pins: { [A]: B } }), `${PATH}: pins: not a list of pins`],
  'port 0': [withFile({ metricsPort: 0 }), `${PATH}: metricsPort: ${NO_PORT}`],
  'port 65536': [withFile({ metricsPort: 65_536 }), `${PATH}: metricsPort: ${NO_PORT}`],
  'a negative port': [withFile({ metricsPort: -80 }), `${PATH}: metricsPort: ${NO_PORT}`],
  'half a port': [withFile({ metricsPort: 80.5 }), `${PATH}: metricsPort: ${NO_PORT}`],
  'a port that is null': [withFile({ metricsPort: null }), `${PATH}: metricsPort: ${NO_PORT}`],
  'a port that is true': [withFile({ metricsPort: true }), `${PATH}: metricsPort: ${NO_PORT}`],
  'a port that is a list': [withFile({ metricsPort: [80] }), `${PATH}: metricsPort: ${NO_PORT}`],
  'a port flag of 0': [withFlags({ metricsPort: '0' }), `--metrics-port: ${NO_PORT}`],
  'a port flag of 65536': [withFlags({ metricsPort: '65536' }), `--metrics-port: ${NO_PORT}`],
  'a port with a letter': [
    withEnv({ GURUCONNECT_METRICS_PORT: '80a' }),
    `GURUCONNECT_METRICS_PORT: ${NO_PORT}`,
  ],
  'a port in hexadecimal': [withFlags({ metricsPort: '0x50' }), `--metrics-port: ${NO_PORT}`],
  'a port with a blank': [withFlags({ metricsPort: ' 80' }), `--metrics-port: ${NO_PORT}`],
  'a port with a leading zero': [withFlags({ metricsPort: '080' }), `--metrics-port: ${NO_PORT}`],
  'a port in a power of ten': [withFlags({ metricsPort: '1e3' }), `--metrics-port: ${NO_PORT}`],
  'an unknown fallback': [withFlags({ proxyFallback: 'always' }), `--proxy-fallback: ${NO_FALLBACK}`],
  'a fallback in capitals': [
    withEnv({ GURUCONNECT_PROXY_FALLBACK: 'DIRECT' }),
    `GURUCONNECT_PROXY_FALLBACK: ${NO_FALLBACK}`,
  ],
  'a fallback that is true': [withFile({ proxyFallback: true }), `${PATH}: proxyFallback: ${NO_FALLBACK}`],
  'an account with a blank': [
    withFlags({ workerAccount: 'local service' }),
    `--worker-account: ${NO_ACCOUNT}`,
  ],
  'an account that is null': [withFile({ workerAccount: null }), `${PATH}: workerAccount: ${NO_ACCOUNT}`],
  'an account in capitals': [
    withEnv({ GURUCONNECT_WORKER_ACCOUNT: 'LocalService' }),
    `GURUCONNECT_WORKER_ACCOUNT: ${NO_ACCOUNT}`,
  ],
  'a relay with a blank in its path': [
    withFlags({ relay: `${RELAY}/a b` }),
    '--relay: not written as wss://host[:port][/prefix]',
  ],
  'a relay whose query is empty': [
    withFlags({ relay: `${RELAY}/?` }),
    '--relay: not written as wss://host[:port][/prefix]',
  ],
  'a relay without slashes': [
    withFlags({ relay: 'wss:relay.example' }),
    '--relay: not written as wss://host[:port][/prefix]',
  ],
  'a proxy without slashes': [
    withFlags({ proxy: 'http:proxy.example' }),
    '--proxy: not written as http://[user:password@]host[:port]',
  ],
};
for (const [situation, [sources, line]] of Object.entries(refusals)) {
  test(`${situation} is refused by source, key and reason, and is the one problem`, (t) => {
    t.strictSame(checkConfig(sources).map(problemLine), [line]);
    t.throws(() => resolveConfig(sources), { name: 'UsageError', message: line });
    t.end();
  });
}
