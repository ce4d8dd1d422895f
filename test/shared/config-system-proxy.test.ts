/** `proxy: "system"`, from wherever it comes, and on which machine. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkConfig, problemLine, resolveConfig } from '@guruconnect/shared/config';
import { inspectConfig, loadConfig } from '@guruconnect/shared/config-file';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const RELAY = 'wss://relay.example';
const WHY = '"system" is for Windows: elsewhere there are no such settings';

for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_')) Reflect.deleteProperty(process.env, name);
}

const withFile = (t: Test, content: Readonly<Record<string, unknown>>) => {
  const data = tempDir(t);
  const path = join(data, 'config.json');
  writeFileSync(path, JSON.stringify(content));
  return { data, path };
};

test('a word in place of a URL is the proxy of the system, for every relay', (t) => {
  for (const relay of [RELAY, 'ws://127.0.0.1:80']) {
    const flags = { relay, proxy: 'system' };
    t.equal(resolveConfig({ flags, env: {}, file: undefined }).proxy, 'system');
  }
  t.end();
});

test('any other word, and any other spelling of this one, is no proxy', (t) => {
  for (const [proxy, why] of [
    ['System', 'not a URL'],
    ['system ', 'not a URL'],
    ['SYSTEM', 'not a URL'],
    ['auto', 'not a URL'],
    ['system:', 'not an http:// or https:// URL'],
    ['http://system/system', 'has more in it than a host and a port'],
  ] as const) {
    const file = { path: 'f', content: { relay: RELAY, proxy } };
    t.same(checkConfig({ flags: {}, env: {}, file }).map(problemLine), [`f: proxy: ${why}`], proxy);
  }
  t.end();
});

test('on Windows it is a configuration like any other', (t) => {
  const { data } = withFile(t, { relay: RELAY, proxy: 'system' });
  const { config, settings, problems } = inspectConfig({ data }, 'win32');
  t.same([config?.proxy, settings?.proxy, problems], ['system', 'system', []]);
  t.end();
});

test('elsewhere it is wrong, from wherever it comes, beside all else that is', (t) => {
  const { data, path } = withFile(t, { relay: RELAY, proxy: 'system', logLevel: 'loud' });
  const linesOf = (flags = {}) => inspectConfig({ data, ...flags }, 'linux').problems.map(problemLine);
  const loud = `${path}: logLevel: not one of error, warn, info, debug`;
  t.same(linesOf(), [loud, `${path}: proxy: ${WHY}`]);
  t.same(linesOf({ logLevel: 'info' }), [`${path}: proxy: ${WHY}`]);
  t.same(linesOf({ logLevel: 'info', proxy: 'system' }), [`--proxy: ${WHY}`]);
  t.same(linesOf({ logLevel: 'info', proxy: 'http://proxy.example' }), []);
  process.env['GURUCONNECT_PROXY'] = 'system';
  t.same(linesOf(), [loud, `GURUCONNECT_PROXY: ${WHY}`]);
  Reflect.deleteProperty(process.env, 'GURUCONNECT_PROXY');
  const { config, settings } = inspectConfig({ data, logLevel: 'info' }, 'darwin');
  t.same([config, settings], [undefined, undefined]);
  t.end();
});

test('the agent asks what machine it is on', (t) => {
  const { data } = withFile(t, { relay: RELAY, proxy: 'system' });
  if (process.platform === 'win32') t.equal(loadConfig({ data }).proxy, 'system');
  else t.throws(() => loadConfig({ data }), { name: 'UsageError', message: WHY });
  t.end();
});
