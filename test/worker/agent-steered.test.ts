/** What a relay may ask of an agent, and what the machine does to it: slots, windows, sleeps, other configurations. */
import { type Faults, createRegistry, ofKind } from '@guruconnect/relay';
import { TIMING } from '@guruconnect/shared/timing';
import type { Config } from '@guruconnect/shared/config';
import { createNews } from '@guruconnect/worker/news';
import type { WakeReason } from '@guruconnect/worker/wake';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { FACTS, SOON, TOKEN } from '../relay/agent.ts';
import { launch, start, store } from './agents.ts';

const isOnline = ({ link }: { readonly link: string }): boolean => link === 'online';
const isWaiting = ({ link }: { readonly link: string }): boolean => link === 'waiting';

test('a relay that restarts with slots is come back to in its slot', async (t) => {
  const registry = createRegistry();
  const relay = await start(t, { registry });
  const clock = createFakeClock();
  const { beats } = launch(t, { relay: relay.url, token: TOKEN, clock, random: () => 0.5 });
  await beats.next(isOnline);
  await relay.close(7000);
  t.match(await beats.next(isWaiting), { trouble: '1012 relay restart; retry-after=7' });
  t.same(clock.pending(), [7000]);
});

const busy: Record<string, [Faults, string]> = {
  'a busy relay': [
    { refuseSession: { status: 503, retryAfter: '30' } },
    'the relay answered with status 503',
  ],
  'a relay that is too busy to enrol': [
    { refuseEnroll: { status: 429, retryAfter: '30' } },
    'the relay refused the enrolment with status 429',
  ],
};
for (const [situation, [faults, trouble]] of Object.entries(busy)) {
  test(`${situation} says when to come, and is come to then`, async (t) => {
    const relay = await start(t, { faults });
    const clock = createFakeClock();
    const { beats } = launch(t, { relay: relay.url, token: TOKEN, clock });
    t.match(await beats.next(isWaiting), { trouble });
    t.same(clock.pending(), [30_000]);
  });
}

test('the window of the welcome is used when the relay is gone, and not for the own network', async (t) => {
  const relay = await start(t, { reconnectWindowMs: 40_000 });
  const clock = createFakeClock();
  const { beats } = launch(t, { relay: relay.url, token: TOKEN, clock, random: () => 0.5 });
  await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
  relay.drop('reset');
  await beats.next(isWaiting);
  t.same(clock.pending(), [20_000]);
});

test('a loss of the own network is first tried again within two seconds', async (t) => {
  const relay = await start(t, { reconnectWindowMs: 40_000 });
  const clock = createFakeClock();
  const { beats } = launch(t, { relay: relay.url, token: TOKEN, clock, random: () => 0.5 });
  await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
  relay.inject({ stall: ['ack'] });
  clock.advance(15_000 + TIMING.heartbeatAck);
  t.match(await beats.next(isWaiting), { trouble: 'heartbeat lost' });
  t.same(clock.pending(), [TIMING.blip / 2]);
});

test('after boot the first connection waits its turn', async (t) => {
  const relay = await start(t);
  const clock = createFakeClock();
  const { beats } = launch(t, { relay: relay.url, token: TOKEN, clock, random: () => 0.3, afterBoot: true });
  await beats.next(isWaiting);
  t.same(clock.pending(), [0.3 * TIMING.bootSpread]);
  clock.advance(0.3 * TIMING.bootSpread);
  await beats.next(isOnline);
});

/** An agent whose machine the test wakes. */
const wakeable = async (t: Test) => {
  const relay = await start(t);
  const clock = createFakeClock();
  const wakes = createNews<WakeReason>();
  const { beats } = launch(t, {
    relay: relay.url,
    token: TOKEN,
    clock,
    random: () => 0,
    wakes: wakes.subscribe,
  });
  await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
  return { relay, clock, wakes, beats };
};

test('a sleep that the session has outlived is proved by a heartbeat, and changes nothing', async (t) => {
  const { relay, clock, wakes, beats } = await wakeable(t);
  const seen = beats.items.length;
  wakes.tell('resumed');
  await beats.next(isOnline, seen);
  clock.advance(TIMING.probeAck);
  t.match(relay.sessions(), [{ online: true, heartbeats: 2 }]);
  t.notOk(beats.items.some(isWaiting));
});

test('a sleep that the session has not outlived is noticed within two seconds', async (t) => {
  const { relay, clock, wakes, beats } = await wakeable(t);
  relay.inject({ stall: ['ack'] });
  wakes.tell('resumed');
  clock.advance(TIMING.probeAck - 1);
  t.notOk(beats.items.some(isWaiting));
  clock.advance(1);
  t.match(await beats.next(isWaiting), { trouble: 'heartbeat lost' });
});

test('a new address ends a backoff', async (t) => {
  const relay = await start(t, { faults: { refuseSession: { status: 502 } } });
  const clock = createFakeClock();
  const wakes = createNews<WakeReason>();
  const { beats } = launch(t, {
    relay: relay.url,
    token: TOKEN,
    clock,
    random: () => 1,
    wakes: wakes.subscribe,
  });
  await beats.next(isWaiting);
  relay.inject({});
  wakes.tell('addresses');
  await beats.next(isOnline);
  t.equal(clock.now(), 0);
});

const configOf = (relay: string, enrollToken?: string): Config => ({
  relay,
  logLevel: 'info',
  proxyFallback: 'none',
  workerAccount: 'own',
  ...(enrollToken !== undefined && { enrollToken }),
});

test('a configuration that names another relay leaves this one politely, and enrols at the other', async (t) => {
  const first = await start(t);
  const second = await start(t);
  const changes = createNews<Config>();
  const { beats, done, stop } = launch(t, { relay: first.url, token: TOKEN, changes: changes.subscribe });
  await beats.next(isOnline);
  changes.tell(configOf(second.url, TOKEN));
  t.match(await first.waitFor(ofKind('session-closed'), SOON), {
    code: 1001,
    reason: 'reconfigured',
    wasClean: true,
  });
  t.match(await second.waitFor(ofKind('enrolled'), SOON), { reason: 'other-relay' });
  await second.waitFor(ofKind('session-online'), SOON);
  await stop();
  await done;
  t.equal(first.sessions().length, 0);
});

test('a configuration that is the same relay by another way keeps the session', async (t) => {
  const relay = await start(t);
  const changes = createNews<Config>();
  const { beats } = launch(t, { relay: relay.url, token: TOKEN, changes: changes.subscribe });
  await beats.next(isOnline);
  changes.tell({ ...configOf(relay.url, TOKEN), proxy: 'http://127.0.0.1:1' });
  const { sessionId } = await relay.waitFor(ofKind('session-online'), SOON);
  await relay.requestStatus(sessionId, SOON);
  relay.drop('fin');
  const beat = await beats.next(({ link, trouble }) => link === 'waiting' && /proxy/.test(trouble ?? ''));
  t.match(beat.trouble, /proxy/, 'and the next one goes the new way');
});

test('a new token is used at once by an agent that was refused', async (t) => {
  const relay = await start(t);
  const dataDir = tempDir(t);
  const clock = createFakeClock();
  const changes = createNews<Config>();
  const { agentId, credential } = relay.registry.enrol(FACTS.machineId);
  await store(dataDir, relay.url, { agentId, credential });
  relay.registry.revoke(agentId);
  const { beats } = launch(t, {
    relay: relay.url,
    dataDir,
    clock,
    random: () => 1,
    changes: changes.subscribe,
  });
  await beats.next(isWaiting);
  changes.tell(configOf(relay.url, TOKEN));
  t.match(await relay.waitFor(ofKind('enrolled'), SOON), { agentId, reason: 'refused' });
  await beats.next(isOnline);
  t.equal(clock.now(), 0);
});

test('a credential that is refused six times is tried once an hour, and taken when the relay takes it', async (t) => {
  const relay = await start(t, { faults: { refuseSession: { status: 403 } } });
  const dataDir = tempDir(t);
  const clock = createFakeClock();
  await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  const { beats } = launch(t, { relay: relay.url, dataDir, clock, random: () => 0.5 });
  const waits: (number | undefined)[] = [];
  for (let seen = 0; waits.length < 8; seen = beats.items.length) {
    await beats.next(isWaiting, seen);
    waits.push(clock.pending()[0]);
    if (waits.length === 8) relay.inject({});
    clock.advance(clock.pending()[0] ?? 0);
  }
  t.same(waits, [500, 7500, 15_000, 30_000, 60_000, 3_600_000, 3_600_000, 3_600_000]);
  const beat = await beats.next(isOnline);
  t.match(beat.counters, { authFailures: 8, failures: 8, connects: 1 });
});

test('a token and a credential that are both refused are tried in turn', async (t) => {
  const relay = await start(t, {
    faults: { refuseSession: { status: 401 }, refuseEnroll: { status: 401 } },
  });
  const dataDir = tempDir(t);
  const clock = createFakeClock();
  await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  const { beats } = launch(t, { relay: relay.url, dataDir, token: TOKEN, clock, random: () => 0.5 });
  for (let seen = 0, n = 0; n < 4; n += 1, seen = beats.items.length) {
    await beats.next(isWaiting, seen);
    clock.advance(clock.pending()[0] ?? 0);
  }
  t.same(
    relay.events.slice(0, 4).map(({ kind }) => kind),
    ['session-refused', 'enroll-refused', 'session-refused', 'enroll-refused'],
  );
});
