/** The calls that make a file private on Windows, answered by a stand-in with the addon's documented numbers. */
import {
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  renameSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { type FileSecrets, windowsFiles } from '@guruconnect/store/windows-files';
import { replaceFile } from '@guruconnect/store/replace-file';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const USER = 'S-1-5-21-1-2-3-1001';
const ADMINISTRATORS = 'O:BAG:BAD:P(A;;FA;;;SY)(A;;FA;;;BA)';
const OF_USER = `O:${USER}D:P(A;;FA;;;SY)(A;;FA;;;BA)(A;;FA;;;${USER})`;

/** @param isElevated whether it may make the administrators owners. */
const standIn = (isElevated: boolean) => {
  const calls: string[] = [];
  const make =
    (kind: string, exists: number, work: (path: string) => void) =>
    (path: string, sddl: string): Promise<number> => {
      calls.push(`${kind} ${sddl}`);
      if (sddl.startsWith('O:BA') && !isElevated) return Promise.resolve(1307);
      if (existsSync(path)) return Promise.resolve(exists);
      work(path);
      return Promise.resolve(0);
    };
  const secrets: FileSecrets = {
    makeProtectedFile: make('file', 80, (path) => {
      writeFileSync(path, '');
    }),
    makeProtectedFolder: make('folder', 183, (path) => {
      mkdirSync(path);
    }),
    replaceFile: (from, to) => {
      calls.push(`replace, ${statSync(from).size} bytes`);
      renameSync(from, to);
      return Promise.resolve(0);
    },
    fileSecurity: (path) => {
      calls.push(`owner of ${statSync(path).isDirectory() ? 'a folder' : `${statSync(path).size} bytes`}`);
      return Promise.resolve({ error: 0, owner: USER });
    },
  };
  return { calls, secrets };
};

const replaced = async (t: Test, secrets: FileSecrets, dir = tempDir(t)): Promise<string> => {
  const path = join(dir, 'x');
  await replaceFile(windowsFiles(secrets), path, Buffer.from('12345'));
  t.equal(readFileSync(path, 'utf8'), '12345');
  t.same(readdirSync(dir), ['x']);
  return path;
};

test('a service makes the file for LocalSystem and the administrators before anything is in it', async (t) => {
  const { calls, secrets } = standIn(true);
  await replaced(t, secrets);
  t.same(calls, [`file ${ADMINISTRATORS}`, 'replace, 5 bytes']);
});

test('who may not give it to them is let in beside them, by what Windows calls the owner', async (t) => {
  const { calls, secrets } = standIn(false);
  await replaced(t, secrets);
  t.same(calls, [`file ${ADMINISTRATORS}`, 'owner of 0 bytes', `file ${OF_USER}`, 'replace, 5 bytes']);
});

for (const isElevated of [true, false]) {
  test(`a folder is made with the same ACL, handed down; ${isElevated ? '' : 'not '}elevated`, async (t) => {
    const { calls, secrets } = standIn(isElevated);
    const dir = join(tempDir(t), 'deep', 'er');
    await replaced(t, secrets, dir);
    const folders = calls.filter((call) => call.startsWith('folder'));
    const sddl = isElevated ? ADMINISTRATORS : OF_USER;
    t.equal(folders.at(-1), `folder ${sddl.replaceAll('(A;;', '(A;OICI;')}`);
    t.equal(folders.length, isElevated ? 2 : 4);
  });
}

test('what Windows refuses is named with its number, and nothing is left beside', async (t) => {
  const { secrets } = standIn(true);
  const refuse = () => Promise.resolve(5);
  const dir = tempDir(t);
  for (const [broken, message] of [
    [{ makeProtectedFile: refuse }, /x\.new: the file cannot be made: Win32 error 5$/],
    [{ replaceFile: refuse }, /x: the file cannot be replaced: Win32 error 5$/],
  ] as const)
    await t.rejects(replaceFile(windowsFiles({ ...secrets, ...broken }), join(dir, 'x'), Buffer.from('1')), {
      message,
    });
  t.same(readdirSync(dir), []);
});

test('a file of that name that is there already is not written into', async (t) => {
  const { secrets } = standIn(true);
  const path = join(tempDir(t), 'x');
  writeFileSync(path, 'theirs');
  await t.rejects(windowsFiles(secrets).create(path), { message: /Win32 error 80$/ });
  t.equal(readFileSync(path, 'utf8'), 'theirs');
});
