import { mkdirSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { findWeakness } from '@guruconnect/supervisor/manage/path-safety';
import { programFiles, rootOf } from '@guruconnect/supervisor/manage/program-files';
import { codeFiles, serviceProgram } from '@guruconnect/supervisor/manage/program-location';
import { type Test, test } from 'tap';
import { ROOT } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';

const write = (...names: readonly string[]): void => {
  const path = join(...names);
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, '');
};

/** A checkout, as pnpm leaves it. */
const checkout = (t: Test): string => {
  const root = join(realpathSync(tempDir(t)), 'root');
  write(root, 'node_modules', 'ws', 'lib', 'receiver.js');
  write(root, 'node_modules', '@scope', 'one', 'index.js');
  write(root, 'packages', 'worker', 'dist', 'main.js');
  write(root, 'packages', 'worker', 'package.json');
  write(root, 'packages', 'worker', 'src', 'main.ts');
  write(root, 'packages', 'worker', 'node_modules', 'own', 'index.js');
  write(root, 'packages', 'native', 'build', 'win32-x64', 'guruconnect.node');
  write(root, 'packages', 'supervisor', 'bin', 'guruconnect.js');
  write(root, 'test', 'main.test.ts');
  mkdirSync(join(root, 'node_modules', '@guruconnect'));
  symlinkSync(join(root, 'packages', 'worker'), join(root, 'node_modules', '@guruconnect', 'worker'));
  return root;
};
const slashed = (root: string, paths: readonly string[]): readonly string[] =>
  paths.map((path) => relative(root, path).replaceAll('\\', '/')).sort();

test('all that is loaded is looked at, down to the last file; sources and tests are not', (t) => {
  const root = checkout(t);
  const { files, folders } = programFiles(root);
  t.same(slashed(root, files), [
    'node_modules/@guruconnect/worker',
    'node_modules/@scope/one/index.js',
    'node_modules/ws/lib/receiver.js',
    'packages/native/build/win32-x64/guruconnect.node',
    'packages/supervisor/bin/guruconnect.js',
    'packages/worker/dist/main.js',
    'packages/worker/node_modules/own/index.js',
    'packages/worker/package.json',
  ]);
  t.same(slashed(root, folders), [
    'node_modules',
    'node_modules/@guruconnect',
    'node_modules/@scope',
    'node_modules/@scope/one',
    'node_modules/ws',
    'node_modules/ws/lib',
    'packages',
    'packages/native',
    'packages/native/build',
    'packages/native/build/win32-x64',
    'packages/supervisor',
    'packages/supervisor/bin',
    'packages/worker',
    'packages/worker/dist',
    'packages/worker/node_modules',
    'packages/worker/node_modules/own',
  ]);
  t.end();
});

test('a link is followed out of the program, and round in circles once', (t) => {
  const root = checkout(t);
  const outside = join(dirname(root), 'outside');
  write(outside, 'index.js');
  write(dirname(root), 'one.js');
  symlinkSync(outside, join(root, 'node_modules', 'linked'));
  symlinkSync(outside, join(outside, 'again'));
  symlinkSync(join(dirname(root), 'one.js'), join(root, 'node_modules', 'one.js'));
  const { files, folders } = programFiles(root);
  t.ok(folders.includes(outside));
  t.ok(files.includes(join(outside, 'index.js')));
  t.ok(files.includes(join(dirname(root), 'one.js')));
  t.end();
});

test('a link to nowhere is refused: somebody may make what it leads to', (t) => {
  const root = checkout(t);
  symlinkSync(join(root, 'nothing'), join(root, 'node_modules', 'hanging'));
  t.throws(() => programFiles(root), { name: 'UsageError', message: /hanging: leads nowhere/ });
  t.end();
});

test('one file that users can write, deep in a dependency, is a weakness', async (t) => {
  const root = checkout(t);
  const weak = join(root, 'node_modules', 'ws', 'lib', 'receiver.js');
  const read = (path: string) =>
    Promise.resolve({
      owner: 'S-1-5-18',
      entries: path === weak ? [{ type: 0, flags: 0, mask: 0x2, sid: 'S-1-5-32-545' }] : [],
    });
  t.same(await findWeakness(read, programFiles(root)), { path: weak, who: 'Users' });
});

test('of this very checkout, its dependencies and the addon’s loader are among the files', (t) => {
  const { files } = codeFiles(serviceProgram(''));
  for (const path of [
    'node_modules/ws/index.js',
    'packages/native/dist/index.js',
    'packages/shared/package.json',
  ])
    t.ok(files.includes(join(realpathSync(ROOT), path)), path);
  t.end();
});

test('the agent’s folder is the checkout, or the one that it was installed into', (t) => {
  t.equal(rootOf('/a/packages/supervisor/bin/guruconnect.js'), '/a');
  t.equal(rootOf('/a/node_modules/@guruconnect/supervisor/bin/guruconnect.js'), '/a');
  t.equal(rootOf('C:\\a\\node_modules\\@guruconnect\\supervisor\\bin\\guruconnect.js'), 'C:\\a');
  t.end();
});

test('where there is no code nothing was checked, and that is said', (t) => {
  t.throws(() => programFiles(tempDir(t)), { message: /code is not found there/ });
  t.end();
});
