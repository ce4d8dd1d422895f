import { existsSync, mkdirSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { makeOwnFolder, makeServiceFolder } from '@guruconnect/supervisor/data-folder-maker';
import { openSupervisorLog } from '@guruconnect/supervisor/supervisor-log';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const SDDL = 'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
const ALREADY_EXISTS = 183;
const PATH_NOT_FOUND = 3;
const ACCESS_DENIED = 5;

/** CreateDirectoryW by its errors; remembers what it was asked for. */
const fakeMaker = (refusal = 0) => {
  const asked: (readonly [string, string])[] = [];
  const maker = {
    makeProtectedFolder: (path: string, sddl: string) => {
      asked.push([path, sddl]);
      if (refusal !== 0) return Promise.resolve(refusal);
      if (existsSync(path)) return Promise.resolve(ALREADY_EXISTS);
      if (!existsSync(dirname(path))) return Promise.resolve(PATH_NOT_FOUND);
      mkdirSync(path);
      return Promise.resolve(0);
    },
  };
  return { asked, maker };
};

test('a service makes its missing folder with a security descriptor, and those above it', async (t) => {
  const dir = tempDir(t);
  const data = join(dir, 'above', 'data');
  const { asked, maker } = fakeMaker();
  await makeServiceFolder(data, maker);
  t.ok(statSync(data).isDirectory());
  t.same(
    asked,
    [data, dirname(data), data].map((path) => [path, SDDL]),
  );
  await makeServiceFolder(data, maker);
  t.ok(existsSync(data), 'one that is there is left as it is');
});

test('where that is refused no other folder is made instead, and the service has no log', async (t) => {
  const data = join(tempDir(t), 'data');
  const { maker } = fakeMaker(ACCESS_DENIED);
  await t.rejects(makeServiceFolder(data, maker), { code: ACCESS_DENIED, operation: 'CreateDirectory' });
  const log = await openSupervisorLog({ data }, (path) => makeServiceFolder(path, maker));
  log.error('to nobody');
  t.notOk(existsSync(data));
});

test('the log asks for the folder in the way that it was told', async (t) => {
  const data = join(tempDir(t), 'data');
  const asked: string[] = [];
  const log = await openSupervisorLog({ data }, (path) => {
    asked.push(path);
    return makeOwnFolder(path);
  });
  log.info('hello');
  t.same(asked, [data]);
  t.ok(existsSync(join(data, 'logs', 'supervisor.log')));
});

test(
  'without the addon, and off Windows, it is its user’s own',
  { skip: process.platform === 'win32' },
  async (t) => {
    for (const make of [makeOwnFolder, makeServiceFolder]) {
      const data = join(tempDir(t), 'data');
      await make(data);
      t.equal(statSync(data).mode & 0o777, 0o700);
    }
  },
);

test('a file in the place of the folder is an error', async (t) => {
  const file = join(tempDir(t), 'file');
  writeFileSync(file, '');
  await t.rejects(makeServiceFolder(join(file, 'data'), fakeMaker().maker));
});
