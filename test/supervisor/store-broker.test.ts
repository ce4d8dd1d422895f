/** The supervisor's half of a brokered store, with the files of this system and a worker that may say anything. */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { mkdir, rmdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { writeLastWords } from '@guruconnect/shared/last-words';
import { createLog } from '@guruconnect/shared/log';
import { MAX_LINE_BYTES } from '@guruconnect/shared/pipe-protocol';
import type { StoreRequest } from '@guruconnect/shared/store-protocol';
import { STORE_REQUESTS, TIMING } from '@guruconnect/shared/timing';
import { type HandedIdentity, MOST_HANDED_BYTES } from '@guruconnect/store/handed-identity';
import { createStoreBroker } from '@guruconnect/supervisor/store-broker';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { STORED, readCredential, storeCredential } from '../store/stored.ts';

const RELAY = STORED.relay;
const TOKEN = 'enrolment-token';

for (const name of Object.keys(process.env)) {
  if (name.startsWith('GURUCONNECT_')) Reflect.deleteProperty(process.env, name);
}

const brokerOn = (t: Test, content: object, admit?: () => Promise<void>) => {
  const data = tempDir(t);
  const configure = (next: object): void => {
    writeFileSync(join(data, 'config.json'), JSON.stringify(next));
  };
  configure(content);
  const lines: string[] = [];
  const clock = createFakeClock();
  const log = createLog('supervisor', 'debug', { write: (line) => void lines.push(line) });
  const broker = createStoreBroker({ options: { data }, log, clock, ...(admit && { admit }) });
  const prepare = async () => (await broker.prepare()).identity as unknown as HandedIdentity;
  return { data, configure, lines, clock, broker, prepare };
};

/** What an honest worker sends. */
const offerOf = ({ relay, machineId }: HandedIdentity, credential = `cak_${'f4esh'.repeat(8)}`) => ({
  relay,
  machineId,
  agentId: 'front-desk',
  credential,
  enrolledAt: '2026-02-03T04:05:06.789Z',
});
const store = (id: number, stored: object): StoreRequest => ({
  kind: 'credential',
  id,
  stored: { ...stored },
});

test('what is stored is handed over, without the fingerprint, and fits into the line', async (t) => {
  const { data, prepare, lines } = brokerOn(t, { relay: RELAY });
  const { fingerprint: _kept, ...held } = await storeCredential(data, STORED);
  const identity = await prepare();
  t.match(identity, { relay: RELAY, stored: held, machineId: STORED.machineId, clone: false });
  t.notMatch(JSON.stringify(identity), 'fingerprint');
  t.ok(MOST_HANDED_BYTES <= MAX_LINE_BYTES / 2);
  t.notMatch(lines.join(''), STORED.credential);
});

test('no credential and no token, a bad configuration: faults by the names that a worker has for them', async (t) => {
  const { broker, configure } = brokerOn(t, { relay: RELAY });
  await t.rejects(broker.prepare(), { name: 'AgentFault', code: 'no-credential' });
  configure({ relay: 'no relay' });
  await t.rejects(broker.prepare(), { name: 'UsageError' });
});

test('a store that is not read in time is a fault and no wait', async (t) => {
  const { broker, clock } = brokerOn(t, { relay: RELAY }, () => new Promise(() => undefined));
  const late = t.rejects(broker.prepare(), { code: 'store-unreadable', message: /not read within/ });
  clock.advance(TIMING.storeRead);
  await late;
  t.same(clock.pending(), []);
});

test('what lets the account in comes first, and its fault is the store’s', async (t) => {
  const { broker } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN }, () =>
    Promise.reject(new AgentFault('store-unwritable', 'the folder cannot be opened to LocalService')),
  );
  await t.rejects(broker.prepare(), { code: 'store-unwritable' });
});

test('a new credential is stored for this machine, with its fingerprint, and read again', async (t) => {
  const { data, prepare, broker, lines } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
  const identity = await prepare();
  t.equal(identity.enrolReason, 'first');
  const offer = offerOf(identity);
  t.same(await broker.take(store(7, offer)), { kind: 'stored', id: 7 });
  const stored = await readCredential(data);
  t.match(stored, offer);
  t.ok(Object.keys(stored?.fingerprint ?? {}).length > 0);
  t.notMatch(lines.join(''), offer.credential);
});

const HOSTILE: Readonly<Record<string, (honest: ReturnType<typeof offerOf>) => object>> = {
  'a credential for another relay': (honest) => ({ ...honest, relay: 'wss://evil.example' }),
  'another machine’s': (honest) => ({ ...honest, machineId: STORED.machineId }),
  'no credential': (honest) => ({ ...honest, credential: 'cak_short' }),
  'a credential with a line in it': (honest) => ({ ...honest, credential: `${honest.credential}\n` }),
  'a path as well': (honest) => ({ ...honest, path: '../../etc/passwd' }),
  'a fingerprint of its own': (honest) => ({ ...honest, fingerprint: { system: 'a'.repeat(64) } }),
  'an agent of any length': (honest) => ({ ...honest, agentId: 'x'.repeat(257) }),
  'a date of any length': (honest) => ({ ...honest, enrolledAt: `${honest.enrolledAt}${' '.repeat(50)}` }),
  'a date that is none': (honest) => ({ ...honest, enrolledAt: 'yesterday' }),
  'nothing of all that': () => ({}),
  'a prototype': (honest) => JSON.parse(`{"__proto__":${JSON.stringify(honest)}}`) as object,
};
for (const [what, spoil] of Object.entries(HOSTILE)) {
  test(`a worker that has been taken over: ${what} is not stored`, async (t) => {
    const { data, prepare, broker } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
    const before = await prepare();
    const names = readdirSync(data);
    const answer = await broker.take(store(1, spoil(offerOf(before))));
    t.match(answer, { kind: 'stored', id: 1, error: /^what the worker wants stored / });
    t.same(readdirSync(data), names, 'and no file has come');
  });
}

test('nothing is stored before anything was handed over', async (t) => {
  const { data, broker } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
  const offer = { ...offerOf({ relay: RELAY, machineId: STORED.machineId } as HandedIdentity) };
  t.match(await broker.take(store(1, offer)), { error: /before anything was handed over/ });
  t.same(readdirSync(data), ['config.json']);
});

test('a store that cannot be written to is said in words, and stores once it can', async (t) => {
  const { data, prepare, broker } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
  const offer = offerOf(await prepare());
  const inTheWay = join(data, 'credential.json.new');
  await mkdir(inTheWay);
  t.match(await broker.take(store(1, offer)), { kind: 'stored', id: 1, error: /cannot be written/ });
  await rmdir(inTheWay);
  t.same(await broker.take(store(2, offer)), { kind: 'stored', id: 2 });
  t.match(await readCredential(data), offer);
});

test('another relay is resolved as it is configured, not as a worker says; the former one’s credential stays', async (t) => {
  const { data, configure, prepare, broker } = brokerOn(t, { relay: RELAY });
  await storeCredential(data, STORED);
  await prepare();
  configure({ relay: 'wss://other.example', enrollToken: TOKEN });
  const answer = await broker.take({ kind: 'resolve', id: 3 });
  t.match(answer, {
    kind: 'identity',
    id: 3,
    identity: { relay: 'wss://other.example', enrolReason: 'other-relay', machineId: STORED.machineId },
  });
  t.notMatch(JSON.stringify(answer), STORED.credential);
  configure({ relay: 'wss://other.example' });
  t.match(await broker.take({ kind: 'resolve', id: 4 }), {
    kind: 'no-identity',
    fault: { code: 'no-credential' },
  });
});

test('whoever asks without end, or without waiting, is answered so often and no more', async (t) => {
  const { clock, prepare, broker, lines } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
  const offer = offerOf(await prepare());
  const [first, ...rest] = await Promise.all([1, 2, 3].map((id) => broker.take(store(id, offer))));
  t.same([first, ...rest], [{ kind: 'stored', id: 1 }, undefined, undefined], 'one at a time');
  const answers = [];
  for (let id = 4; id < 100; id += 1) answers.push(await broker.take(store(id, offer)));
  t.equal(answers.filter((answer) => answer !== undefined).length, STORE_REQUESTS - 3);
  t.equal(lines.filter((line) => line.includes('asks too much')).length, 1, 'which is said once');
  clock.advance(TIMING.storeWindow);
  t.same(await broker.take(store(100, offer)), { kind: 'stored', id: 100 }, 'and later again');
});

test('that the last words were told is heard while a credential is being stored', async (t) => {
  const { data, prepare, broker } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
  const offer = offerOf(await prepare());
  writeLastWords(data, { reason: 'hung', at: '2026-01-02T03:04:05.678Z', lines: [] });
  const storing = broker.take(store(1, offer));
  await broker.take({ kind: 'told' });
  t.same(await storing, { kind: 'stored', id: 1 });
  t.notOk(existsSync(lastWordsPath(data)));
});

test('last words are handed over, cut to what has room, and forgotten when they were told', async (t) => {
  const { data, broker } = brokerOn(t, { relay: RELAY, enrollToken: TOKEN });
  const at = '2026-01-02T03:04:05.678Z';
  writeLastWords(data, {
    reason: 'hung',
    at,
    lines: Array.from({ length: 20 }, (_, i) => `${i}${'\u0001'.repeat(500)}`),
  });
  const { lastWords } = await broker.prepare();
  t.match(lastWords, { reason: 'hung', at });
  t.match(JSON.stringify(lastWords), '"19', 'the last line is the one that says most');
  t.ok(JSON.stringify(lastWords).length <= 4096);
  t.equal(await broker.take({ kind: 'told' }), undefined);
  t.throws(() => readFileSync(lastWordsPath(data)), { code: 'ENOENT' });
  t.equal((await broker.prepare()).lastWords, undefined);
});
