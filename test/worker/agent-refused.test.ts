/** An agent that a relay does not take, or not now: in turn with credential and token, and with what a clone has found. */
import { ofKind } from '@guruconnect/relay';
import type { Config } from '@guruconnect/shared/config';
import { TIMING } from '@guruconnect/shared/timing';
import { createNews } from '@guruconnect/worker/news';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { FACTS, SOON, TOKEN } from '../relay/agent.ts';
import { launch, start, store } from './agents.ts';
import { STORED } from '../store/stored.ts';

const isOnline = ({ link }: { readonly link: string }): boolean => link === 'online';
const isWaiting = ({ link }: { readonly link: string }): boolean => link === 'waiting';

/** The one timer that is set while the link waits. */
const waitOut = (clock: ReturnType<typeof createFakeClock>): void => {
  clock.advance(clock.pending()[0] ?? 0);
};

const refusedOnce = async (
  t: Test,
  refuseEnroll: { readonly status: number } | undefined,
  dataDir: string,
) => {
  const relay = await start(t, {
    faults: {
      refuseSession: { status: 401 },
      ...(refuseEnroll === undefined ? { stall: ['enroll'] } : { refuseEnroll }),
    },
  });
  await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  return relay;
};

for (const status of [404, 410, 400, 500, 503]) {
  test(`a credential that was refused once is tried again, though the enrolment answers ${status}`, async (t) => {
    const dataDir = tempDir(t);
    const relay = await refusedOnce(t, { status }, dataDir);
    const { beats } = launch(t, { relay: relay.url, dataDir, token: TOKEN });
    await relay.waitFor(ofKind('session-refused'), SOON);
    relay.inject({ refuseEnroll: { status } });
    await beats.next(isOnline);
    t.ok(relay.events.some(ofKind('enroll-refused')));
    t.notOk(relay.events.some(ofKind('enrolled')), 'with the credential that it had');
  });
}

test('a credential that was refused once is tried again, though the enrolment never answers', async (t) => {
  const dataDir = tempDir(t);
  const relay = await refusedOnce(t, undefined, dataDir);
  const clock = createFakeClock();
  const { beats } = launch(t, { relay: relay.url, dataDir, token: TOKEN, clock, random: () => 0 });
  await beats.next(isWaiting);
  clock.advance(0);
  await relay.waitFor(ofKind('stalled'), SOON);
  relay.inject({ stall: ['enroll'] });
  const seen = beats.items.length;
  clock.advance(TIMING.enroll);
  await beats.next(isWaiting, seen);
  clock.advance(0);
  await beats.next(isOnline);
  t.notOk(relay.events.some(ofKind('enrolled')));
});

test('a token that is taken away is not sent empty: the credential is tried, or a new token waited for', async (t) => {
  const relay = await start(t, { faults: { refuseSession: { status: 401 } } });
  const dataDir = tempDir(t);
  await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  const clock = createFakeClock();
  const changes = createNews<Config>();
  const { beats } = launch(t, {
    relay: relay.url,
    dataDir,
    token: TOKEN,
    clock,
    random: () => 1,
    changes: changes.subscribe,
  });
  await beats.next(isWaiting);
  relay.inject({});
  changes.tell({ relay: relay.url, logLevel: 'info', proxyFallback: 'none', workerAccount: 'own' });
  const seen = beats.items.length;
  await beats
    .next(({ trouble }) => trouble === 'there is no enrolment token any more', seen)
    .catch(() => undefined);
  waitOut(clock);
  await beats.next(isOnline);
  t.notOk(relay.events.some(({ kind }) => kind.startsWith('enroll')));
});

/** A machine that looks like a clone, and has found a credential. */
const clone = (
  t: Test,
  relay: Awaited<ReturnType<typeof start>>,
  clock: ReturnType<typeof createFakeClock>,
) => {
  const fallback = { ...STORED, relay: relay.url, ...relay.registry.enrol(STORED.machineId) };
  const resolve = () =>
    Promise.resolve({
      stored: undefined,
      machineId: FACTS.machineId,
      formerMachineId: STORED.machineId,
      enrollReason: 'cloned' as const,
      clone: false,
      fallback,
      product: {},
      credentialOf: () => fallback,
      write: () => Promise.resolve(),
    });
  return launch(t, { relay: relay.url, token: TOKEN, clock, random: () => 1, resolve });
};

test('a clone that the relay will not enrol is reachable with what it has found, and says so', async (t) => {
  const relay = await start(t, { faults: { refuseEnroll: { status: 404 } } });
  const clock = createFakeClock();
  const { beats } = clone(t, relay, clock);
  await beats.next(isWaiting);
  waitOut(clock);
  await beats.next(isOnline);
  t.equal((await relay.waitFor(ofKind('session-online'), SOON)).clone, true);
});

test('a clone whose enrolment is only down for a while waits for it, and displaces nobody', async (t) => {
  const relay = await start(t, { faults: { refuseEnroll: { status: 503 } } });
  const clock = createFakeClock();
  const { beats } = clone(t, relay, clock);
  for (let seen = 0, n = 1; n <= 6; n += 1) {
    await beats.next(isWaiting, seen);
    seen = beats.items.length;
    if (n < 6) t.notOk(relay.events.some(ofKind('session-opened')), `not after ${n} tries`);
    waitOut(clock);
  }
  await beats.next(isOnline);
  t.equal((await relay.waitFor(ofKind('session-online'), SOON)).clone, true, 'after the sixth');
});
