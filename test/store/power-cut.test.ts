/** The power is cut at every operation of a write, and what was not flushed is lost from any byte on. */
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { resolveMachineId } from '@guruconnect/store/identity';
import { type Files, replaceFile } from '@guruconnect/store/replace-file';
import type { StoredCredential } from '@guruconnect/store/stored-credential';
import { type Vault, dpapiVault, plainVault } from '@guruconnect/store/vault';
import { type Test, test } from 'tap';
import { fakeDpapi } from './fake-dpapi.ts';
import { type Content, createModelDisk, cutEverywhere } from './model-disk.ts';
import { STORED } from './stored.ts';

const DIR = '/data';
const OLD = STORED;
const NEW = { ...STORED, agentId: 'new', credential: `cak_${'n3w'.repeat(20)}` };
const LATER = { ...STORED, agentId: 'later', credential: `cak_${'l4ter'.repeat(9)}` };
const MOVED = { ...NEW, relay: 'wss://other.example' };

type VaultOf = (files: Files) => Vault;
const plain: VaultOf = () => plainVault;
const sealing: VaultOf = (files) => dpapiVault(fakeDpapi('one'), files, DIR);

const storeOn = (files: Files, vaultOf: VaultOf) =>
  createCredentialStore({ files, vault: vaultOf(files), dataDir: DIR });

const write =
  (stored: StoredCredential, vaultOf: VaultOf) =>
  (files: Files): Promise<void> =>
    storeOn(files, vaultOf).write(stored);

/** What is on the disk once everything has been written in turn, and flushed. */
const after = async (vaultOf: VaultOf, ...all: readonly StoredCredential[]): Promise<Content> => {
  const disk = createModelDisk({});
  for (const stored of all) await write(stored, vaultOf)(disk.files);
  const [content = {}] = disk.leftBehind();
  return content;
};

/** As whom a start would see the machine. */
const seen = async (content: Content, vaultOf: VaultOf): Promise<string> => {
  const found = await storeOn(createModelDisk(content).files, vaultOf).readStored();
  return found.kind === 'stored' ? found.stored.agentId : found.kind;
};

interface Situation {
  readonly start: Content;
  readonly next: StoredCredential;
  readonly vault?: VaultOf;
  /** Besides the new one. */
  readonly before: readonly string[];
  /** Of everything that may be left. Throws, as everything here: the first failure says it all, and there may be thousands. */
  readonly also?: (content: Content, seenAs: string) => void;
}

const fails = async (content: Content, vault: VaultOf): Promise<string | undefined> => {
  const disk = createModelDisk(content);
  await write(LATER, vault)(disk.files);
  const [left = {}, ...others] = disk.leftBehind();
  if (others.length > 0) return `it may be on the disk in ${others.length + 1} ways`;
  const seenAs = await seen(left, vault);
  return seenAs === LATER.agentId ? undefined : seenAs;
};

const check = async (t: Test, { start, next, vault = plain, before, also }: Situation): Promise<void> => {
  const cuts = await cutEverywhere(start, write(next, vault));
  const allowed = new Set([...before, next.agentId]);
  const met = new Set<string>();
  let states = 0;
  for (const content of cuts.flat()) {
    states += 1;
    const seenAs = await seen(content, vault);
    met.add(seenAs);
    if (!allowed.has(seenAs)) throw new Error(`a power cut leaves: ${seenAs}`);
    const failure = await fails(content, vault);
    if (failure !== undefined) throw new Error(`the next write is lost: ${failure}`);
    also?.(content, seenAs);
  }
  for (const content of cuts.at(-1) ?? [])
    t.equal(await seen(content, vault), next.agentId, 'what is written is on the disk');
  t.same([...met].sort(), [...allowed].sort(), 'each of them was met');
  t.ok(states > 500, `${states} disks were looked at`);
};

const situations: Record<string, () => Promise<Situation>> = {
  'a first credential': () => Promise.resolve({ start: {}, next: NEW, before: ['none'] }),
  'a credential that replaces one': async () => ({
    start: await after(plain, OLD),
    next: NEW,
    before: [OLD.agentId],
  }),
  'a credential that replaces one of version 1': () => {
    const { fingerprint: _, ...rest } = OLD;
    const start = { 'credential.json': Buffer.from(JSON.stringify({ version: 1, ...rest })) };
    return Promise.resolve({ start, next: NEW, before: [OLD.agentId] });
  },
  'a credential beside what an earlier power cut has left': async () => ({
    start: { ...(await after(plain, OLD)), 'credential.json.new': Buffer.from('{"half') },
    next: NEW,
    before: [OLD.agentId],
  }),
  'a credential of another relay, whose former one is kept': async () => {
    const start = await after(plain, OLD);
    const former = start['credential.json'];
    return {
      start,
      next: MOVED,
      before: [OLD.agentId],
      also: (content, seenAs) => {
        const kept = content['credential.json.previous'];
        const isKept = kept !== undefined && Buffer.from(kept).equals(former ?? new Uint8Array());
        if (!isKept && (kept !== undefined || seenAs !== OLD.agentId))
          throw new Error('the former one is lost');
      },
    };
  },
  'a credential in place of a damaged file, which is kept': () => {
    const damaged = Buffer.from('{"version":2,');
    return Promise.resolve({
      start: { 'credential.json': damaged },
      next: NEW,
      before: ['damaged', 'none'],
      also: (content) => {
        const all = Object.values(content).map((bytes) => Buffer.from(bytes));
        if (!all.some((bytes) => bytes.equals(damaged))) throw new Error('the damaged file is lost');
      },
    });
  },
  'a first credential that is sealed': () =>
    Promise.resolve({ start: {}, next: NEW, vault: sealing, before: ['none'] }),
  'a sealed credential that replaces one': async () => ({
    start: await after(sealing, OLD),
    next: NEW,
    vault: sealing,
    before: [OLD.agentId],
  }),
  'a sealed credential that replaces one in the clear': async () => ({
    start: await after(plain, OLD),
    next: NEW,
    vault: sealing,
    before: [OLD.agentId],
  }),
  'a sealed credential whose entropy was lost': async () => ({
    start: { 'credential.json': (await after(sealing, OLD))['credential.json'] ?? new Uint8Array() },
    next: NEW,
    vault: sealing,
    before: ['damaged', 'none'],
  }),
};
for (const [situation, make] of Object.entries(situations)) {
  test(`${situation}: whenever the power goes, there is what was there before or the new one`, async (t) => {
    await check(t, await make());
  });
}

test('a machine’s identity: whenever the power goes, it is the same afterwards', async (t) => {
  const ask = (fingerprint: { readonly hardware: string }) => (files: Files) =>
    resolveMachineId({ files, dataDir: DIR, fingerprint, canonical: (dir) => dir });
  const [one, two] = [ask({ hardware: '1'.repeat(64) }), ask({ hardware: '2'.repeat(64) })];
  const empty = createModelDisk({});
  const { machineId } = await one(empty.files);
  const [start = {}] = empty.leftBehind();
  const clone = createModelDisk(start);
  const { machineId: ofClone } = await two(clone.files);
  t.not(ofClone, machineId);
  for (const [from, asker, expected] of [
    [{}, one, machineId],
    [start, two, ofClone],
  ] as const) {
    const left = (await cutEverywhere(from, asker)).flat();
    t.ok(left.length > 100, `${left.length} disks were looked at`);
    for (const content of left) {
      const again = await asker(createModelDisk(content).files);
      if (again.machineId !== expected) throw new Error(`another identity: ${again.machineId}`);
    }
  }
});

test('a write that fails without a power cut leaves the old file and nothing beside it', async (t) => {
  const start = { file: Buffer.from('old') };
  for (const broken of ['write', 'sync', 'close'] as const) {
    const { files, leftBehind } = createModelDisk(start);
    const create = async (path: string) => ({
      ...(await files.create(path)),
      [broken]: () => Promise.reject(new Error('EIO')),
    });
    await t.rejects(replaceFile({ ...files, create }, `${DIR}/file`, Buffer.from('new')), { message: 'EIO' });
    await files.syncFolder(DIR);
    t.same(leftBehind(), [start]);
  }
});
