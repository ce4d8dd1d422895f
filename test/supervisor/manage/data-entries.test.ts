import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { visitOwnEntries } from '@guruconnect/supervisor/manage/data-entries';
import { Win32Error } from '@guruconnect/supervisor/manage/win32-error';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

test('a folder that has gone since it was listed is not entered, and the others are', async (t) => {
  const dir = tempDir(t);
  mkdirSync(join(dir, 'logs'));
  writeFileSync(join(dir, 'logs', 'a.log'), '');
  writeFileSync(join(dir, 'machine.json'), '');
  const visited: string[] = [];
  await visitOwnEntries(dir, ({ path }) => {
    visited.push(path);
    if (!path.endsWith('logs')) return Promise.resolve();
    rmSync(path, { recursive: true });
    return Promise.reject(new Win32Error(2, 'GetNamedSecurityInfo', path));
  });
  t.same(visited.sort(), [join(dir, 'logs'), join(dir, 'machine.json')]);
});

test('what the visit cannot do is not taken for what has gone', async (t) => {
  const dir = tempDir(t);
  writeFileSync(join(dir, 'machine.json'), '');
  const refused = (path: string) => Promise.reject(new Win32Error(5, 'GetNamedSecurityInfo', path));
  await t.rejects(
    visitOwnEntries(dir, ({ path }) => refused(path)),
    { code: 5 },
  );
});
