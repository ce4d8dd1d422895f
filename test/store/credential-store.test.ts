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
import { credentialPath } from '@guruconnect/shared/data-folder';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { plainFiles } from '@guruconnect/store/plain-files';
import { plainVault } from '@guruconnect/store/vault';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { STORED, find, readCredential, writeCredential } from './stored.ts';

const POSIX_ONLY = { skip: process.platform === 'win32' && 'modes are for POSIX' };
/** Root may read everything: it does what follows as somebody else. */
const asUser = async (act: () => Promise<void>): Promise<void> => {
  if (process.getuid?.() !== 0) return act();
  const NOBODY = 65_534;
  process.setegid?.(NOBODY);
  process.seteuid?.(NOBODY);
  try {
    await act();
  } finally {
    process.seteuid?.(0);
    process.setegid?.(0);
  }
};

const OTHER = { ...STORED, agentId: 'back-office', credential: `cak_${'0th3r_'.repeat(7)}` };

const modeOf = (path: string): number => statSync(path).mode & 0o777;

test('where nothing is stored there is no credential, and reading makes nothing', async (t) => {
  const dir = join(tempDir(t), 'not', 'yet');
  t.same(await find(dir), { kind: 'none' });
  t.notOk(existsSync(dir));
});

test('what is written is read back', async (t) => {
  const dir = tempDir(t);
  await writeCredential(dir, STORED);
  t.strictSame(await readCredential(dir), STORED);
});

test('a credential replaces the one before, and leaves no other file behind', async (t) => {
  const dir = tempDir(t);
  await writeCredential(dir, STORED);
  await writeCredential(dir, OTHER);
  t.strictSame(await readCredential(dir), OTHER);
  t.same(readdirSync(dir), ['credential.json']);
});

test('the folder is made where it is missing', async (t) => {
  const dir = join(tempDir(t), 'deep', 'er');
  await writeCredential(dir, STORED);
  t.strictSame(await readCredential(dir), STORED);
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

test('a folder in place of the file cannot be read, and is not taken for a missing one', async (t) => {
  const dir = tempDir(t);
  mkdirSync(credentialPath(dir));
  const fault: unknown = await find(dir).catch((error: unknown) => error);
  t.ok(fault instanceof AgentFault);
  t.match(fault, {
    code: 'store-unreadable',
    message: /credential\.json: cannot be read/,
    cause: { code: 'EISDIR' },
  });
});

test(
  'a file in place of the folder cannot be read, and is not taken for a missing one',
  POSIX_ONLY,
  async (t) => {
    const dir = join(tempDir(t), 'data');
    writeFileSync(dir, '');
    await t.rejects(find(dir), { name: 'AgentFault', code: 'store-unreadable', cause: { code: 'ENOTDIR' } });
  },
);

for (const code of ['EACCES', 'EIO', 'EPERM', 'EMFILE']) {
  test(`a file that the system does not give out (${code}) is unreadable, and not damaged`, async (t) => {
    const read = () => Promise.reject(Object.assign(new Error(`${code}: open`), { code }));
    const dataDir = tempDir(t);
    const store = createCredentialStore({ files: { ...plainFiles, read }, vault: plainVault, dataDir });
    await t.rejects(store.readStored(), { code: 'store-unreadable', message: code });
    await t.rejects(store.write(STORED), { code: 'store-unwritable', message: code });
    t.same(readdirSync(dataDir), []);
  });
}

test('a file that this user may not read is unreadable, and stays', POSIX_ONLY, (t) =>
  asUser(async () => {
    const dir = tempDir(t);
    await writeCredential(dir, STORED);
    chmodSync(credentialPath(dir), 0);
    await t.rejects(find(dir), { code: 'store-unreadable', cause: { code: 'EACCES' } });
    t.ok(existsSync(credentialPath(dir)));
  }),
);

test('a folder that is read-only cannot be written to, and keeps what it has', POSIX_ONLY, (t) =>
  asUser(async () => {
    const dir = tempDir(t);
    await writeCredential(dir, STORED);
    chmodSync(dir, 0o500);
    await t.rejects(writeCredential(dir, OTHER), { code: 'store-unwritable' });
    t.strictSame(await readCredential(dir), STORED);
    chmodSync(dir, 0o700);
  }),
);

test('a disk that is full leaves the old credential, and nothing beside it', async (t) => {
  const dataDir = tempDir(t);
  await writeCredential(dataDir, STORED);
  const full = () => Promise.reject(Object.assign(new Error('ENOSPC: no space'), { code: 'ENOSPC' }));
  for (const refused of ['write', 'sync'] as const) {
    const create = async (path: string) => ({ ...(await plainFiles.create(path)), [refused]: full });
    const store = createCredentialStore({ files: { ...plainFiles, create }, vault: plainVault, dataDir });
    await t.rejects(store.write(OTHER), { code: 'store-unwritable', message: /ENOSPC/ });
    t.strictSame(await readCredential(dataDir), STORED);
    t.same(readdirSync(dataDir), ['credential.json']);
  }
});

test('another process that writes the same file is found out, and what it wrote is not used', async (t) => {
  const dataDir = tempDir(t);
  await writeCredential(dataDir, STORED);
  const create = async (path: string) => {
    const file = await plainFiles.create(path);
    return {
      ...file,
      sync: async () => {
        await file.sync();
        await plainFiles.remove(path);
        writeFileSync(path, '{"half":');
      },
    };
  };
  const store = createCredentialStore({ files: { ...plainFiles, create }, vault: plainVault, dataDir });
  await t.rejects(store.write(OTHER), { code: 'store-unwritable', message: /another process/ });
  t.strictSame(await readCredential(dataDir), STORED);
});

test('writes that are asked for at once come one after the other', async (t) => {
  const dir = tempDir(t);
  const all = Array.from({ length: 20 }, (_, n) => ({ ...STORED, agentId: `agent-${n}` }));
  await Promise.all(all.map((stored) => writeCredential(dir, stored)));
  t.strictSame(await readCredential(dir), all.at(-1));
  t.same(readdirSync(dir), ['credential.json']);
});

test('what a power cut left aside is in nobody’s way', async (t) => {
  const dir = tempDir(t);
  writeFileSync(`${credentialPath(dir)}.new`, 'half');
  t.same(await find(dir), { kind: 'none' });
  await writeCredential(dir, STORED);
  t.strictSame(await readCredential(dir), STORED);
  t.same(readdirSync(dir), ['credential.json']);
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

test("another machine's credential, which a clone has found, is kept as well", async (t) => {
  const dir = tempDir(t);
  await writeCredential(dir, STORED);
  const before = readFileSync(credentialPath(dir));
  await writeCredential(dir, { ...STORED, machineId: '2f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10' });
  t.same(readFileSync(`${credentialPath(dir)}.previous`), before);
});
