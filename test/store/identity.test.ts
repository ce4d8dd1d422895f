/** The machine's identity: made once, kept, and the same at every relay. */
import { mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { type Fingerprint, type Marks, fingerprintOf } from '@guruconnect/store/fingerprint';
import { deriveMachineId, resolveMachineId as resolveAt } from '@guruconnect/store/identity';
import { plainFiles } from '@guruconnect/store/plain-files';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'modes are for POSIX' };
const UUID = /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const RANDOM = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const MACHINE = { hardware: 'board one', system: 'system one' };
const fingerprint = fingerprintOf(MACHINE);
const STORED = { version: 2, machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10', fingerprint };

const ask = (dataDir: string, marks: Marks = MACHINE, not?: string) =>
  resolveAt({ files: plainFiles, dataDir, fingerprint: fingerprintOf(marks), canonical: (dir) => dir }, not);
const resolveMachineId = async (dataDir: string, marks: Marks = MACHINE): Promise<string> =>
  (await ask(dataDir, marks)).machineId;

const pathIn = (dir: string): string => join(dir, 'machine.json');
const storedIn = (dir: string): unknown => JSON.parse(readFileSync(pathIn(dir), 'utf8'));
const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('a new machine gets an identity that is stored before anybody hears of it', async (t) => {
  const dir = tempDir(t);
  const machineId = await resolveMachineId(dir);
  t.match(machineId, UUID);
  t.same(storedIn(dir), { version: 2, machineId, fingerprint });
  t.same(readdirSync(dir), ['machine.json']);
});

test('the identity is kept: the next one who asks gets the same, and the file is left alone', async (t) => {
  const dir = tempDir(t);
  const machineId = await resolveMachineId(dir);
  const { ino, mtimeMs } = statSync(pathIn(dir));
  t.equal(await resolveMachineId(dir), machineId);
  t.match(statSync(pathIn(dir)), { ino, mtimeMs });
});

test('an identity that is stored is the one', async (t) => {
  const dir = tempDir(t);
  writeFileSync(pathIn(dir), JSON.stringify(STORED));
  t.equal(await resolveMachineId(dir), STORED.machineId);
});

test('two machines are not one', async (t) => {
  t.not(await resolveMachineId(tempDir(t)), await resolveMachineId(tempDir(t)), 'two folders');
  const dir = tempDir(t);
  const { machineId, formerMachineId } = await ask(dir, { ...MACHINE, hardware: 'board two' });
  t.equal(formerMachineId, undefined);
  t.not(machineId, deriveMachineId(fingerprint, dir));
});

test('nobody else can read the identity or look into its new folder', POSIX_ONLY, async (t) => {
  const dir = join(tempDir(t), 'deep', 'er');
  t.match(await resolveMachineId(dir), UUID);
  t.equal(modeOf(dir), 0o700);
  t.equal(modeOf(pathIn(dir)), 0o600);
});

const text = JSON.stringify(STORED);
const damaged: Record<string, string> = {
  'an empty file': '',
  'a half-written file': text.slice(0, text.length / 2),
  'a file of zeros': '\0'.repeat(300),
  'another JSON': '[]',
  'a later version': JSON.stringify({ ...STORED, version: 3 }),
  'an identity that is no UUID': JSON.stringify({ ...STORED, machineId: 'me' }),
  'no identity': JSON.stringify({ ...STORED, machineId: undefined }),
  'a fingerprint that is none': JSON.stringify({ ...STORED, fingerprint: { system: 'me' } }),
};
for (const [situation, content] of Object.entries(damaged)) {
  test(`${situation} makes a new machine of it, and that one is kept`, async (t) => {
    const dir = tempDir(t);
    writeFileSync(pathIn(dir), content);
    const machineId = await resolveMachineId(dir);
    t.match(machineId, UUID);
    t.not(machineId, STORED.machineId);
    t.same(storedIn(dir), { version: 2, machineId, fingerprint });
    t.equal(await resolveMachineId(dir), machineId);
    if (process.platform !== 'win32') t.equal(modeOf(pathIn(dir)), 0o600);
  });
}

/** What resolving throws. */
const faultOf = (dir: string): Promise<unknown> => resolveMachineId(dir).catch((error: unknown) => error);

test('a folder that cannot be made is a fault: an identity that is not kept would be none', async (t) => {
  const file = join(tempDir(t), 'file');
  writeFileSync(file, 'precious');
  for (const dir of [file, join(file, 'data')]) {
    const fault = await faultOf(dir);
    t.ok(fault instanceof AgentFault);
    t.match(fault, { code: 'store-unwritable', message: /./ });
  }
  t.equal(readFileSync(file, 'utf8'), 'precious');
});

test('a folder in place of the file is a fault, and nothing is left beside it', async (t) => {
  const dir = tempDir(t);
  mkdirSync(join(pathIn(dir), 'precious'), { recursive: true });
  t.match(await faultOf(dir), { name: 'AgentFault', code: 'store-unwritable' });
  t.same(readdirSync(dir), ['machine.json']);
  t.same(readdirSync(pathIn(dir)), ['precious']);
});

test('removed with all its files and installed again, it is the same machine', async (t) => {
  const parent = tempDir(t);
  const dir = join(parent, 'data');
  const machineId = await resolveMachineId(dir);
  rmSync(dir, { recursive: true });
  t.equal(await resolveMachineId(dir), machineId);
  t.equal(machineId, deriveMachineId(fingerprint, dir));
});

test('the derived identity is the one it has always been', (t) => {
  t.equal(
    deriveMachineId({ hardware: 'a', system: 'b' }, '/var/lib'),
    'a8fbb3b5-683f-8335-866a-c22ab9590019',
  );
  t.end();
});

test('each of hardware, system and folder makes another identity, and none stands in for another', (t) => {
  const all = [
    deriveMachineId({ hardware: 'a', system: 'b' }, '/x'),
    deriveMachineId({ hardware: 'b', system: 'a' }, '/x'),
    deriveMachineId({ hardware: 'a' }, '/x'),
    deriveMachineId({ hardware: 'a', system: 'b' }, '/y'),
  ];
  t.equal(new Set(all).size, all.length);
  for (const id of all) t.match(id, UUID);
  t.end();
});

test('where the system alone is known, as images of disks have it in them, the identity is random, and kept', async (t) => {
  const dir = tempDir(t);
  const marks = { system: 'of the image' };
  const machineId = await resolveMachineId(dir, marks);
  t.match(machineId, RANDOM);
  t.equal(await resolveMachineId(dir, marks), machineId);
  t.not(await resolveMachineId(tempDir(t), marks), machineId);
});

test('where nothing is known of the machine the identity is random, and kept', async (t) => {
  const dir = tempDir(t);
  const machineId = await resolveMachineId(dir, {});
  t.match(machineId, RANDOM);
  t.equal(await resolveMachineId(dir, {}), machineId);
  t.not(await resolveMachineId(tempDir(t), {}), machineId);
});

test('an identity of version 1 counts, and what is known of its machine is added', async (t) => {
  const dir = tempDir(t);
  const { machineId } = STORED;
  writeFileSync(pathIn(dir), JSON.stringify({ version: 1, machineId }));
  t.equal(await resolveMachineId(dir), machineId);
  t.same(storedIn(dir), STORED);
});

test('what is known no longer is remembered, and what is known only now is added', async (t) => {
  const dir = tempDir(t);
  const hardware = await resolveMachineId(dir, { hardware: 'board one' });
  t.equal(await resolveMachineId(dir, { system: 'system one' }), hardware);
  t.match(storedIn(dir), { machineId: hardware, fingerprint });
});

test('what cannot be added is no reason to fail', async (t) => {
  const dir = tempDir(t);
  const { machineId } = STORED;
  writeFileSync(pathIn(dir), JSON.stringify({ version: 1, machineId }));
  mkdirSync(`${pathIn(dir)}.new`);
  t.equal(await resolveMachineId(dir), machineId);
});

test("a copied disk brings another machine's identity along: it gets its own, and says whose it had", async (t) => {
  for (const marks of [
    { ...MACHINE, hardware: 'board two' },
    { ...MACHINE, system: 'system two' },
  ]) {
    const dir = tempDir(t);
    writeFileSync(pathIn(dir), JSON.stringify(STORED));
    const first = await ask(dir, marks);
    t.match(first, { machineId: UUID, formerMachineId: STORED.machineId });
    t.not(first.machineId, STORED.machineId);
    t.same(await ask(dir, marks), { machineId: first.machineId, formerMachineId: undefined }, 'once');
  }
});

test('a clone asks again before it has enrolled (a power cut), and gets the same answer', async (t) => {
  const dir = tempDir(t);
  const { machineId: former } = STORED;
  writeFileSync(pathIn(dir), JSON.stringify({ version: 1, machineId: former }));
  const clone = { ...MACHINE, hardware: 'board two' };
  const first = await ask(dir, clone, former);
  t.not(first.machineId, former);
  t.same(await ask(dir, clone, former), first);
  t.equal(first.formerMachineId, former);
});

test('an identity that is another machine’s is not derived again', async (t) => {
  const dir = tempDir(t);
  const taken = deriveMachineId(fingerprint, dir);
  t.match(await ask(dir, MACHINE, taken), { machineId: RANDOM, formerMachineId: taken });
});

test('no mark of the machine is in its file', async (t) => {
  const dir = tempDir(t);
  await resolveMachineId(dir, { hardware: 'board S3cr3t', system: 'system S3cr3t' });
  t.notMatch(readFileSync(pathIn(dir), 'utf8'), /S3cr3t/);
  const { fingerprint: kept } = storedIn(dir) as { fingerprint: Fingerprint };
  t.match(kept, { hardware: /^[0-9a-f]{64}$/, system: /^[0-9a-f]{64}$/ });
});
