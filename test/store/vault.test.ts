/** DPAPI's seal: by a fake machine's key, and entropy in a file beside. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { entropyPath } from '@guruconnect/shared/data-folder';
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { plainFiles } from '@guruconnect/store/plain-files';
import { dpapiVault, plainVault } from '@guruconnect/store/vault';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { fakeDpapi } from './fake-dpapi.ts';
import { STORED } from './stored.ts';

const SECRET = STORED.credential;

const storeIn = (dataDir: string, dpapi = fakeDpapi('one')) =>
  createCredentialStore({ files: plainFiles, vault: dpapiVault(dpapi, plainFiles, dataDir), dataDir });

const filled = async (t: Test) => {
  const dataDir = tempDir(t);
  const store = storeIn(dataDir);
  await store.write(STORED);
  return { dataDir, store };
};

test('a sealed credential is read back, and is in no file', async (t) => {
  const { dataDir, store } = await filled(t);
  t.strictSame(await store.readStored(), { kind: 'stored', stored: STORED, isOutdated: false });
  t.same(readdirSync(dataDir).sort(), ['credential.entropy', 'credential.json']);
  const text = readFileSync(store.path, 'utf8');
  for (const part of [SECRET, 'S3cr3t', Buffer.from(SECRET).toString('base64').slice(0, 20)])
    t.notOk(text.includes(part));
  t.match(text, /"sealed": "[A-Za-z0-9+/=]+"/);
});

test('the entropy is 32 bytes, of each installation its own, and stays the same', async (t) => {
  const { dataDir, store } = await filled(t);
  const entropy = readFileSync(entropyPath(dataDir));
  t.equal(entropy.length, 32);
  await store.write({ ...STORED, agentId: 'again' });
  t.same(readFileSync(entropyPath(dataDir)), entropy);
  const { dataDir: other } = await filled(t);
  t.notSame(readFileSync(entropyPath(other)), entropy);
});

const losses: Record<string, (dataDir: string) => void> = {
  'without its entropy': (dataDir) => {
    writeFileSync(entropyPath(dataDir), '');
  },
  "with another installation's entropy": (dataDir) => {
    writeFileSync(entropyPath(dataDir), Buffer.alloc(32, 7));
  },
};
for (const [situation, lose] of Object.entries(losses)) {
  test(`a credential ${situation} is damaged, and a new one can be stored`, async (t) => {
    const { dataDir, store } = await filled(t);
    lose(dataDir);
    t.match(await store.readStored(), { kind: 'damaged' });
    await store.write(STORED);
    t.match(await store.readStored(), { kind: 'stored', stored: STORED });
    t.ok(readdirSync(dataDir).includes('credential.json.damaged'));
  });
}

test('a file that was sealed on another machine is damaged', async (t) => {
  const { dataDir } = await filled(t);
  const found = await storeIn(dataDir, fakeDpapi('two')).readStored();
  t.match(found, { kind: 'damaged', why: /sealed on another machine, or damaged \(Win32 error 13\)/ });
});

test('a sealed file where nothing can open it is damaged, and says why', async (t) => {
  const { dataDir } = await filled(t);
  const found = await createCredentialStore({ files: plainFiles, vault: plainVault, dataDir }).readStored();
  t.match(found, { kind: 'damaged', why: /^sealed by Windows/ });
});

test('what is opened and is no credential is damaged, and not quoted', async (t) => {
  const { dataDir } = await filled(t);
  const unprotectData = () => Promise.resolve({ error: 0, data: Buffer.from('S3cr3t') });
  const found = await storeIn(dataDir, { ...fakeDpapi('one'), unprotectData }).readStored();
  t.match(found, { kind: 'damaged', why: /once it is opened/ });
  t.notMatch(JSON.stringify(found), /S3cr3t/);
});

test('a credential in the clear counts where one would be sealed, and is to be sealed', async (t) => {
  const dataDir = tempDir(t);
  await createCredentialStore({ files: plainFiles, vault: plainVault, dataDir }).write(STORED);
  const store = storeIn(dataDir);
  t.strictSame(await store.readStored(), { kind: 'stored', stored: STORED, isOutdated: true });
});

test('DPAPI that is not there yet says nothing about the credential', async (t) => {
  const { dataDir } = await filled(t);
  const unprotectData = () => Promise.resolve({ error: 1722, data: new Uint8Array() });
  const store = storeIn(dataDir, { ...fakeDpapi('one'), unprotectData });
  await t.rejects(store.readStored(), { code: 'store-unreadable', message: /Win32 error 1722/ });
});

test('DPAPI that does not seal: nothing is stored in the clear, and the old one stays', async (t) => {
  const { dataDir, store } = await filled(t);
  const before = readFileSync(store.path);
  const protectData = () => Promise.resolve({ error: 5, data: new Uint8Array() });
  const write = storeIn(dataDir, { ...fakeDpapi('one'), protectData }).write({ ...STORED, agentId: 'x' });
  await t.rejects(write, { code: 'store-unwritable', message: /^(?![^]*cak_)[^]*CryptProtectData.* 5$/ });
  t.same(readFileSync(store.path), before);
});

test('entropy that cannot be stored is a fault: what it sealed could not be opened', async (t) => {
  const dataDir = tempDir(t);
  mkdirSync(`${entropyPath(dataDir)}.new`);
  await t.rejects(storeIn(dataDir).write(STORED), { code: 'store-unwritable' });
  t.same(readdirSync(dataDir), ['credential.entropy.new']);
});
