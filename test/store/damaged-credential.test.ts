/** Files that nobody can make sense of, and those of before. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { credentialPath, isOwnFile } from '@guruconnect/shared/data-folder';
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { plainFiles } from '@guruconnect/store/plain-files';
import { formatStored } from '@guruconnect/store/stored-credential';
import { plainVault } from '@guruconnect/store/vault';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { STORED, find, readCredential, writeCredential } from './stored.ts';

const { credential: SECRET } = STORED;
const FACTS = {
  relay: STORED.relay,
  machineId: STORED.machineId,
  agentId: 'x',
  enrolledAt: STORED.enrolledAt,
};
const V1 = { version: 1, ...FACTS, credential: SECRET };
const V2 = { ...V1, version: 2, fingerprint: {} };

test('a credential of version 1 counts, is of no known machine, and is to be brought up to date', async (t) => {
  const dir = tempDir(t);
  writeFileSync(credentialPath(dir), JSON.stringify(V1));
  const stored = { ...FACTS, credential: SECRET, fingerprint: {} };
  t.strictSame(await find(dir), { kind: 'stored', stored, isOutdated: true });
  await writeCredential(dir, stored);
  t.strictSame(await find(dir), { kind: 'stored', stored, isOutdated: false });
  t.match(JSON.parse(readFileSync(credentialPath(dir), 'utf8')), { version: 2 });
  t.same(readdirSync(dir), ['credential.json']);
});

const damaged: Record<string, [content: string | Uint8Array, why: RegExp]> = {
  'an empty file': ['', /^not valid JSON \(half written\?\)$/],
  'a file of zeros': ['\0'.repeat(300), /not valid JSON/],
  'a file of bytes': [Uint8Array.from({ length: 256 }, (_, at) => at ^ 0x80), /not valid JSON/],
  'a file that is far too long': [JSON.stringify(V2) + ' '.repeat(65_536), /^longer than 65536 bytes$/],
  'another JSON': ['[]', /^(?:content|version): not what it should be$/],
  null: ['null', /^(?:content|version): not what it should be$/],
  'a later version': [JSON.stringify({ ...V2, version: 3 }), /^version: not what it should be$/],
  'a credential of another kind': [
    JSON.stringify({ ...V2, credential: 'S3cr3t' }),
    /^credential: not what it should be$/,
  ],
  'no credential': [JSON.stringify({ ...V2, credential: undefined }), /^credential: not what/],
  'no credential in version 1': [JSON.stringify({ ...V1, credential: undefined }), /^credential: not what/],
  'two credentials': [JSON.stringify({ ...V2, sealed: 'AAAA' }), /^credential: not what it should be$/],
  'a sealed one that is no base64': [
    JSON.stringify({ ...V2, credential: undefined, sealed: 'S3cr3t!' }),
    /^sealed: not what it should be$/,
  ],
  'a sealed one where nothing could open it': [
    JSON.stringify({ ...V2, credential: undefined, sealed: 'AAAA' }),
    /^(?:sealed by Windows|.*credential\.entropy is missing)/,
  ],
  'no fingerprint': [JSON.stringify({ ...V2, fingerprint: undefined }), /^fingerprint: not what/],
  'a fingerprint that is none': [
    JSON.stringify({ ...V2, fingerprint: { hardware: 'S3cr3t' } }),
    /^fingerprint\.hardware: not what it should be$/,
  ],
  'a machine id that is no UUID': [JSON.stringify({ ...V2, machineId: 'me' }), /^machineId: not what/],
  'no relay': [JSON.stringify({ ...V2, relay: undefined }), /^relay: not what it should be$/],
  'a number for a relay': [JSON.stringify({ ...V2, relay: 7 }), /^relay: not what it should be$/],
  'a time that is none': [JSON.stringify({ ...V2, enrolledAt: 'yesterday' }), /^enrolledAt: not what/],
};
for (const [situation, [content, why]] of Object.entries(damaged)) {
  test(`${situation} is damaged: the reason is named, not quoted, and the file left as it is`, async (t) => {
    const dir = tempDir(t);
    const path = credentialPath(dir);
    writeFileSync(path, content);
    const found = await find(dir);
    t.match(found, { kind: 'damaged', why });
    t.notMatch(JSON.stringify(found), /S3cr3t/);
    t.same(readFileSync(path), Buffer.from(content));
    t.same(readdirSync(dir), ['credential.json']);
  });
}

test('a file that ends at any byte before its last is damaged, and none is taken for a missing one', async (t) => {
  const whole = formatStored(STORED, { credential: SECRET });
  const dir = tempDir(t);
  const { path, readStored } = createCredentialStore({ files: plainFiles, vault: plainVault, dataDir: dir });
  // The last two are the brace and the end of the line.
  for (let length = 0; length < whole.length - 1; length += 1) {
    writeFileSync(path, whole.subarray(0, length));
    const { kind } = await readStored();
    if (kind !== 'damaged') t.fail(`${length} bytes: ${kind}`);
  }
  writeFileSync(path, whole);
  t.equal((await readStored()).kind, 'stored');
});

test('a write puts a damaged file aside, in place of an older one, and as it was', async (t) => {
  const dir = tempDir(t);
  const path = credentialPath(dir);
  for (const content of ['{"version":1,"cred', 'quite another']) {
    writeFileSync(path, content);
    await writeCredential(dir, STORED);
    t.equal(readFileSync(`${path}.damaged`, 'utf8'), content);
    t.strictSame(await readCredential(dir), STORED);
  }
  t.same(readdirSync(dir), ['credential.json', 'credential.json.damaged']);
  t.ok(readdirSync(dir).every(isOwnFile), 'an uninstallation with --purge knows them');
});

test('setting a file aside that is not there is a fault', async (t) => {
  const dataDir = tempDir(t);
  const store = createCredentialStore({ files: plainFiles, vault: plainVault, dataDir });
  await t.rejects(store.setAside(), { code: 'store-unwritable', message: /credential\.json/ });
});
