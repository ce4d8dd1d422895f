import { join, resolve } from 'node:path';
import { workerRestrictions } from '@guruconnect/supervisor/worker-restrictions';
import { test } from 'tap';

const data = resolve('data');

test('a Node that has a permission model lets the worker write where its data are, and start nothing', (t) => {
  t.same(workerRestrictions([data], new Set(['--permission'])), [
    ...['--permission', '--allow-addons', '--allow-fs-read=*', '--disable-warning=SecurityWarning'],
    `--allow-fs-write=${join(data, '*')}`,
  ]);
  t.end();
});

test('an older one is not given what it would take for an experiment, or not start with', (t) => {
  t.same(workerRestrictions([data], new Set(['--experimental-permission'])), []);
  t.end();
});

test('a Node that asks for a permission for the network as well is given that', (t) => {
  t.ok(workerRestrictions([data], new Set(['--permission', '--allow-net'])).includes('--allow-net'));
  t.end();
});

test('this Node knows each of them, where it has the model', (t) => {
  const given = workerRestrictions([data]);
  if (given.length === 0) t.comment(`not checked: Node ${process.version} has no permission model`);
  for (const option of given) {
    const [name = ''] = option.split('=');
    t.ok(process.allowedNodeEnvironmentFlags.has(name), name);
  }
  t.end();
});
