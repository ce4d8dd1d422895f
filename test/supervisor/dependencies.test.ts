import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { test } from 'tap';
import { ROOT } from '../helpers/program.ts';

/** Everything that is loaded before the first line of `entry` runs: its static imports, and theirs. */
const closure = (entry: string, seen = new Set<string>()): ReadonlySet<string> => {
  seen.add(entry);
  if (!entry.startsWith('file:') || entry.includes('node_modules')) return seen;
  const code = readFileSync(fileURLToPath(entry), 'utf8');
  for (const [, name = ''] of code.matchAll(/^(?:import|export) (?:[^'"]* from )?['"]([^'"]+)['"];/gm)) {
    const target = name.startsWith('.') ? new URL(name, entry).href : resolve(name);
    if (!seen.has(target)) closure(target, seen);
  }
  return seen;
};

const resolve = (name: string): string =>
  name.startsWith('@guruconnect/') ? import.meta.resolve(name) : name;

const packagesOf = (path: string): readonly string[] =>
  [...closure(pathToFileURL(join(ROOT, 'packages', path)).href)].filter((name) => !name.startsWith('file:'));

test('service-run connects to the dispatcher and starts its worker before it loads a package: none is imported statically', (t) => {
  for (const file of ['main', 'service-command', 'service-entry']) {
    const outside = packagesOf(`supervisor/dist/${file}.js`).filter((name) => !name.startsWith('node:'));
    t.same(outside, [], file);
  }
  t.end();
});

test('a service, which has the addon, does not wait for the hundred files of execa', (t) => {
  t.notOk(packagesOf('supervisor/dist/service.js').includes('execa'));
  t.ok(packagesOf('supervisor/dist/service.js').includes('pino'), 'and what it has of others is seen');
  t.end();
});

test('a failure at the entry is logged without a package: it may be a package that has failed', (t) => {
  for (const file of ['entry-log', 'event-log/entry-event']) {
    const outside = packagesOf(`supervisor/dist/${file}.js`).filter((name) => !name.startsWith('node:'));
    t.same(outside, [], file);
  }
  t.end();
});

test('the worker says hello before it loads the agent: no package is imported statically', (t) => {
  for (const file of ['main', 'supervised']) {
    const outside = packagesOf(`worker/dist/${file}.js`).filter((name) => !name.startsWith('node:'));
    t.same(outside, [], file);
  }
  t.end();
});

test('the worker’s account is looked up, and its store kept, without a package until there is time for one', (t) => {
  for (const file of ['worker-account', 'store-broker', 'worker-access', 'told-secrets', 'witness']) {
    const outside = packagesOf(`supervisor/dist/${file}.js`).filter((name) => !name.startsWith('node:'));
    t.same(outside, [], file);
  }
  t.end();
});

test('the pure files import no effect', (t) => {
  for (const file of ['supervisor/dist/machine.js', 'worker/dist/link.js', 'worker/dist/reconnect.js']) {
    t.same(packagesOf(file), [], file);
  }
  t.end();
});

test('the check itself sees what is imported', (t) => {
  t.ok(packagesOf('supervisor/dist/group-child.js').includes('execa'));
  t.ok(packagesOf('supervisor/dist/cli/run.js').includes('commander'));
  t.ok(packagesOf('worker/dist/web-socket.js').includes('ws'));
  t.end();
});
