/** Which logs go into an archive, and how much of them. */
import { chmodSync, mkdirSync, symlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { logEntries } from '@guruconnect/supervisor/diagnostics/log-files';
import { type Test, test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

const folder = (t: Test, files: Readonly<Record<string, string>>): string => {
  const dir = tempDir(t);
  mkdirSync(join(dir, 'worker'));
  Object.entries(files).forEach(([name, text], at) => {
    writeFileSync(join(dir, name), text);
    utimesSync(join(dir, name), 1000 + at, 1000 + at);
  });
  return dir;
};

test('rotated ones and those of the worker’s own folder are in it, the newest first; nothing else is', (t) => {
  const dir = folder(t, {
    ...{ 'worker.log.2': 'old', 'supervisor.1.log': 's1', 'worker/worker.log': 'w' },
    ...{ 'notes.txt': 'mine', 'worker.log': 'new', 'worker.log.lock': '' },
  });
  t.same(logEntries(dir, 1000), [
    { name: 'logs/worker.log', kind: 'text', text: 'new' },
    { name: 'logs/worker/worker.log', kind: 'text', text: 'w' },
    { name: 'logs/supervisor.1.log', kind: 'text', text: 's1' },
    { name: 'logs/worker.log.2', kind: 'text', text: 'old' },
  ]);
  t.end();
});

test('where there is too little room, the end of the last one counts, and what is left out is named', (t) => {
  const dir = folder(t, { 'a.log': 'oldest', 'b.log': 'one\ntwo\nthree\n', 'c.log': '1234\n' });
  t.same(logEntries(dir, 15), [
    { name: 'logs/c.log', kind: 'text', text: '1234\n' },
    { name: 'logs/b.log', kind: 'text', text: 'three\n', remark: 'only its end' },
    { name: 'logs/a.log', kind: 'missing', why: 'no room was left: newer logs came first' },
  ]);
  t.end();
});

test(
  'a link is left alone, and what cannot be read says so',
  { skip: process.platform === 'win32' && 'POSIX only' },
  (t) => {
    const dir = folder(t, { 'a.log': 'x' });
    symlinkSync('/etc/passwd', join(dir, 'evil.log'));
    t.same(logEntries(join(dir, 'none'), 10), [
      {
        name: 'logs',
        kind: 'missing',
        why: `ENOENT: no such file or directory, scandir '${join(dir, 'none')}'`,
      },
    ]);
    t.same(
      logEntries(dir, 10).map(({ name }) => name),
      ['logs/a.log'],
    );
    if (process.getuid?.() === 0) t.comment('not checked: root reads a file of mode 0000');
    else {
      chmodSync(join(dir, 'worker'), 0);
      t.match(logEntries(dir, 10), [{ name: 'logs/a.log' }, { name: 'logs/worker', why: /EACCES/ }]);
      chmodSync(join(dir, 'worker'), 0o700);
      chmodSync(join(dir, 'a.log'), 0);
      t.match(logEntries(dir, 10), [{ kind: 'missing', why: /EACCES/ }]);
    }
    t.end();
  },
);
