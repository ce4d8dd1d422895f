import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { descriptorOf, workerDescriptor } from '@guruconnect/shared/descriptor';
import { type AccessAddon, planAccess, workerAccess } from '@guruconnect/supervisor/worker-access';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const NAMES = [
  'ca-0123456789abcdef.pem',
  'config.json',
  'credential.entropy',
  'credential.json',
  'credential.json.damaged',
  'credential.json.new',
  'credential.json.previous',
  'last-words.json',
  'logs',
  'machine.json',
  'stopped',
];
const SECRETS = NAMES.filter((name) => /^credential|^machine/.test(name));
/** The log and the slots that it is rotated into. */
const LOG_NAMES = ['worker.log', ...[1, 2, 3, 4].map((slot) => `worker.${slot}.log`)];
const FILE = descriptorOf('file');

test('the secrets are closed before anything is opened, and are for LocalSystem and the administrators alone', (t) => {
  const plan = planAccess('d', NAMES, 'local-service');
  t.same(
    plan.slice(0, SECRETS.length),
    SECRETS.map((name) => ({ path: join('d', name), sddl: FILE })),
  );
  t.same(plan.slice(SECRETS.length), [
    { path: 'd', sddl: workerDescriptor('data-folder') },
    { path: join('d', 'ca-0123456789abcdef.pem'), sddl: workerDescriptor('plain-file') },
    { path: join('d', 'config.json'), sddl: workerDescriptor('plain-file') },
    {
      path: join('d', 'logs', 'worker'),
      sddl: workerDescriptor('log-folder'),
      make: 'folder',
      optional: true,
    },
    ...LOG_NAMES.map((name) => ({
      path: join('d', 'logs', 'worker', name),
      sddl: workerDescriptor('log-file'),
      make: 'file',
      optional: true,
    })),
  ]);
  t.end();
});

test('in a folder where somebody else keeps files, what comes into it is not opened', (t) => {
  const plan = planAccess('d', [...NAMES, 'mine.txt'], 'local-service');
  t.equal(plan.find(({ path }) => path === 'd')?.sddl, workerDescriptor('data-folder', false));
  t.notOk(plan.some(({ path }) => path.includes('mine')));
  t.end();
});

test('the worker is the service’s own again: nothing is left of what was opened', (t) => {
  const plan = planAccess('d', NAMES, 'own');
  t.notMatch(JSON.stringify(plan), 'LS');
  t.same(
    plan.map(({ path }) => path).sort(),
    planAccess('d', NAMES, 'local-service')
      .map(({ path }) => path)
      .sort(),
  );
  t.end();
});

const LOCAL_SERVICE_ACE = { type: 0, flags: 0, mask: 0x1200a9, sid: 'S-1-5-19' };

const fakeAddon = (errors: Readonly<Record<string, number>> = {}, aces = [LOCAL_SERVICE_ACE]) => {
  const done: string[] = [];
  const answer = (path: string): Promise<number> => {
    done.push(path);
    return Promise.resolve(errors[path] ?? 0);
  };
  const addon: AccessAddon = {
    protectFile: answer,
    makeProtectedFolder: (path) => answer(`make ${path}`),
    makeProtectedFile: (path) => answer(`make ${path}`),
    fileSecurity: () => Promise.resolve({ error: 0, owner: 'S-1-5-18', aces }),
  };
  return { addon, done };
};

test('what has gone meanwhile is nobody’s trouble', async (t) => {
  const data = tempDir(t);
  writeFileSync(join(data, 'config.json'), '{}');
  const { addon, done } = fakeAddon({ [join(data, 'config.json')]: 2 });
  t.same(await workerAccess(data, addon).admit(), []);
  t.same(done.slice(0, 2), [data, join(data, 'config.json')]);
});

test('folder, log and slots are made for the worker, who may make nothing itself', async (t) => {
  const data = tempDir(t);
  const logs = join(data, 'logs', 'worker');
  const { addon, done } = fakeAddon();
  t.same(await workerAccess(data, addon).admit(), []);
  t.same(done.slice(-6), [`make ${logs}`, ...LOG_NAMES.map((name) => `make ${join(logs, name)}`)]);
  // FILE_ADD_FILE is 2, FILE_ADD_SUBDIRECTORY 4; FR and FX have neither.
  t.match(workerDescriptor('log-folder'), /\(A;;FRFX;;;LS\)$/);
});

test('what is there already is given what it needs', async (t) => {
  const data = tempDir(t);
  const logs = join(data, 'logs', 'worker');
  const log = join(logs, 'worker.log');
  const { addon, done } = fakeAddon({ [`make ${logs}`]: 183, [`make ${log}`]: 80 });
  t.same(await workerAccess(data, addon).admit(), []);
  t.same(done.slice(-8, -4), [`make ${logs}`, logs, `make ${log}`, log]);
});

test('a link in place of the log’s folder costs the log alone, and nothing beyond it is touched', async (t) => {
  const data = tempDir(t);
  const logs = join(data, 'logs', 'worker');
  const { addon, done } = fakeAddon({ [`make ${logs}`]: 183, [logs]: 1920 });
  t.match(await workerAccess(data, addon).admit(), [/logs.worker.*1920|1920.*logs.worker/]);
  t.equal(done.at(-1), logs);
});

test('what cannot be closed, or opened, is a fault: no worker starts', async (t) => {
  const data = tempDir(t);
  writeFileSync(join(data, 'credential.json'), '{}');
  for (const path of [join(data, 'credential.json'), data]) {
    const { addon } = fakeAddon({ [path]: 5 });
    await t.rejects(workerAccess(data, addon).admit(), {
      code: 'store-unwritable',
      message: /cannot be opened to LocalService/,
    });
  }
});

test('a file with a second name elsewhere is not opened: that name would be as well', async (t) => {
  const data = tempDir(t);
  writeFileSync(join(data, 'config.json'), '{}');
  const { addon } = fakeAddon({ [join(data, 'config.json')]: 1142 });
  await t.rejects(workerAccess(data, addon).admit(), { code: 'store-unwritable', message: /1142/ });
});

test('it is shut out where it was let in, and where it was not, nothing is touched', async (t) => {
  const data = tempDir(t);
  const open = fakeAddon();
  t.equal(await workerAccess(data, open.addon).withdraw(), true);
  t.ok(open.done.includes(data));
  const closed = fakeAddon({}, []);
  t.equal(await workerAccess(data, closed.addon).withdraw(), false);
  t.same(closed.done, []);
  t.equal(await workerAccess(data, undefined).withdraw(), false, 'without Windows');
  t.same(await workerAccess(data, undefined).admit(), []);
});
