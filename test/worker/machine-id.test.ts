/** The machine's identity: made once, kept, and the same at every relay. */
import { mkdirSync, readFileSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentFault } from '@guruconnect/worker/agent-fault';
import { resolveMachineId } from '@guruconnect/worker/machine-id';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'modes are for POSIX' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const STORED = { version: 1, machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10' };

const pathIn = (dir: string): string => join(dir, 'machine.json');
const storedIn = (dir: string): unknown => JSON.parse(readFileSync(pathIn(dir), 'utf8'));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a new machine gets an identity that is stored before anybody hears of it', (t) => {
  const dir = tempDir(t);
  const machineId = resolveMachineId(dir);
  t.match(machineId, UUID);
  t.same(storedIn(dir), { version: 1, machineId });
  t.same(readdirSync(dir), ['machine.json']);
  t.end();
});

test('the identity is kept: the next one who asks gets the same, and the file is left alone', (t) => {
  const dir = tempDir(t);
  const machineId = resolveMachineId(dir);
  const { ino, mtimeMs } = statSync(pathIn(dir));
  t.equal(resolveMachineId(dir), machineId);
  t.match(statSync(pathIn(dir)), { ino, mtimeMs });
  t.end();
});

test('an identity that is stored is the one', (t) => {
  const dir = tempDir(t);
  writeFileSync(pathIn(dir), JSON.stringify(STORED));
  t.equal(resolveMachineId(dir), STORED.machineId);
  t.end();
});

test('two machines are not one', (t) => {
  t.not(resolveMachineId(tempDir(t)), resolveMachineId(tempDir(t)));
  t.end();
});

test('nobody else can read the identity or look into its new folder', POSIX_ONLY, (t) => {
  const dir = join(tempDir(t), 'deep', 'er');
  t.match(resolveMachineId(dir), UUID);
  t.equal(modeOf(dir), 0o700);
  t.equal(modeOf(pathIn(dir)), 0o600);
  t.end();
});

const text = JSON.stringify(STORED);
const damaged: Record<string, string> = {
  'an empty file': '',
  'a half-written file': text.slice(0, text.length / 2),
  'a file of zeros': '\0'.repeat(300),
  'another JSON': '[]',
  'a later version': JSON.stringify({ ...STORED, version: 2 }),
  'an identity that is no UUID': JSON.stringify({ ...STORED, machineId: 'me' }),
  'no identity': JSON.stringify({ version: 1 }),
};
for (const [situation, content] of Object.entries(damaged)) {
  test(`${situation} makes a new machine of it, and that one is kept`, (t) => {
    const dir = tempDir(t);
    writeFileSync(pathIn(dir), content);
    const machineId = resolveMachineId(dir);
    t.match(machineId, UUID);
    t.not(machineId, STORED.machineId);
    t.same(storedIn(dir), { version: 1, machineId });
    t.equal(resolveMachineId(dir), machineId);
    if (process.platform !== 'win32') t.equal(modeOf(pathIn(dir)), 0o600);
    t.end();
  });
}

/** What resolving throws. */
const faultOf = (dir: string): unknown => {
  try {
    return resolveMachineId(dir);
  } catch (error) {
    return error;
  }
};

test('a folder that cannot be made is a fault: an identity that is not kept would be none', (t) => {
  const file = join(tempDir(t), 'file');
  writeFileSync(file, 'precious');
  for (const dir of [file, join(file, 'data')]) {
    const fault = faultOf(dir);
    t.ok(fault instanceof AgentFault);
    t.match(fault, { code: 'store-unwritable', message: /./ });
  }
  t.equal(readFileSync(file, 'utf8'), 'precious');
  t.end();
});

test('a folder in place of the file is a fault, and nothing is left beside it', (t) => {
  const dir = tempDir(t);
  mkdirSync(join(pathIn(dir), 'precious'), { recursive: true });
  t.match(faultOf(dir), { name: 'AgentFault', code: 'store-unwritable' });
  t.same(readdirSync(dir), ['machine.json']);
  t.same(readdirSync(pathIn(dir)), ['precious']);
  t.end();
});
