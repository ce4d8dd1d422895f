/** A stop ends the agent from wherever it is, within its bound, and leaves no session open at the relay. */
import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type Relay, ofKind } from '@guruconnect/relay';
import { settleable } from '@guruconnect/shared/settleable';
import type { Beat, StopReason } from '@guruconnect/shared/pipe-protocol';
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { FACTS, SOON, TOKEN } from '../relay/agent.ts';
import { launch, start, store } from './agents.ts';

/** Resolves once every session that was opened is closed. */
const noSessionLeft = async (t: Test, relay: Relay): Promise<void> => {
  for (const { sessionId } of relay.events.filter(ofKind('session-opened'))) {
    await relay.waitFor((event) => event.kind === 'session-closed' && event.sessionId === sessionId, SOON);
  }
  t.same(relay.sessions(), []);
};

test('a stop before the start leaves nothing behind', async (t) => {
  const relay = await start(t);
  const clock = createFakeClock();
  const { done, beats } = launch(t, {
    relay: relay.url,
    token: TOKEN,
    clock,
    signal: AbortSignal.abort('stop'),
  });
  await done;
  t.same(
    beats.items.map(({ link }) => link),
    ['enrolling', 'done'],
  );
  t.same(clock.pending(), []);
  await noSessionLeft(t, relay);
});

// Where the relay holds the agent up, and the state that the agent is stopped in. No time passes.
const stalled = { enroll: 'enrolling', upgrade: 'connecting', welcome: 'connecting' } as const;
for (const [point, state] of Object.entries(stalled)) {
  test(`a stop while the relay stalls at ${point} ends at once`, async (t) => {
    const relay = await start(t, { faults: { stall: [point as keyof typeof stalled] } });
    const clock = createFakeClock();
    const { beats, stop } = launch(t, { relay: relay.url, token: TOKEN, clock });
    await relay.waitFor(ofKind('stalled'), SOON);
    t.equal(beats.items.at(-1)?.link, state);
    await stop();
    t.equal(beats.items.at(-1)?.link, 'done');
    t.same(clock.pending(), []);
    await noSessionLeft(t, relay);
  });
}

test('a stop while enrolling lets go of the request', { timeout: SOON }, async (t) => {
  const asked = settleable<Socket>();
  const server = createServer(({ socket }) => {
    asked.resolve(socket);
  });
  await once(server.listen(0, '127.0.0.1'), 'listening');
  t.teardown(() => server.close());
  const relay = `ws://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const { stop } = launch(t, { relay, token: TOKEN });
  const socket = await asked.promise;
  t.teardown(() => socket.destroy());
  const left = new Promise((resolve) => socket.on('close', resolve));
  await stop();
  await left;
});

const closes: Record<StopReason, { code: number; reason: string }> = {
  stop: CLOSE.serviceStop,
  shutdown: CLOSE.shutdown,
  'supervisor-gone': CLOSE.serviceStop,
};
for (const [reason, close] of Object.entries(closes)) {
  test(`a stop (${reason}) while online closes the session with ${close.reason}, and then ends`, async (t) => {
    const relay = await start(t);
    const clock = createFakeClock();
    const { beats, stop } = launch(t, { relay: relay.url, token: TOKEN, clock });
    await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
    await stop(reason as StopReason);
    t.same(
      beats.items.slice(-2).map(({ link }) => link),
      ['closing', 'done'],
    );
    t.same(clock.pending(), []);
    t.match(await relay.waitFor(ofKind('session-closed'), SOON), { ...close, wasClean: true });
    await noSessionLeft(t, relay);
  });
}

test('a round trip that ends while closing does not make the link online again', async (t) => {
  const relay = await start(t);
  const { beats, stop } = launch(t, { relay: relay.url, token: TOKEN });
  await beats.next(({ link }) => link === 'online');
  // The first heartbeat is on its way: its acknowledgement comes before the answer to the close.
  await stop();
  t.equal(relay.events.filter(({ kind }) => kind === 'message').length, 2, 'hello and a heartbeat');
  t.same(
    beats.items.map(({ link }) => link),
    ['enrolling', 'connecting', 'online', 'closing', 'done'],
  );
});

const bounds: Record<StopReason, number> = {
  stop: TIMING.closeStop,
  shutdown: TIMING.closeShutdown,
  'supervisor-gone': TIMING.closeStop,
};
for (const [reason, bound] of Object.entries(bounds)) {
  test(`a stop (${reason}) that the relay ignores ends after ${bound} ms`, async (t) => {
    const relay = await start(t, { faults: { stall: ['close'] } });
    const clock = createFakeClock();
    const { beats, stop } = launch(t, { relay: relay.url, token: TOKEN, clock });
    await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
    const stopped = stop(reason as StopReason);
    await relay.waitFor(ofKind('stalled'), SOON);
    clock.advance(bound - 1);
    t.equal(beats.items.at(-1)?.link, 'closing');
    clock.advance(1);
    await stopped;
    t.equal(beats.items.at(-1)?.link, 'done');
    t.same(clock.pending(), []);
  });
}

test('a stop while the relay owes the answer to a heartbeat closes the session', async (t) => {
  const relay = await start(t, { faults: { stall: ['ack'] } });
  const { stop } = launch(t, { relay: relay.url, token: TOKEN });
  await relay.waitFor(ofKind('stalled'), SOON);
  await stop();
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { ...CLOSE.serviceStop, wasClean: true });
  await noSessionLeft(t, relay);
});

test('a stop while waiting to enrol ends at once, and nothing is asked any more', async (t) => {
  const relay = await start(t, { faults: { refuseEnroll: { status: 503 } } });
  const clock = createFakeClock();
  const { beats, stop } = launch(t, { relay: relay.url, token: TOKEN, clock, random: () => 1 });
  await beats.next(({ link }) => link === 'waiting');
  await stop();
  clock.advance(TIMING.backoffCap);
  t.same(clock.pending(), []);
  t.same(relay.events, [{ kind: 'enroll-refused', status: 503 }]);
});

test('a stop while waiting to connect ends at once, and nothing is asked any more', async (t) => {
  const relay = await start(t, { faults: { refuseSession: { status: 503 } } });
  const clock = createFakeClock();
  const dataDir = tempDir(t);
  await store(dataDir, relay.url, relay.registry.enrol(FACTS.machineId));
  const { beats, stop } = launch(t, { relay: relay.url, dataDir, clock, random: () => 1 });
  await beats.next(({ link }) => link === 'waiting');
  await stop();
  clock.advance(TIMING.backoffCap);
  t.same(clock.pending(), []);
  t.same(relay.events, [{ kind: 'session-refused', status: 503 }]);
});

test('a second reason to stop changes nothing', async (t) => {
  const relay = await start(t);
  const { beats, stop } = launch(t, { relay: relay.url, token: TOKEN });
  await beats.next(({ link }) => link === 'online');
  await Promise.all([stop('shutdown'), stop('stop')]);
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), CLOSE.shutdown);
});

test('a stop at any beat, from within it, ends the agent and leaves no session', async (t) => {
  const stories = new Set<string>();
  for (let at = 0; at < 4; at += 1) {
    const relay = await start(t);
    const stop = new AbortController();
    const links: string[] = [];
    const onBeat = ({ link }: Beat): void => {
      links.push(link);
      if (links.length === at + 1) stop.abort('stop');
    };
    await launch(t, { relay: relay.url, token: TOKEN, signal: stop.signal, onBeat }).done;
    await noSessionLeft(t, relay);
    t.equal(links.at(-1), 'done');
    stories.add(links.join(' '));
  }
  t.match([...stories].sort(), [
    /^enrolling connecting done$/,
    /^enrolling connecting online (online )?closing done$/,
  ]);
});
