/** Who gets in, by Windows' ACLs (of an addon that is made up) and by owners and modes (of a real disk). */
import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { LOCAL_SERVICE } from '@guruconnect/shared/descriptor';
import {
  posixFolder,
  posixStore,
  windowsFolder,
  windowsStore,
} from '@guruconnect/supervisor/doctor/access-look';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

const skip = process.platform === 'win32' && 'POSIX only: modes';
const ADMINISTRATORS = 'S-1-5-32-544';
const USERS = 'S-1-5-32-545';
const READ = 0x120089;
const ALL = 0x1f01ff;

const ace = (sid: string, mask: number) => ({ type: 0, flags: 0, mask, sid });

/** Of every path the same, but for those that end as it is said. */
const addonWith = (aces: Readonly<Record<string, readonly ReturnType<typeof ace>[]>>, error = 0) => ({
  fileSecurity: (path: string) => {
    const [, own = []] = Object.entries(aces).find(([end]) => path.endsWith(end)) ?? [];
    return Promise.resolve({ error, owner: ADMINISTRATORS, aces: [ace(ADMINISTRATORS, ALL), ...own] });
  },
  makeProtectedFolder: () => Promise.resolve(0),
  protectFile: () => Promise.resolve(0),
});

test('Windows: a folder that is closed, that others read, that others write', async (t) => {
  const data = join(tempDir(t), 'data');
  t.same(await windowsFolder(addonWith({}), data, 'own'), { kind: 'missing' });
  mkdirSync(data);
  t.same(await windowsFolder(addonWith({}), data, 'own'), { kind: 'closed' });
  const readable = addonWith({ data: [ace(USERS, READ)] });
  t.same(await windowsFolder(readable, data, 'own'), { kind: 'readable', who: 'Users' });
  t.match(await windowsFolder(addonWith({ data: [ace(USERS, ALL)] }), data, 'own'), {
    kind: 'unsafe',
    why: /Users can write to it/,
  });
  const worker = addonWith({ data: [ace(LOCAL_SERVICE, READ)] });
  t.same(
    await windowsFolder(worker, data, 'local-service'),
    { kind: 'closed' },
    'a worker of that account has to',
  );
  t.match(await windowsFolder(worker, data, 'own'), { kind: 'readable', who: 'LocalService' });
  await t.rejects(
    windowsFolder(addonWith({}, 5), data, 'own'),
    { code: 5 },
    'who may not look does not know',
  );
});

test('Windows: a file of the store that others get at, and one that is none of it', async (t) => {
  const data = join(tempDir(t), 'data');
  t.same(await windowsStore(addonWith({}), data), { files: 0, open: undefined });
  mkdirSync(data);
  for (const name of ['credential.json', 'machine.json', 'config.json']) writeFileSync(join(data, name), '');
  const open = addonWith({ 'config.json': [ace(USERS, READ)] });
  t.same(await windowsStore(open, data), { files: 2, open: undefined });
  const leaking = addonWith({ 'machine.json': [ace(LOCAL_SERVICE, READ)] });
  t.same(await windowsStore(leaking, data), {
    files: 2,
    open: { path: join(data, 'machine.json'), who: 'LocalService' },
  });
});

test('elsewhere modes say who gets in', { skip }, (t) => {
  const data = join(tempDir(t), 'data');
  t.same([posixFolder(data), posixStore(data)], [{ kind: 'missing' }, { files: 0, open: undefined }]);
  mkdirSync(data);
  for (const [mode, fact] of [
    [0o700, { kind: 'closed' }],
    [0o750, { kind: 'readable', who: /0750/ }],
    [0o770, { kind: 'unsafe', why: /0770/ }],
  ] as const) {
    chmodSync(data, mode);
    t.match(posixFolder(data), fact);
  }
  const link = join(tempDir(t), 'link');
  symlinkSync(data, link);
  chmodSync(data, 0o700);
  t.same(posixFolder(link), { kind: 'closed' }, 'a link has a mode of its own, which says nothing');
  writeFileSync(join(data, 'credential.json'), '', { mode: 0o600 });
  t.same(posixStore(data), { files: 1, open: undefined });
  chmodSync(join(data, 'credential.json'), 0o640);
  t.match(posixStore(data), { files: 1, open: { who: /0640/ } });
  t.end();
});
