import { join } from 'node:path';
import { requireLocal, requireLocalFolder } from '@guruconnect/supervisor/manage/local-path';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

test('a service is given paths on a local drive only', (t) => {
  for (const path of ['C:\\Program Files\\GuruConnect\\node.exe', 'z:\\x', 'C:\\', 'C:\\100 % sure']) {
    t.doesNotThrow(() => {
      requireLocal(path);
    }, path);
  }
  for (const path of ['\\\\server\\share\\x', '\\\\?\\C:\\x', '\\\\.\\pipe\\x', 'C:x', 'x', '\\x', '/x']) {
    t.throws(
      () => {
        requireLocal(path);
      },
      { name: 'UsageError', message: `${path}: must be on a local drive` },
    );
    t.throws(() => {
      requireLocalFolder(path);
    }, path);
  }
  t.end();
});

test('a path that Windows would expand is refused', (t) => {
  for (const path of ['C:\\%TEMP%\\x', 'C:\\a%b c%d']) {
    t.throws(
      () => {
        requireLocal(path);
      },
      { name: 'UsageError', message: /must not contain %…%/ },
    );
  }
  t.end();
});

test('a letter that leads to a share is no local drive', { skip: process.platform === 'win32' }, (t) => {
  // Elsewhere than on Windows the true path of anything has no letter, as that of a network drive there.
  process.chdir(tempDir(t));
  t.throws(
    () => {
      requireLocalFolder(join('N:\\data'));
    },
    { name: 'UsageError', message: 'N:\\data: must be on a local drive' },
  );
  process.chdir('/');
  t.end();
});
