/** A machine that moves from one relay to another, and back. */
import { existsSync, readFileSync, statSync } from 'node:fs';
import { type Relay, ofKind } from '@guruconnect/relay';
import { credentialPath } from '@guruconnect/shared/data-folder';
import { type Test, test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';
import { SOON, TOKEN } from '../relay/agent.ts';
import { launch, start } from './agents.ts';
import { readCredential } from '../store/stored.ts';

const previousPath = (dataDir: string): string => `${credentialPath(dataDir)}.previous`;

/** Has an agent come online at a relay and stop; as whom the relay knew it. */
const visit = async (t: Test, relay: Relay, dataDir: string, token?: string) => {
  const seen = relay.events.length;
  const agent = launch(t, { relay: relay.url, dataDir, token });
  const { agentId, machineId } = await relay.waitFor(ofKind('session-online'), SOON, seen);
  await agent.stop();
  const enrolments = relay.events.slice(seen).filter(ofKind('enrolled')).length;
  return { agentId, machineId, enrolments };
};

test('from relay A to relay B and back, a machine is the same machine', async (t) => {
  const [a, b] = [await start(t), await start(t)];
  const dataDir = tempDir(t);
  const first = await visit(t, a, dataDir, TOKEN);
  const other = await visit(t, b, dataDir, TOKEN);
  const back = await visit(t, a, dataDir, TOKEN);
  t.match(first.machineId, /^[0-9a-f-]{36}$/);
  t.equal(other.machineId, first.machineId);
  t.same(back, first, 'enrolled again, as the same agent');
  t.match(await readCredential(dataDir), { relay: a.url, machineId: first.machineId });
});

test('a new data folder is a new machine', async (t) => {
  const relay = await start(t);
  const one = await visit(t, relay, tempDir(t), TOKEN);
  const other = await visit(t, relay, tempDir(t), TOKEN);
  t.not(one.machineId, other.machineId);
});

test("relay A's credential is kept beside relay B's, byte by byte and as private", async (t) => {
  const [a, b] = [await start(t), await start(t)];
  const dataDir = tempDir(t);
  await visit(t, a, dataDir, TOKEN);
  const ofA = readFileSync(credentialPath(dataDir));
  t.notOk(existsSync(previousPath(dataDir)), 'the first one has none before it');
  await visit(t, b, dataDir, TOKEN);
  t.match(await readCredential(dataDir), { relay: b.url });
  t.same(readFileSync(previousPath(dataDir)), ofA);
  if (process.platform !== 'win32') t.equal(statSync(previousPath(dataDir)).mode & 0o777, 0o600);
});

test('a new credential of the same relay does not take the place of the one kept', async (t) => {
  const [a, b] = [await start(t), await start(t)];
  const dataDir = tempDir(t);
  await visit(t, a, dataDir, TOKEN);
  const ofA = readFileSync(credentialPath(dataDir));
  const { agentId } = await visit(t, b, dataDir, TOKEN);
  b.revoke(agentId);
  t.match(await visit(t, b, dataDir, TOKEN), { agentId, enrolments: 1 });
  t.same(readFileSync(previousPath(dataDir)), ofA);
});

test("while relay B has not enrolled it yet, the machine's credential is still relay A's", async (t) => {
  const [a, b] = [await start(t), await start(t, { faults: { stall: ['enroll'] } })];
  const dataDir = tempDir(t);
  await visit(t, a, dataDir, TOKEN);
  const ofA = readFileSync(credentialPath(dataDir));
  const agent = launch(t, { relay: b.url, dataDir, token: TOKEN });
  await b.waitFor(ofKind('stalled'), SOON);
  t.same(readFileSync(credentialPath(dataDir)), ofA);
  await agent.stop();
  t.same(readFileSync(credentialPath(dataDir)), ofA);
});

test("relay B refuses to enrol it: the machine goes back to relay A with relay A's credential", async (t) => {
  const [a, b] = [await start(t), await start(t, { faults: { refuseEnroll: { status: 403 } } })];
  const dataDir = tempDir(t);
  const { machineId, agentId } = await visit(t, a, dataDir, TOKEN);
  const ofA = readFileSync(credentialPath(dataDir));
  const agent = launch(t, { relay: b.url, dataDir, token: TOKEN });
  const { trouble } = await agent.beats.next(({ link }) => link === 'waiting');
  await agent.stop();
  t.match(trouble, /^the relay refused the enrolment with status 403/);
  t.same(readFileSync(credentialPath(dataDir)), ofA);
  t.same(await visit(t, a, dataDir), { agentId, machineId, enrolments: 0 }, 'it needs no token');
});
