import { createPipeAddress } from '@guruconnect/supervisor/pipe-address';
import { existsSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, dirname } from 'node:path';
import { test } from 'tap';

const posix = process.platform === 'win32' ? { skip: 'a named pipe leaves nothing behind' } : {};

test('no name comes twice', (t) => {
  const paths = Array.from({ length: 50 }, () => {
    const { path, dispose } = createPipeAddress();
    dispose();
    return path;
  });
  t.equal(new Set(paths).size, 50);
  t.end();
});

if (process.platform === 'win32') {
  test('the name holds 128 random bits', (t) => {
    t.match(createPipeAddress().path, /^\\\\\.\\pipe\\guruconnect-worker-[0-9a-f]{32}$/);
    t.end();
  });
}

test('the socket is alone in a folder of ours, whatever the umask says', posix, (t) => {
  const umask = process.umask(0);
  t.teardown(() => process.umask(umask));
  const address = createPipeAddress();
  t.teardown(address.dispose);
  const folder = dirname(address.path);
  t.equal(dirname(folder), tmpdir());
  t.match(basename(folder), /^guruconnect-/);
  t.equal(statSync(folder).mode & 0o777, 0o700);
  t.notOk(existsSync(address.path));
  t.end();
});

test('disposing removes the folder and what is in it, and can be done again', posix, (t) => {
  const address = createPipeAddress();
  writeFileSync(address.path, '');
  address.dispose();
  t.notOk(existsSync(dirname(address.path)));
  address.dispose();
  t.end();
});
