/** A start, with the files of this system and the marks of a machine that the test makes up. */
import { mkdirSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { credentialPath } from '@guruconnect/shared/data-folder';
import { createLog } from '@guruconnect/shared/log';
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { type Marks, fingerprintOf } from '@guruconnect/store/fingerprint';
import { plainFiles } from '@guruconnect/store/plain-files';
import { resolveCredential } from '@guruconnect/store/resolve-credential';
import type { StoredCredential } from '@guruconnect/store/stored-credential';
import { dpapiVault, plainVault } from '@guruconnect/store/vault';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { fakeDpapi } from './fake-dpapi.ts';
import { STORED } from './stored.ts';

const ONE: Marks = { hardware: 'board one', system: 'system one' };
const TWO: Marks = { hardware: 'board two', system: 'system one' };
const PRODUCT = { manufacturer: 'Maker', model: 'Model' };
const ANSWER = { agentId: 'anew', credential: `cak_${'an3w'.repeat(10)}` };
const NOW = '2026-02-03T04:05:06.789Z';
const RELAY = STORED.relay;
const OF_ONE = { ...STORED, fingerprint: fingerprintOf(ONE) };

const plain = (dataDir: string) => createCredentialStore({ files: plainFiles, vault: plainVault, dataDir });

interface Start {
  readonly stored?: StoredCredential;
  readonly marks?: Marks;
  readonly relay?: string;
  readonly token?: string | undefined;
  readonly sealing?: boolean;
}

/** A data folder, and starts of an agent on it. */
const machine = async (t: Test, stored?: StoredCredential) => {
  const dataDir = tempDir(t);
  if (stored !== undefined) await plain(dataDir).write(stored);
  const lines: string[] = [];
  const log = createLog('worker', 'trace', { write: (line) => lines.push(line) });
  const start = ({ marks = ONE, relay = RELAY, token, sealing = false }: Start = {}) =>
    resolveCredential({
      config: { relay, enrollToken: token },
      dataDir,
      log,
      system: {
        files: plainFiles,
        vault: sealing ? dpapiVault(fakeDpapi('one'), plainFiles, dataDir) : plainVault,
        findMachine: () => Promise.resolve({ marks, product: PRODUCT }),
        canonical: (dir) => dir,
      },
    });
  const seen = async () => {
    const found = await plain(dataDir).readStored();
    return found.kind === 'stored' ? found.stored : found.kind;
  };
  return { dataDir, lines, start, seen };
};

test('a machine with nothing enrols, stores the answer, and is the same machine ever after', async (t) => {
  const { start, seen } = await machine(t);
  const first = await start({ token: 'T' });
  t.match(first, { stored: undefined, enrolReason: 'first', clone: false, product: PRODUCT });
  t.equal(first.formerMachineId, undefined);
  const stored = { relay: RELAY, machineId: first.machineId, enrolledAt: NOW, ...ANSWER };
  t.match(first.credentialOf(ANSWER, NOW), stored);
  await first.write(first.credentialOf(ANSWER, NOW));
  t.strictSame(await seen(), { ...stored, fingerprint: fingerprintOf(ONE) });
  t.match(await start(), { stored, machineId: first.machineId, enrolReason: undefined, clone: false });
});

test('a credential of this machine is used, with or without a token, and nothing is written', async (t) => {
  const { dataDir, start } = await machine(t, OF_ONE);
  const before = readFileSync(credentialPath(dataDir));
  for (const token of ['T', undefined])
    t.match(await start({ token }), { stored: OF_ONE, machineId: STORED.machineId, clone: false });
  t.same(readFileSync(credentialPath(dataDir)), before);
  t.same(readdirSync(dataDir), ['credential.json']);
});

test('nothing and no token is a fault, and makes no file', async (t) => {
  const { dataDir, start } = await machine(t);
  await t.rejects(start(), { name: 'AgentFault', code: 'no-credential' });
  t.same(readdirSync(dataDir), []);
});

test('a damaged file without a token is a fault, and stays where it is', async (t) => {
  const { dataDir, start, lines } = await machine(t);
  writeFileSync(credentialPath(dataDir), '{"version":2,"cred');
  await t.rejects(start(), { code: 'credential-damaged', message: /credential\.json: not valid JSON/ });
  t.same(readdirSync(dataDir), ['credential.json']);
  t.match(lines.join(''), /"level":40.*"found":"damaged".*"why":"not valid JSON/, 'it is reported');
});

test('a damaged file with a token is kept aside once there is a new credential', async (t) => {
  const { dataDir, start, seen } = await machine(t);
  writeFileSync(credentialPath(dataDir), '{"version":2,"cred');
  const { enrolReason, credentialOf, write } = await start({ token: 'T' });
  t.equal(enrolReason, 'damaged');
  t.equal(readFileSync(credentialPath(dataDir), 'utf8'), '{"version":2,"cred', 'not before');
  await write(credentialOf(ANSWER, NOW));
  t.equal(readFileSync(`${credentialPath(dataDir)}.damaged`, 'utf8'), '{"version":2,"cred');
  t.match(await seen(), ANSWER);
});

test('at another relay it is the same machine', async (t) => {
  const { start, seen } = await machine(t, OF_ONE);
  const moved = await start({ token: 'T', relay: 'wss://other.example' });
  const { machineId } = STORED;
  t.match(moved, { enrolReason: 'other-relay', machineId, formerMachineId: undefined, fallback: undefined });
  await moved.write(moved.credentialOf(ANSWER, NOW));
  t.match(await seen(), { relay: 'wss://other.example', machineId });
});

test('a clone with a token enrols as a machine of its own, and says whose disk it has', async (t) => {
  const { dataDir, start, seen, lines } = await machine(t, OF_ONE);
  const before = readFileSync(credentialPath(dataDir));
  const clone = await start({ token: 'T', marks: TWO });
  t.match(clone, {
    stored: undefined,
    enrolReason: 'cloned',
    formerMachineId: STORED.machineId,
    clone: false,
  });
  t.not(clone.machineId, STORED.machineId);
  t.match(clone.fallback, OF_ONE);
  t.match(lines.join(''), /"level":40.*"machine":"cloned","changed":\["hardware"\]/);
  const again = await start({ token: 'T', marks: TWO });
  t.match(again, { enrolReason: 'cloned', machineId: clone.machineId, formerMachineId: STORED.machineId });
  await again.write(again.credentialOf(ANSWER, NOW));
  t.same(readFileSync(`${credentialPath(dataDir)}.previous`), before);
  t.match(await seen(), { machineId: clone.machineId, fingerprint: fingerprintOf(TWO) });
  t.match(await start({ marks: TWO }), { machineId: clone.machineId, clone: false, enrolReason: undefined });
});

test('a clone that goes to another relay is a machine of its own there as well', async (t) => {
  const { start } = await machine(t, OF_ONE);
  const clone = await start({ token: 'T', marks: TWO, relay: 'wss://other.example' });
  t.match(clone, { enrolReason: 'cloned', formerMachineId: STORED.machineId, fallback: undefined });
  t.not(clone.machineId, STORED.machineId);
});

test('a clone without a token uses what it has, says so each time, and never makes it its own', async (t) => {
  const { dataDir, start } = await machine(t, OF_ONE);
  const before = readFileSync(credentialPath(dataDir));
  for (let n = 0; n < 2; n += 1)
    t.match(await start({ marks: TWO }), { stored: OF_ONE, machineId: STORED.machineId, clone: true });
  t.same(readFileSync(credentialPath(dataDir)), before);
});

test('a credential of version 1 is used, and from then on is of this machine, and sealed', async (t) => {
  const { dataDir, start, seen } = await machine(t);
  const { fingerprint: _, ...rest } = STORED;
  writeFileSync(credentialPath(dataDir), JSON.stringify({ version: 1, ...rest }));
  t.match(await start(), { stored: OF_ONE, clone: false });
  t.strictSame(await seen(), OF_ONE);
  t.match(await start({ sealing: true }), { stored: OF_ONE });
  t.notOk(readFileSync(credentialPath(dataDir), 'utf8').includes(STORED.credential));
  t.match(await start({ sealing: true }), { stored: OF_ONE });
  t.equal(await seen(), 'damaged', 'it can be opened here only');
});

test('a credential that cannot be brought up to date is used all the same', async (t) => {
  const { dataDir, start, lines } = await machine(t, STORED);
  mkdirSync(`${credentialPath(dataDir)}.new`);
  t.match(await start(), { stored: { agentId: STORED.agentId }, clone: false });
  t.match(lines.join(''), /cannot be brought up to date/);
});

test('no line of the log and no error holds a secret or a mark of the machine', async (t) => {
  const marks = { hardware: 'board M4rk', system: 'system M4rk' };
  const { dataDir, lines, start } = await machine(t, OF_ONE);
  const told: unknown[] = [lines];
  for (const token of ['T0ken', undefined]) {
    told.push(await start({ token, marks }).then(({ machineId, clone }) => ({ machineId, clone })));
    await t.rejects(start({ marks, relay: 'wss://x.example' }).finally(() => undefined));
  }
  writeFileSync(credentialPath(dataDir), `{"credential":"${STORED.credential}"`);
  told.push(await start({ marks }).catch((error: unknown) => String(error)));
  const text = JSON.stringify(told);
  t.match(text, /credential-damaged|not valid JSON/);
  t.notMatch(text, /T0ken|M4rk|S3cr3t/);
});
