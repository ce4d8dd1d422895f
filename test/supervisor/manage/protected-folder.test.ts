import { linkSync, mkdirSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { FileSecurity } from '@guruconnect/native';
import {
  type FolderAddon,
  inspectFolder,
  planFolder,
  prepareFolder,
} from '@guruconnect/supervisor/manage/protected-folder';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

const allow = (sid: string, mask: number) => ({ type: 0, flags: 0, mask, sid });
const CLOSED = [allow('S-1-5-18', 0x1f01ff), allow('S-1-5-32-544', 0x1f01ff)];
const READABLE = [...CLOSED, allow('S-1-5-32-545', 0x1200a9)];
const WRITABLE = [...CLOSED, allow('S-1-5-32-545', 0x1301bf)];
const OURS = ['config.json', 'credential.json', 'logs', 'ca-0123456789abcdef.pem'];
const folder = (entries: typeof CLOSED, names: readonly string[], owner = 'S-1-5-32-544') => ({
  security: { owner, entries },
  names,
});

test('a folder of ours is protected; one that others could write to is not believed', (t) => {
  t.equal(planFolder('d', folder(CLOSED, OURS), false), 'protect');
  t.equal(planFolder('d', folder(READABLE, OURS), false), 'protect', 'what could be read only is closed now');
  for (const found of [folder(WRITABLE, OURS), folder(CLOSED, OURS, 'S-1-5-21-1-2-3-1001')]) {
    t.throws(() => planFolder('d', found, false), {
      message: /can write to it, so that .* cannot be believed/,
    });
    t.equal(planFolder('d', found, true), 'take-over', 'an administrator answers for it');
  }
  t.end();
});

test('an empty folder of somebody else’s is made anew: he may have it open', (t) => {
  t.equal(planFolder('d', folder(WRITABLE, []), false), 'remake');
  t.equal(planFolder('d', folder(CLOSED, []), false), 'protect');
  t.end();
});

test('a folder that holds other things is never taken over, and has to be closed to others', (t) => {
  t.equal(planFolder('d', folder(CLOSED, [...OURS, 'mine.txt']), false), 'leave');
  for (const entries of [READABLE, WRITABLE]) {
    for (const takeOver of [false, true]) {
      t.throws(() => planFolder('d', folder(entries, ['mine.txt']), takeOver), {
        message: /holds other things already, and is open to Users/,
      });
    }
  }
  t.end();
});

const BELIEVE = { takeOver: false, insecureWay: false };
const TAKE_OVER = { ...BELIEVE, takeOver: true };
const ANY_WAY = { ...BELIEVE, insecureWay: true };

/** Says the same of every path but those that are given, and remembers what it was asked to do. */
const fakeAddon = (
  entries: typeof CLOSED,
  error = 0,
  others: Readonly<Record<string, Partial<FileSecurity>>> = {},
) => {
  const done: string[] = [];
  const looked: string[] = [];
  const addon: FolderAddon = {
    fileSecurity: (path) => {
      looked.push(path);
      return Promise.resolve({ error: 0, owner: 'S-1-5-18', aces: entries, ...others[path] });
    },
    makeProtectedFolder: (path, sddl) => {
      done.push(`make ${path} ${sddl}`);
      return Promise.resolve(error);
    },
    protectFile: (path, sddl) => {
      done.push(`protect ${path} ${sddl}`);
      return Promise.resolve(error);
    },
  };
  return { addon, done, looked };
};
const SDDL = 'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
const FILE_SDDL = 'O:BAG:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)';

test('looking changes nothing, and a link is no folder', async (t) => {
  const dir = tempDir(t);
  const { addon, done } = fakeAddon(CLOSED);
  t.equal(await inspectFolder(addon, join(dir, 'none'), BELIEVE), 'make');
  t.equal(await inspectFolder(addon, dir, BELIEVE), 'protect');
  mkdirSync(join(dir, 'target'));
  symlinkSync(join(dir, 'target'), join(dir, 'link'));
  writeFileSync(join(dir, 'file'), '');
  for (const name of ['link', 'file']) {
    await t.rejects(inspectFolder(addon, join(dir, name), TAKE_OVER), {
      message: /is no folder, but a file or a link/,
    });
  }
  t.same(done, []);
});

test('a way there that others can exchange is refused, unless an administrator answers for it', async (t) => {
  const { addon } = fakeAddon(WRITABLE);
  for (const trust of [BELIEVE, TAKE_OVER]) {
    await t.rejects(inspectFolder(addon, 'C:\\theirs\\agent', trust), {
      message: /^C:\\theirs: Users can exchange what is in it/,
    });
  }
  t.equal(await inspectFolder(addon, 'C:\\theirs\\agent', ANY_WAY), 'make');
});

test('what is planned is done, with the protected DACL, and a refusal is told', async (t) => {
  const dir = tempDir(t);
  const there = join(dir, 'empty');
  mkdirSync(there);
  const { addon, done } = fakeAddon(CLOSED);
  await prepareFolder(addon, 'a', 'make');
  await prepareFolder(addon, 'b', 'protect');
  await prepareFolder(addon, 'c', 'leave');
  await prepareFolder(addon, there, 'remake');
  t.same(done, [`make a ${SDDL}`, `protect b ${SDDL}`, `make ${there} ${SDDL}`]);
  t.same(readdirSync(dir), [], 'the old one is gone before the new one is made');
  const refused = fakeAddon(CLOSED, 183).addon;
  await t.rejects(prepareFolder(refused, 'a', 'make'), { code: 183, operation: 'CreateDirectory' });
  await t.rejects(prepareFolder(refused, 'a', 'protect'), { code: 183, operation: 'SetSecurityInfo' });
});

/** A folder of ours, with something in it. */
const ours = (dir: string) => {
  const data = join(dir, 'data');
  const logs = join(data, 'logs');
  mkdirSync(logs, { recursive: true });
  const [config, log] = [join(data, 'config.json'), join(logs, 'supervisor.log')];
  for (const file of [config, log]) writeFileSync(file, '');
  return { data, logs, config, log };
};

test('what lies in a closed folder is believed only if nobody else can write to it', async (t) => {
  const { data, logs, config, log } = ours(tempDir(t));
  t.equal(await inspectFolder(fakeAddon(CLOSED).addon, data, BELIEVE), 'protect');
  for (const path of [logs, config, log]) {
    for (const weak of [{ aces: WRITABLE }, { owner: 'S-1-5-21-1-2-3-1001' }]) {
      const { addon, done } = fakeAddon(CLOSED, 0, { [path]: weak });
      await t.rejects(inspectFolder(addon, data, BELIEVE), {
        name: 'UsageError',
        message: new RegExp(`^${path}: .* can write to it.*cannot be believed.*--take-over-data`),
      });
      await t.rejects(inspectFolder(addon, data, ANY_WAY), 'which is another matter than the way there');
      t.equal(await inspectFolder(addon, data, TAKE_OVER), 'take-over');
      t.same(done, []);
    }
  }
});

test('what has gone since it was listed is nobody’s, and what cannot be read is told', async (t) => {
  const { data, log } = ours(tempDir(t));
  const failing = (error: number) => fakeAddon(CLOSED, 0, { [log]: { error, owner: '' } }).addon;
  t.equal(await inspectFolder(failing(2), data, BELIEVE), 'protect');
  await t.rejects(inspectFolder(failing(5), data, BELIEVE), { code: 5, operation: 'GetNamedSecurityInfo' });
});

test('a link, and a file with another name elsewhere, are refused whoever answers for them', async (t) => {
  const dir = tempDir(t);
  const { data, logs } = ours(dir);
  const elsewhere = join(dir, 'elsewhere');
  writeFileSync(elsewhere, '');
  const makers = { link: symlinkSync, 'another name': linkSync };
  for (const [what, make] of Object.entries(makers)) {
    const theirs = join(logs, what);
    make(elsewhere, theirs);
    const { addon, done } = fakeAddon(CLOSED);
    for (const trust of [BELIEVE, TAKE_OVER])
      await t.rejects(inspectFolder(addon, data, trust), { name: 'UsageError', message: new RegExp(what) });
    await t.rejects(
      prepareFolder(addon, data, 'take-over'),
      { name: 'UsageError' },
      'made since it was looked at',
    );
    t.notMatch(done.join('\n'), /another name|link|elsewhere/);
    rmSync(theirs);
  }
});

test('a folder of which too much would have to be believed is refused', async (t) => {
  const { data, logs } = ours(tempDir(t));
  for (let i = 0; i < 10_000; i += 1) writeFileSync(join(logs, `${i}`), '');
  await t.rejects(inspectFolder(fakeAddon(CLOSED).addon, data, BELIEVE), {
    message: /more than 10000 files/,
  });
});

test('in a folder that is left as it is, only what is ours has to be believed', async (t) => {
  const dir = tempDir(t);
  const { data, config } = ours(dir);
  const theirs = join(data, 'mine.txt');
  writeFileSync(theirs, '');
  symlinkSync(theirs, join(data, 'link'));
  const { addon, looked } = fakeAddon(CLOSED, 0, { [theirs]: { aces: WRITABLE } });
  t.equal(await inspectFolder(addon, data, BELIEVE), 'leave');
  t.ok(looked.includes(config));
  t.notOk(looked.includes(theirs));
  for (const trust of [BELIEVE, TAKE_OVER]) {
    const open = fakeAddon(CLOSED, 0, { [config]: { aces: WRITABLE } }).addon;
    await t.rejects(inspectFolder(open, data, trust), { message: /config\.json: Users can write to it/ });
  }
});

test('taking over protects all that is in it, each folder before what it holds', async (t) => {
  const { data, logs, config, log } = ours(tempDir(t));
  const { addon, done } = fakeAddon(WRITABLE);
  await prepareFolder(addon, data, 'take-over');
  t.equal(done[0], `protect ${data} ${SDDL}`);
  t.same(
    [...done].sort(),
    [
      `protect ${config} ${FILE_SDDL}`,
      `protect ${data} ${SDDL}`,
      `protect ${log} ${FILE_SDDL}`,
      `protect ${logs} ${SDDL}`,
    ].sort(),
  );
  t.ok(done.indexOf(`protect ${logs} ${SDDL}`) < done.indexOf(`protect ${log} ${FILE_SDDL}`));
  await t.rejects(prepareFolder(fakeAddon(CLOSED, 1920).addon, data, 'take-over'), { code: 1920 });
});

test('a link on the way there is refused, whoever answers for what', async (t) => {
  const dir = tempDir(t);
  mkdirSync(join(dir, 'real', 'deep'), { recursive: true });
  symlinkSync(join(dir, 'real'), join(dir, 'way'));
  for (const trust of [BELIEVE, TAKE_OVER, ANY_WAY]) {
    await t.rejects(inspectFolder(fakeAddon(CLOSED).addon, join(dir, 'way', 'deep', 'data'), trust), {
      name: 'UsageError',
      message: /way: is a link/,
    });
  }
});

test('a folder in a folder that is not there: which one to make is said', async (t) => {
  const dir = tempDir(t);
  const { addon, looked } = fakeAddon(CLOSED);
  await t.rejects(inspectFolder(addon, join(dir, 'a', 'b', 'data'), BELIEVE), {
    name: 'UsageError',
    message: `${join(dir, 'a', 'b')} does not exist: make it first`,
  });
  t.same(looked, []);
  writeFileSync(join(dir, 'file'), '');
  await t.rejects(inspectFolder(addon, join(dir, 'file', 'data'), BELIEVE), {
    message: /file: is no folder/,
  });
});
