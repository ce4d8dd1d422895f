import {
  type FileSecurity,
  type Role,
  ancestorsOf,
  findWeakness,
  intruder,
} from '@guruconnect/supervisor/manage/path-safety';
import { readSecurity } from '@guruconnect/supervisor/manage/protected-folder';
import { test } from 'tap';

const SYSTEM = 'S-1-5-18';
const ADMINISTRATORS = 'S-1-5-32-544';
const USERS = 'S-1-5-32-545';
const FULL = 0x1f01ff;
const READ = 0x1200a9;
const INHERIT_ONLY = 0x8;

const allow = (sid: string, mask: number, flags = 0) => ({ type: 0, flags, mask, sid });
const SAFE: FileSecurity = {
  owner: ADMINISTRATORS,
  entries: [allow(SYSTEM, FULL), allow(ADMINISTRATORS, FULL), allow(USERS, READ)],
};
const also = (...entries: ReturnType<typeof allow>[]): FileSecurity => ({
  ...SAFE,
  entries: [...(SAFE.entries ?? []), ...entries],
});

test('a folder as Windows makes it below Program Files is safe in every role', (t) => {
  for (const role of ['file', 'code-folder', 'ancestor'] as const) t.equal(intruder(SAFE, role), undefined);
  t.end();
});

const WEAK: Readonly<Record<string, readonly [FileSecurity, string]>> = {
  'no DACL at all': [{ owner: SYSTEM, entries: undefined }, 'Everyone'],
  'an owner who is no administrator': [{ ...SAFE, owner: 'S-1-5-21-1-2-3-1001' }, 'S-1-5-21-1-2-3-1001'],
  'full access for everyone': [also(allow('S-1-1-0', FULL)), 'Everyone'],
  'modify for users': [also(allow(USERS, 0x1301bf)), 'Users'],
  'a change of the DACL': [also(allow('S-1-5-11', 0x40000)), 'Authenticated Users'],
  'a change of the owner': [also(allow('S-1-5-11', 0x80000)), 'Authenticated Users'],
  'generic write': [also(allow('S-1-5-4', 0x40000000)), 'Interactive'],
  'an object entry': [also({ type: 5, flags: 0, mask: FULL, sid: USERS }), 'Users'],
  'a callback entry': [also({ type: 9, flags: 0, mask: FULL, sid: USERS }), 'Users'],
  'a compound entry': [also({ type: 4, flags: 0, mask: FULL, sid: USERS }), 'Users'],
  'a callback entry for an object': [also({ type: 11, flags: 0, mask: FULL, sid: USERS }), 'Users'],
  'an entry that what is made below inherits as well': [also(allow(USERS, FULL, 0x1 | 0x2)), 'Users'],
};
for (const [what, [security, who]] of Object.entries(WEAK)) {
  test(`weak for a program: ${what}`, (t) => {
    t.equal(intruder(security, 'file'), who);
    t.equal(intruder(security, 'code-folder'), who);
    t.end();
  });
}

const FINE: Readonly<Record<string, FileSecurity>> = {
  'an entry for what is made below only': also(allow(USERS, FULL, INHERIT_ONLY)),
  'CREATOR OWNER': also(allow('S-1-3-0', FULL)),
  'OWNER RIGHTS': also(allow('S-1-3-4', FULL)),
  'a denial': also({ type: 1, flags: 0, mask: FULL, sid: USERS }),
  'a denial for an object': also({ type: 6, flags: 0, mask: FULL, sid: USERS }),
  'a callback denial': also({ type: 10, flags: 0, mask: FULL, sid: USERS }),
  'a callback denial for an object': also({ type: 12, flags: 0, mask: FULL, sid: USERS }),
  'an audit entry': also({ type: 2, flags: 0, mask: FULL, sid: USERS }),
  TrustedInstaller: also(allow('S-1-5-80-956008885-3418522649-1831038044-1853292631-2271478464', FULL)),
};
for (const [what, security] of Object.entries(FINE)) {
  test(`fine for a program: ${what}`, (t) => {
    t.equal(intruder(security, 'file'), undefined);
    t.equal(intruder(security, 'code-folder'), undefined);
    t.end();
  });
}

/** @see https://learn.microsoft.com/windows/win32/fileio/file-access-rights-constants */
const BITS = {
  read: 0x1,
  write: 0x2,
  append: 0x4,
  deleteChild: 0x40,
  delete: 0x10000,
  writeDac: 0x40000,
  writeOwner: 0x80000,
  genericAll: 0x10000000,
  genericWrite: 0x40000000,
  genericRead: 0x80000000,
} as const;
const ANYWHERE = ['delete', 'writeDac', 'writeOwner', 'genericAll', 'genericWrite'] as const;
const TOO_MUCH: Readonly<Record<Role, readonly (keyof typeof BITS)[]>> = {
  file: [...ANYWHERE, 'write', 'append'],
  'code-folder': [...ANYWHERE, 'write', 'append', 'deleteChild'],
  'secret-folder': [...ANYWHERE, 'write', 'append', 'deleteChild', 'read', 'genericRead'],
  ancestor: [...ANYWHERE, 'deleteChild'],
};
for (const [role, rights] of Object.entries(TOO_MUCH) as [Role, (keyof typeof BITS)[]][]) {
  test(`the rights that are one too many for a ${role}, bit by bit`, (t) => {
    const masks = rights.map((right): number => BITS[right]);
    for (let bit = 0; bit < 32; bit += 1) {
      const mask = 2 ** bit;
      const who = intruder({ owner: SYSTEM, entries: [allow(USERS, mask)] }, role);
      t.equal(who, masks.includes(mask) ? 'Users' : undefined, `0x${mask.toString(16)}`);
    }
    t.end();
  });
}

test('users may make folders in C:\\, as Windows lets them, but not where code is loaded from', (t) => {
  const root = also(allow('S-1-5-11', 0x4));
  t.equal(intruder(root, 'ancestor'), undefined);
  t.equal(intruder(root, 'code-folder'), 'Authenticated Users');
  t.equal(intruder(also(allow(USERS, 0x40)), 'ancestor'), 'Users', 'exchanging a folder in it is too much');
  t.end();
});

test('the folders above a path', (t) => {
  t.same(ancestorsOf('C:\\a\\b\\c.exe'), ['C:\\a\\b', 'C:\\a', 'C:\\']);
  t.same(ancestorsOf('C:\\'), []);
  t.same(ancestorsOf('C:\\c.exe'), ['C:\\']);
  t.end();
});

const PROGRAM = { files: ['C:\\p\\app\\node.exe', 'C:\\p\\app\\js\\run.js'], folders: ['C:\\p\\app\\lib'] };

test('program, script, what lies beside them and every folder above are looked at', async (t) => {
  const seen: string[] = [];
  const read = (path: string) => {
    seen.push(path);
    return Promise.resolve(SAFE);
  };
  t.equal(await findWeakness(read, PROGRAM), undefined);
  t.same(seen.sort(), [
    'C:\\',
    'C:\\p',
    'C:\\p\\app',
    'C:\\p\\app\\js',
    'C:\\p\\app\\js\\run.js',
    'C:\\p\\app\\lib',
    'C:\\p\\app\\node.exe',
  ]);
});

test('the outermost weak folder is named', async (t) => {
  const weak = new Set(['C:\\p', 'C:\\p\\app']);
  const read = (path: string) => Promise.resolve(weak.has(path) ? also(allow('S-1-1-0', FULL)) : SAFE);
  t.same(await findWeakness(read, PROGRAM), { path: 'C:\\p', who: 'Everyone' });
});

test('a folder that users may add files to is weak beside the program, and fine above it', async (t) => {
  const addable = also(allow(USERS, 0x2));
  const weakAt = async (path: string) =>
    (await findWeakness((asked) => Promise.resolve(asked === path ? addable : SAFE), PROGRAM))?.path;
  t.equal(await weakAt('C:\\p\\app'), 'C:\\p\\app', 'node.exe is in it');
  t.equal(await weakAt('C:\\p\\app\\lib'), 'C:\\p\\app\\lib', 'modules are in it');
  t.equal(await weakAt('C:\\p'), undefined);
});

test('thousands of paths are read a few at a time', async (t) => {
  let [now, most, all] = [0, 0, 0];
  const read = async () => {
    all += 1;
    now += 1;
    most = Math.max(most, now);
    await new Promise((resolve) => setImmediate(resolve));
    now -= 1;
    return SAFE;
  };
  const files = Array.from({ length: 1000 }, (_, i) => `C:\\p\\${i}.js`);
  t.equal(await findWeakness(read, { files, folders: [] }), undefined);
  t.equal(all, 1002, 'and the folders above');
  t.equal(most, 8);
});

test('a path whose rights cannot be read is an error, and not a safe one', async (t) => {
  const fileSecurity = () => Promise.resolve({ error: 5, owner: '', aces: [] });
  await t.rejects(readSecurity({ fileSecurity })('C:\\p'), { code: 5, operation: 'GetNamedSecurityInfo' });
});
