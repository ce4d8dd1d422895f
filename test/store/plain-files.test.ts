/** That what is said to be on the disk has really been flushed, in the right order. */
import { statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { join } from 'node:path';
import { plainFiles } from '@guruconnect/store/plain-files';
import { replaceFile } from '@guruconnect/store/replace-file';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'Windows cannot flush a folder' };

/** What fsync is called for: names of folders end in a slash. */
const watchFlushes = async (t: Test): Promise<string[]> => {
  const handle = await open(tempDir(t), 'r');
  const prototype = Object.getPrototypeOf(handle) as FileHandle;
  await handle.close();
  const flushed: string[] = [];
  const { sync } = prototype;
  prototype.sync = async function (this: FileHandle) {
    const stat = await this.stat();
    flushed.push(stat.isDirectory() ? `folder ${stat.ino}` : `file of ${stat.size}`);
    return sync.call(this);
  };
  t.teardown(() => {
    prototype.sync = sync;
  });
  return flushed;
};

const folder = (path: string): string => `folder ${statSync(path).ino}`;

test('the file is flushed with all its bytes, then its folder', POSIX_ONLY, async (t) => {
  const flushed = await watchFlushes(t);
  const dir = tempDir(t);
  await replaceFile(plainFiles, join(dir, 'x'), Buffer.from('12345'));
  t.same(flushed, ['file of 5', folder(dir)]);
});

test('folders that are made are flushed into those above them', POSIX_ONLY, async (t) => {
  const flushed = await watchFlushes(t);
  const dir = tempDir(t);
  await plainFiles.makeFolder(join(dir, 'deep', 'er'));
  t.same([...flushed].sort(), [folder(dir), folder(join(dir, 'deep'))].sort());
  flushed.length = 0;
  await plainFiles.makeFolder(dir);
  t.same(flushed, []);
});

test('a file is private from the moment it is there, whatever the umask', POSIX_ONLY, async (t) => {
  const before = process.umask(0);
  t.teardown(() => process.umask(before));
  const dir = join(tempDir(t), 'data');
  await plainFiles.makeFolder(dir);
  const file = await plainFiles.create(join(dir, 'x'));
  t.equal(statSync(join(dir, 'x')).mode & 0o777, 0o600);
  t.equal(statSync(dir).mode & 0o777, 0o700);
  await file.close();
  await t.rejects(plainFiles.create(join(dir, 'x')), { code: 'EEXIST' });
});
