import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  readdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { AgentFault } from '@guruconnect/worker/agent-fault';
import { credentialPath } from '@guruconnect/shared/data-folder';
import { type StoredCredential, readCredential, writeCredential } from '@guruconnect/worker/credential';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'modes are for POSIX' };

const STORED: StoredCredential = {
  version: 1,
  relay: 'wss://relay.example',
  machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
  agentId: 'front-desk',
  credential: `cak_${'S3cr3t'.repeat(7)}`,
  enrolledAt: '2026-01-02T03:04:05.678Z',
};
const OTHER: StoredCredential = {
  ...STORED,
  agentId: 'back-office',
  credential: `cak_${'0th3r_'.repeat(7)}`,
};

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('where nothing is stored there is no credential, and reading makes nothing', (t) => {
  const dir = join(tempDir(t), 'not', 'yet');
  t.equal(readCredential(dir), undefined);
  t.notOk(existsSync(dir));
  t.end();
});

test('what is written is read back', async (t) => {
  const dir = tempDir(t);
  await writeCredential(dir, STORED);
  t.strictSame(readCredential(dir), STORED);
});

test('a credential replaces the one before, and leaves no other file behind', async (t) => {
  const dir = tempDir(t);
  await writeCredential(dir, STORED);
  await writeCredential(dir, OTHER);
  t.strictSame(readCredential(dir), OTHER);
  t.same(readdirSync(dir), ['credential.json']);
});

test('the folder is made where it is missing', async (t) => {
  const dir = join(tempDir(t), 'deep', 'er');
  await writeCredential(dir, STORED);
  t.strictSame(readCredential(dir), STORED);
});

test('nobody else can read a credential or look into its folder', POSIX_ONLY, async (t) => {
  const dir = join(tempDir(t), 'data');
  await writeCredential(dir, STORED);
  t.equal(modeOf(dir), 0o700);
  t.equal(modeOf(credentialPath(dir)), 0o600);
});

test(
  'a file mode that was too wide is narrowed by the next write; the folder is somebody else’s',
  POSIX_ONLY,
  async (t) => {
    const dir = join(tempDir(t), 'data');
    mkdirSync(dir);
    chmodSync(dir, 0o777);
    writeFileSync(credentialPath(dir), 'x');
    chmodSync(credentialPath(dir), 0o666);
    await writeCredential(dir, STORED);
    t.equal(modeOf(dir), 0o777);
    t.equal(modeOf(credentialPath(dir)), 0o600);
  },
);

const text = JSON.stringify(STORED);
const damaged: Record<string, [content: string, why: RegExp]> = {
  'an empty file': ['', /not valid JSON \(half written\?\)/],
  'a half-written file': [text.slice(0, text.length / 2), /not valid JSON/],
  'a file of zeros': ['\0'.repeat(300), /not valid JSON/],
  'another JSON': ['[]', /: content: not what it should be|: version: not what it should be/],
  'a later version': [JSON.stringify({ ...STORED, version: 2 }), /: version: not what it should be/],
  'a credential of another kind': [
    JSON.stringify({ ...STORED, credential: 'S3cr3t' }),
    /: credential: not what it should be/,
  ],
  'no credential': [
    JSON.stringify({ ...STORED, credential: undefined }),
    /: credential: not what it should be/,
  ],
  'a machine id that is no UUID': [
    JSON.stringify({ ...STORED, machineId: 'me' }),
    /: machineId: not what it should be/,
  ],
  'no relay': [JSON.stringify({ ...STORED, relay: undefined }), /: relay: not what it should be/],
  'a time that is none': [
    JSON.stringify({ ...STORED, enrolledAt: 'yesterday' }),
    /: enrolledAt: not what it should be/,
  ],
};
for (const [situation, [content, why]] of Object.entries(damaged)) {
  test(`${situation} is named, not quoted, and left as it is`, (t) => {
    const dir = tempDir(t);
    const path = credentialPath(dir);
    writeFileSync(path, content);
    try {
      readCredential(dir);
      t.fail('it was taken');
    } catch (error) {
      t.ok(error instanceof AgentFault);
      t.match(error, { code: 'credential-damaged', message: why });
      t.match(String(error), path);
      t.notMatch(String(error), /S3cr3t/);
    }
    t.equal(readFileSync(path, 'utf8'), content);
    t.same(readdirSync(dir), ['credential.json']);
    t.end();
  });
}

test('a folder in place of the file cannot be read, and is not taken for a missing one', (t) => {
  const dir = tempDir(t);
  mkdirSync(credentialPath(dir));
  t.throws(() => readCredential(dir), {
    name: 'AgentFault',
    code: 'store-unreadable',
    cause: { code: 'EISDIR' },
  });
  t.end();
});

test('a file in place of the folder cannot be read, and is not taken for a missing one', POSIX_ONLY, (t) => {
  const dir = join(tempDir(t), 'data');
  writeFileSync(dir, '');
  t.throws(() => readCredential(dir), { name: 'AgentFault', code: 'store-unreadable' });
  t.end();
});

test('a file in place of the folder cannot be written to, and stays', async (t) => {
  const dir = join(tempDir(t), 'data');
  writeFileSync(dir, 'precious');
  await t.rejects(writeCredential(dir, STORED), { name: 'AgentFault', code: 'store-unwritable' });
  t.equal(readFileSync(dir, 'utf8'), 'precious');
});

test('a folder in place of the file cannot be written over, and nothing is left beside it', async (t) => {
  const dir = tempDir(t);
  const inside = join(credentialPath(dir), 'precious');
  mkdirSync(credentialPath(dir));
  writeFileSync(inside, 'precious');
  const written = writeCredential(dir, STORED);
  await t.rejects(written, { name: 'AgentFault', code: 'store-unwritable', message: /credential\.json/ });
  await t.rejects(written, { message: /^(?![^]*S3cr3t)/ });
  t.equal(readFileSync(inside, 'utf8'), 'precious');
  t.same(readdirSync(dir), ['credential.json']);
});

test("another relay's credential is kept under another name, and only once there is a new one", async (t) => {
  const dir = tempDir(t);
  await writeCredential(dir, STORED);
  const before = readFileSync(credentialPath(dir));
  await writeCredential(dir, { ...STORED, relay: 'wss://other.example' });
  const aside = `${credentialPath(dir)}.previous`;
  t.same(readFileSync(aside), before);
  if (process.platform !== 'win32') t.equal(modeOf(aside), 0o600);
  await writeCredential(dir, { ...STORED, relay: 'wss://other.example', agentId: 'again' });
  t.same(readFileSync(aside), before, 'a new one of the same relay replaces nothing');
});
