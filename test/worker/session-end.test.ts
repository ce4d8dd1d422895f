/** How a session ends: by a bad message, by either side's close, or by the network. */
import { ofKind } from '@guruconnect/relay';
import { CLOSE, MAX_MESSAGE_BYTES } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { type SessionEvent, openSession } from '@guruconnect/worker/session';
import type { SocketEvents } from '@guruconnect/worker/web-socket';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { FACTS, SOON } from '../relay/agent.ts';
import { CREDENTIAL, WELCOME, isEnd, kindIs, open, rawRelay, relayWithMachine } from './session.ts';

const garbage: Record<string, string> = {
  'no JSON': 'garbage',
  'no kind': '{}',
  'a welcome with a heartbeat out of range': JSON.stringify({ ...WELCOME, heartbeatMs: 1 }),
};
for (const [situation, frame] of Object.entries(garbage)) {
  test(`a message with ${situation} closes the session with 1007`, async (t) => {
    const relay = await rawRelay(t);
    const { inbox } = open(t, relay.url, CREDENTIAL);
    const link = await relay.link();
    link.say(frame);
    t.same(await link.closed, CLOSE.badMessage);
    await inbox.next(isEnd);
    t.same(
      inbox.items.map(({ kind }) => kind),
      ['closed'],
    );
  });
}

test('what comes after a bad message does not count any more', async (t) => {
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL);
  const link = await relay.link();
  link.say('garbage', WELCOME);
  await inbox.next(isEnd);
  t.same(
    inbox.items.map(({ kind }) => kind),
    ['closed'],
  );
});

test('a message that is too long closes the session with 1009', async (t) => {
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL);
  const link = await relay.link();
  link.say(JSON.stringify(WELCOME).padEnd(MAX_MESSAGE_BYTES + 1));
  t.match(await link.closed, { code: CLOSE.tooBig.code });
  t.match(await inbox.next(isEnd), { kind: 'closed' });
});

test('a close is a handshake: the relay sees its code and reason, and closed follows once', async (t) => {
  const clock = createFakeClock();
  const { relay, credential } = await relayWithMachine(t);
  const { inbox, session } = open(t, relay.url, credential, clock);
  await inbox.next(kindIs('opened'));
  session.close(CLOSE.serviceStop.code, CLOSE.serviceStop.reason);
  await inbox.next(isEnd);
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { ...CLOSE.serviceStop, wasClean: true });
  t.equal(inbox.items.filter(isEnd).length, 1);
  t.same(clock.pending(), [], 'no heartbeat is due any more');
});

for (const how of ['reset', 'fin'] as const) {
  test(`a session that ends by a bare ${how} of TCP is closed`, async (t) => {
    const { relay, credential } = await relayWithMachine(t);
    const { inbox } = open(t, relay.url, credential);
    await inbox.next(kindIs('opened'));
    relay.drop(how);
    t.match(await inbox.next(isEnd), { kind: 'closed', why: /./ });
  });
}

for (const [name, close] of Object.entries({ restart: CLOSE.relayRestart, revoked: CLOSE.revoked })) {
  test(`a session that the relay closes (${name}) says with what`, async (t) => {
    const { relay, credential } = await relayWithMachine(t);
    const { inbox } = open(t, relay.url, credential);
    await inbox.next(kindIs('opened'));
    relay.drop(close);
    t.match(await inbox.next(isEnd), { kind: 'closed', why: `${close.code} ${close.reason}` });
    t.match(await relay.waitFor(ofKind('session-closed'), SOON), { wasClean: true });
  });
}

test('a session that is dropped is gone at the relay, and says nothing more', async (t) => {
  const clock = createFakeClock();
  const { relay, credential } = await relayWithMachine(t);
  const { inbox, session } = open(t, relay.url, credential, clock);
  await inbox.next(kindIs('round-trip'));
  session.drop();
  session.drop();
  t.match(await relay.waitFor(ofKind('session-closed'), SOON), { code: 1006 });
  t.same(
    inbox.items.map(({ kind }) => kind),
    ['opened', 'round-trip'],
  );
  t.same(clock.pending(), []);
});

test('a session that is dropped while the upgrade stalls says nothing', async (t) => {
  const { relay, credential } = await relayWithMachine(t, { faults: { stall: ['upgrade'] } });
  const { inbox, session } = open(t, relay.url, credential);
  await relay.waitFor(ofKind('stalled'), SOON);
  session.drop();
  await relay.close();
  t.same(inbox.items, []);
});

test('what a relay has said counts, also where it says no more and does not end the connection', (t) => {
  const clock = createFakeClock();
  const events: SessionEvent[] = [];
  let socket: SocketEvents | undefined;
  let terminated = false;
  openSession(
    {
      dial: (on) => {
        socket = on;
        return {
          isOpen: () => !terminated,
          buffered: () => 0,
          traffic: () => ({ received: 0, sent: 0 }),
          send: () => undefined,
          pong: () => undefined,
          close: () => undefined,
          terminate: () => {
            terminated = true;
          },
        };
      },
      clock,
      wallNow: Date.now,
      hello: () => FACTS,
      status: () => ({ uptimeMs: 0, reconnects: 0 }),
    },
    (event) => events.push(event),
  );
  socket?.open();
  socket?.text(JSON.stringify(WELCOME));
  clock.advance(TIMING.heartbeatAck);
  t.ok(terminated, 'it is given up');
  // The frame had come before: the library tells of it at the end.
  socket?.end({ kind: 'closed', code: 1012, reason: 'relay restart; retry-after=120' });
  t.match(events.at(-1), {
    kind: 'closed',
    why: '1012 relay restart; retry-after=120',
    loss: { kind: 'relay', slot: { ms: 120_000 } },
  });
  t.end();
});
