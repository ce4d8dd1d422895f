import { mkdirSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { configStore, writeCompanion } from '@guruconnect/supervisor/manage/config-store';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

test('what is written is read; a file that is not there reads as none', async (t) => {
  const dir = tempDir(t);
  const { read, write } = configStore(dir);
  t.equal(await read(), undefined);
  await write('{"relay":"wss://ü"}\n');
  t.equal(await read(), '{"relay":"wss://ü"}\n');
  await write('{}');
  t.equal(await read(), '{}', 'the former content is gone');
  t.same(readdirSync(dir), ['config.json'], 'and nothing is left beside it');
});

test('nothing is written by removing the file; twice is once', async (t) => {
  const dir = tempDir(t);
  const { read, write } = configStore(dir);
  await write('{}');
  await write(undefined);
  await write(undefined);
  t.equal(await read(), undefined);
  t.same(readdirSync(dir), []);
});

test('a file that is there and cannot be read is an error: it must not pass for none', async (t) => {
  const dir = tempDir(t);
  mkdirSync(join(dir, 'config.json'));
  await t.rejects(configStore(dir).read(), { code: 'EISDIR' });
});

test('a write that fails is an error, and leaves nothing behind', async (t) => {
  const dir = tempDir(t);
  await t.rejects(configStore(join(dir, 'nowhere')).write('{}'), { code: 'ENOENT' });
  mkdirSync(join(dir, 'config.json'));
  await t.rejects(configStore(dir).write('{}'));
  t.same(readdirSync(dir), ['config.json']);
});

test('a companion lies beside the configuration, by its name', async (t) => {
  const dir = tempDir(t);
  await writeCompanion(dir, { name: 'ca-0123456789abcdef.pem', text: 'PEM\n' });
  t.equal(readFileSync(join(dir, 'ca-0123456789abcdef.pem'), 'utf8'), 'PEM\n');
});

const skip = process.platform === 'win32' && 'POSIX modes';

test('nobody but its owner reads either of them', { skip }, async (t) => {
  const dir = tempDir(t);
  await configStore(dir).write('{}');
  await writeCompanion(dir, { name: 'ca.pem', text: '' });
  for (const name of readdirSync(dir)) t.equal(statSync(join(dir, name)).mode & 0o777, 0o600, name);
});
