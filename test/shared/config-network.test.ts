import assert from 'node:assert/strict';
import { resolve as resolvePath } from 'node:path';
import { type ConfigSources, resolveConfig } from '@guruconnect/shared/config';
import { UsageError } from '@guruconnect/shared/usage-error';
import fc from 'fast-check';
import { test } from 'tap';

const RELAY = 'wss://relay.example';
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

test('a relative path in the file is meant from the folder of the file, any other as it stands', (t) => {
  const caOf = (sources: Partial<ConfigSources>) =>
    resolve({ ...sources, flags: { relay: RELAY, ...sources.flags } }).ca;
  t.equal(caOf({ file: fileOf({ ca: '../pki/ca.pem' }) }), resolvePath('/pki/ca.pem'));
  t.equal(caOf({ file: { path: 'conf/agent.json', content: { ca: 'ca.pem' } } }), resolvePath('conf/ca.pem'));
  t.equal(caOf({ file: fileOf({ ca: '/pki/ca.pem' }) }), resolvePath('/pki/ca.pem'));
  t.equal(caOf({ file: fileOf({}), env: { GURUCONNECT_CA: 'ca.pem' } }), 'ca.pem');
  t.equal(caOf({ file: fileOf({ ca: '/other.pem' }), flags: { ca: 'ca.pem' } }), 'ca.pem');
  t.end();
});

test('the spellings of one proxy become one', (t) => {
  for (const proxy of ['http://Proxy.Example', 'http://proxy.example:80/', 'HTTP://proxy.example']) {
    t.equal(resolve({ flags: { relay: RELAY, proxy } }).proxy, 'http://proxy.example/');
  }
  t.end();
});

test('a ws:// relay goes through a proxy on this machine only, a wss:// relay through any', (t) => {
  const refusal = (relay: string, proxy: string) => refusalOf({ flags: { relay, proxy } });
  t.equal(
    refusal('ws://127.0.0.1:80', 'http://u:hunter2@proxy.example'),
    '--proxy: is not on this machine: a ws:// relay is reached through a proxy on this machine only',
  );
  t.equal(refusal('ws://127.0.0.1:80', 'http://u:hunter2@127.0.0.1:3128'), 'accepted');
  t.equal(refusal('ws://localhost', 'https://[::1]'), 'accepted');
  t.equal(refusal(RELAY, 'http://proxy.example'), 'accepted');
  t.end();
});

const refusals: Record<string, [Partial<ConfigSources>, string]> = {
  'an empty path in the file': [{ file: fileOf({ relay: RELAY, ca: '' }) }, '/etc/agent.json: ca: empty'],
  'a path that is a list': [
    { file: fileOf({ relay: RELAY, ca: ['ca.pem'] }) },
    '/etc/agent.json: ca: not a text',
  ],
  'a proxy that is no URL': [
    { flags: { relay: RELAY }, env: { GURUCONNECT_PROXY: 'user:hunter2@proxy.example:port' } },
    'GURUCONNECT_PROXY: not an http:// or https:// URL',
  ],
  'a proxy without a host': [{ flags: { relay: RELAY, proxy: 'http://u:hunter2@' } }, '--proxy: not a URL'],
  'a proxy of another kind': [
    { flags: { relay: RELAY, proxy: 'socks5://u:hunter2@proxy.example' } },
    '--proxy: not an http:// or https:// URL',
  ],
  'a proxy with a path': [
    { file: fileOf({ relay: RELAY, proxy: 'http://u:hunter2@proxy.example/hunter2' }) },
    '/etc/agent.json: proxy: has more in it than a host and a port',
  ],
  'a proxy with a query': [
    { flags: { relay: RELAY, proxy: 'http://u:p@proxy.example?hunter2' } },
    '--proxy: has more in it than a host and a port',
  ],
  'a proxy whose password is not encoded': [
    { flags: { relay: RELAY, proxy: 'http://u:hunter2%zz@proxy.example' } },
    '--proxy: has a user or a password that is not percent-encoded',
  ],
  'a proxy that is a number': [
    { file: fileOf({ relay: RELAY, proxy: 3128 }) },
    '/etc/agent.json: proxy: not a text',
  ],
};
for (const [situation, [sources, message]] of Object.entries(refusals)) {
  test(`${situation} is refused by source, key and reason, on one line and without a secret`, (t) => {
    t.equal(refusalOf(sources), message);
    t.notMatch(refusalOf(sources), /hunter2|\n/);
    t.end();
  });
}

test('no refusal quotes the password of a proxy, whatever is wrong with it', (t) => {
  const secret = 'S3cr3t-of-the-proxy';
  const wrap = (value: string) => fc.constantFrom(value, `${value} `, `\n${value}`, [value], { value });
  const scheme = fc.constantFrom('http://', 'https://', 'socks://', 'http:', '', 'ht tp://');
  const rest = fc.constantFrom(
    '@proxy.example',
    '@',
    '',
    '@proxy.example:99999',
    '@proxy.example/x',
    '@[',
    '%@x',
  );
  const proxies = fc.tuple(scheme, rest).map(([start, end]) => `${start}user:${secret}${end}`);
  fc.assert(
    fc.property(proxies.chain(wrap), fc.constantFrom(RELAY, 'ws://127.0.0.1'), (proxy, relay) => {
      assert.ok(!refusalOf({ file: fileOf({ proxy, relay }) }).includes(secret));
    }),
  );
  t.end();
});
