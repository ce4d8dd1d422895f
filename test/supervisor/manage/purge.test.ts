import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { purge } from '@guruconnect/supervisor/manage/purge';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

const fill = (dir: string, ...names: string[]): string => {
  mkdirSync(join(dir, 'logs'), { recursive: true });
  for (const name of ['config.json', 'credential.json', join('logs', 'a.log'), ...names]) {
    writeFileSync(join(dir, name), '');
  }
  return dir;
};

test('of the service’s own folder what is the agent’s goes, and the folder where nothing else is in it', (t) => {
  const dir = join(tempDir(t), 'agent');
  fill(dir);
  t.match(purge({ data: dir, installedData: dir }), { code: 0, lines: [/removed$/] });
  t.notOk(existsSync(dir));
  fill(dir, 'mine.txt');
  t.match(purge({ data: dir, installedData: dir }), { code: 0 });
  t.ok(existsSync(join(dir, 'mine.txt')));
  t.notOk(existsSync(join(dir, 'credential.json')));
  t.notOk(existsSync(join(dir, 'logs')));
  t.end();
});

test('of any other folder only where nothing else is in it', (t) => {
  const dir = join(tempDir(t), 'agent');
  fill(dir, 'index.html');
  const refused = { code: 1, lines: [/holds other things: nothing was removed/] };
  t.match(purge({ data: dir, installedData: undefined }), refused);
  t.match(purge({ data: dir, installedData: join(dir, 'elsewhere') }), refused);
  t.ok(existsSync(join(dir, 'logs', 'a.log')));
  const old = fill(join(tempDir(t), 'old'));
  t.match(purge({ data: old, installedData: undefined }), { code: 0 });
  t.notOk(existsSync(old));
  t.end();
});

test('a folder that is not there is no failure; one that cannot be read is, and is said', (t) => {
  const dir = tempDir(t);
  t.match(purge({ data: join(dir, 'none'), installedData: undefined }), { code: 0, lines: [/not there/] });
  writeFileSync(join(dir, 'file'), '');
  t.match(purge({ data: join(dir, 'file'), installedData: undefined }), {
    code: 1,
    lines: [/not removed: ENOTDIR/],
  });
  t.end();
});
