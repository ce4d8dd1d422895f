import { existsSync, mkdirSync, readFileSync, readdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { createRegistry, ofKind } from '@guruconnect/relay';
import { createLog } from '@guruconnect/shared/log';
import { TIMING } from '@guruconnect/shared/timing';
import { credentialPath } from '@guruconnect/shared/data-folder';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { FACTS, SOON, TOKEN } from '../relay/agent.ts';
import { launch, start, store } from './agents.ts';
import { createInbox } from './inbox.ts';
import { readCredential } from '../store/stored.ts';

const isOnline = ({ link }: { readonly link: string }): boolean => link === 'online';
const isWaiting = ({ link }: { readonly link: string }): boolean => link === 'waiting';

test('an agent with a token enrols, stores its credential and is online', async (t) => {
  const relay = await start(t);
  const { dataDir, beats } = launch(t, { relay: relay.url, token: TOKEN });
  const { agentId, machineId } = await relay.waitFor(ofKind('session-online'), SOON);
  t.match(await readCredential(dataDir), { relay: relay.url, agentId, machineId });
  await beats.next(isOnline);
  t.match(beats.items.slice(0, 3), [
    { kind: 'beat', link: 'enrolling', relay: relay.url },
    { kind: 'beat', link: 'connecting', relay: relay.url },
    { kind: 'beat', link: 'online', relay: relay.url },
  ]);
});

test('an online agent tells the round trip of each heartbeat', async (t) => {
  const relay = await start(t);
  const { beats } = launch(t, { relay: relay.url, token: TOKEN });
  const beat = await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
  t.match(beat, { link: 'online', roundTripMs: Number });
});

test('a stored credential is used without a token, and is left as it is', async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  const stored = await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  const before = readFileSync(credentialPath(dataDir));
  const { beats } = launch(t, { relay: relay.url, dataDir });
  const online = await relay.waitFor(ofKind('session-online'), SOON);
  t.match(online, { agentId: stored.agentId, machineId: FACTS.machineId });
  t.equal(beats.items[0]?.link, 'connecting');
  t.same(readFileSync(credentialPath(dataDir)), before);
});

test('a stored credential is used though there is a token: a machine enrols once', async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  launch(t, { relay: relay.url, dataDir, token: TOKEN });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.notOk(relay.events.some(ofKind('enrolled')));
});

test("another relay's credential is set aside where there is a token, and shown to nobody", async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  await store(dataDir, 'wss://other.example', { agentId: 'x', credential: `cak_${'S3cr3t'.repeat(7)}` });
  const before = readFileSync(credentialPath(dataDir));
  launch(t, { relay: relay.url, dataDir, token: TOKEN });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.same(
    relay.events.slice(0, 2).map(({ kind }) => kind),
    ['enrolled', 'session-opened'],
  );
  t.same(readFileSync(`${credentialPath(dataDir)}.previous`), before);
  t.match(await readCredential(dataDir), { relay: relay.url });
});

test("another relay's credential without a token ends the agent, and stays", async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  await store(dataDir, 'wss://other.example', { agentId: 'x', credential: `cak_${'S3cr3t'.repeat(7)}` });
  const { done } = launch(t, { relay: relay.url, dataDir });
  await t.rejects(done, { name: 'AgentFault', code: 'no-credential', message: /wss:\/\/other\.example/ });
  t.same(readdirSync(dataDir), ['credential.json']);
  t.same(relay.events, []);
});

test('no credential and no token end the agent, and say what would help', async (t) => {
  const relay = await start(t);
  const { done, beats } = launch(t, { relay: relay.url });
  await t.rejects(done, { name: 'AgentFault', code: 'no-credential', message: /--enroll-token/ });
  t.same(beats.items, []);
  t.same(relay.events, []);
});

test('a damaged credential without a token ends the agent, and is left as it is', async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  writeFileSync(credentialPath(dataDir), '{"version": 1, "cred');
  const { done } = launch(t, { relay: relay.url, dataDir });
  await t.rejects(done, { name: 'AgentFault', code: 'credential-damaged' });
  t.equal(readFileSync(credentialPath(dataDir), 'utf8'), '{"version": 1, "cred');
  t.same(relay.events, []);
});

test('a damaged credential is set aside where there is a token, and the agent enrols again', async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  writeFileSync(credentialPath(dataDir), '{"version": 1, "cred');
  launch(t, { relay: relay.url, dataDir, token: TOKEN });
  await relay.waitFor(ofKind('session-online'), SOON);
  t.equal(readFileSync(`${credentialPath(dataDir)}.damaged`, 'utf8'), '{"version": 1, "cred');
  t.match(await readCredential(dataDir), { relay: relay.url });
});

test('a credential that cannot be stored is used all the same, and stored as soon as that can be done', async (t) => {
  const dataDir = tempDir(t);
  const clock = createFakeClock();
  const lines = createInbox<string>();
  const log = createLog('worker', 'info', { write: lines.put });
  const relay = await start(t, {
    onEvent: ({ kind }) => {
      if (kind === 'enrolled') mkdirSync(credentialPath(dataDir));
    },
  });
  const { beats, stop } = launch(t, { relay: relay.url, dataDir, token: TOKEN, clock, log });
  const { agentId } = await relay.waitFor(ofKind('session-online'), SOON);
  await beats.next(isOnline);
  t.match(await lines.next((line) => line.includes('cannot be stored')), /"level":50.*store/);
  rmdirSync(credentialPath(dataDir));
  clock.advance(TIMING.storeRetry);
  for (const bound = AbortSignal.timeout(SOON); !existsSync(credentialPath(dataDir));) {
    bound.throwIfAborted();
    await new Promise((resolve) => setImmediate(resolve));
  }
  await stop();
  t.match(await readCredential(dataDir), { agentId });
});

test('an agent whose credential is revoked enrols again with its token, as the same machine', async (t) => {
  const relay = await start(t);
  const { dataDir } = launch(t, { relay: relay.url, token: TOKEN });
  const first = await relay.waitFor(ofKind('session-online'), SOON);
  const before = await readCredential(dataDir);
  const seen = relay.events.length;
  t.ok(relay.revoke(first.agentId));
  const second = await relay.waitFor(ofKind('session-online'), SOON, seen);
  t.match(second, { agentId: first.agentId, machineId: first.machineId });
  const kinds = relay.events.slice(seen).map(({ kind }) => kind);
  t.match(
    kinds.filter((kind) => kind !== 'message'),
    ['session-closed', 'session-refused', 'enrolled', 'session-opened', 'session-online'],
  );
  const after = await readCredential(dataDir);
  t.match(after, { agentId: first.agentId, machineId: before?.machineId });
  t.not(after?.credential, before?.credential);
});

test('an agent whose credential is revoked and that has no token keeps trying, ever more slowly', async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  const clock = createFakeClock();
  const { agentId, credential } = relay.registry.enrol(FACTS.machineId);
  await store(dataDir, relay.url, { agentId, credential });
  relay.registry.revoke(agentId);
  const { beats } = launch(t, { relay: relay.url, dataDir, clock, random: () => 1 });
  for (const ms of [1000, 10_000, 20_000, 40_000]) {
    const seen = beats.items.length;
    const beat = await beats.next(isWaiting, clock.now() === 0 ? 0 : seen);
    t.equal(beat.trouble, 'the relay refused the credential with status 401');
    t.same(clock.pending(), [ms]);
    clock.advance(ms);
  }
  t.equal((await readCredential(dataDir))?.credential, credential);
  t.notOk(relay.events.some(({ kind }) => kind.startsWith('enroll')));
});

test('an agent comes back when its relay does, and counts it', async (t) => {
  const registry = createRegistry();
  const first = await start(t, { registry });
  const { beats } = launch(t, { relay: first.url, token: TOKEN });
  const { agentId } = await first.waitFor(ofKind('session-online'), SOON);
  await first.close();
  t.match(await beats.next(isWaiting), { trouble: '1012 relay restart' });
  const second = await start(t, { registry, port: first.port });
  const { sessionId, agentId: again } = await second.waitFor(ofKind('session-online'), SOON);
  t.equal(again, agentId);
  t.match(await second.requestStatus(sessionId, SOON), { reconnects: 1 });
  t.notOk(second.events.some(({ kind }) => kind === 'enrolled'));
});

test('an agent that the relay refuses to enrol keeps trying, and says why', async (t) => {
  const relay = await start(t, { faults: { refuseEnroll: { status: 503 } } });
  const { beats, dataDir, stop } = launch(t, { relay: relay.url, token: TOKEN });
  t.match(await beats.next(isWaiting), { trouble: 'the relay refused the enrolment with status 503' });
  t.notOk(existsSync(credentialPath(dataDir)));
  relay.inject({});
  await relay.waitFor(ofKind('session-online'), SOON);
  await beats.next(isOnline);
  await stop();
  const closing = await beats.next(({ link }) => link === 'closing');
  t.equal(closing.trouble, undefined, 'the trouble is over');
});

for (const [point, bound] of [
  ['enroll', TIMING.enroll],
  ['upgrade', TIMING.connect],
  ['welcome', TIMING.connect],
] as const) {
  test(`an agent that a relay stalls at ${point} gives up in its time, says why and tries again`, async (t) => {
    const clock = createFakeClock();
    const relay = await start(t, { faults: { stall: [point] } });
    const { beats } = launch(t, { relay: relay.url, token: TOKEN, clock });
    await relay.waitFor(ofKind('stalled'), SOON);
    clock.advance(bound - 1);
    t.notOk(beats.items.some(isWaiting));
    clock.advance(1);
    const beat = await beats.next(isWaiting);
    relay.inject({});
    clock.advance(0);
    await relay.waitFor(ofKind('session-online'), SOON);
    t.match(beat.trouble, /./, 'the reason');
  });
}

test('no beat and no line of the log holds a secret', async (t) => {
  const relay = await start(t);
  const lines = createInbox<string>();
  const log = createLog('worker', 'trace', { write: lines.put });
  const { beats, dataDir, stop } = launch(t, { relay: relay.url, token: TOKEN, log });
  const { agentId } = await relay.waitFor(ofKind('session-online'), SOON);
  const credential = (await readCredential(dataDir))?.credential ?? '';
  const seen = relay.events.length;
  relay.revoke(agentId);
  await relay.waitFor(ofKind('session-online'), SOON, seen);
  await stop();
  const told = JSON.stringify([lines.items, beats.items]);
  t.match(told, /enrolled/);
  for (const secret of [TOKEN, credential, (await readCredential(dataDir))?.credential ?? ''])
    t.notMatch(told, secret);
});
