/** A relay that lies about heartbeats, and one that talks and does not listen. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';
import { MAX_BUFFERED_BYTES } from '@guruconnect/shared/relay-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';
import { CREDENTIAL, type RawLink, WELCOME, isEnd, kindIs, open, rawRelay } from './session.ts';

const ack = (seq: number) => ({ kind: 'heartbeat-ack', seq });

/** Once a later question has been answered, everything before it has been taken. */
const createSync = (link: RawLink): (() => Promise<void>) => {
  let id = 0;
  return async () => {
    const asked = (id += 1);
    link.say({ kind: 'status-request', id: asked });
    await link.messages.next((message) => message['kind'] === 'status' && message['id'] === asked);
  };
};

const openLink = async (t: Test) => {
  const clock = createFakeClock();
  const relay = await rawRelay(t);
  const { inbox } = open(t, relay.url, CREDENTIAL, clock);
  const link = await relay.link();
  link.say(WELCOME);
  const beat = (seq: number) => link.messages.next((message) => message['seq'] === seq);
  await beat(1);
  const roundTrips = () => inbox.items.filter(kindIs('round-trip'));
  return { clock, inbox, link, beat, roundTrips, sync: createSync(link) };
};

test('a thousand acknowledgements of one heartbeat are one round trip', async (t) => {
  const { clock, link, roundTrips, sync } = await openLink(t);
  clock.advance(250);
  link.say(...Array.from({ length: 1000 }, () => ack(1)));
  await sync();
  t.same(roundTrips(), [{ kind: 'round-trip', ms: 250 }]);
  t.same(clock.pending(), [WELCOME.heartbeatMs]);
});

test('acknowledging again and again does not put the next heartbeat off', async (t) => {
  const { clock, link, beat, roundTrips, sync } = await openLink(t);
  const step = WELCOME.heartbeatMs / 4;
  for (const left of [4, 3, 2, 1]) {
    link.say(ack(1), ack(1));
    await sync();
    t.same(clock.pending(), [left * step]);
    clock.advance(step);
  }
  t.same(await beat(2), { kind: 'heartbeat', seq: 2 });
  t.equal(roundTrips().length, 1);
});

test('the last heartbeat acknowledged once more does not stand for this one', async (t) => {
  const { clock, inbox, link, beat, roundTrips, sync } = await openLink(t);
  link.say(ack(1));
  await sync();
  clock.advance(WELCOME.heartbeatMs);
  await beat(2);
  link.say(ack(1), ack(1));
  await sync();
  t.same(clock.pending(), [TIMING.heartbeatAck]);
  t.equal(roundTrips().length, 1);
  clock.advance(TIMING.heartbeatAck);
  t.match(await inbox.next(isEnd), { kind: 'closed', why: 'heartbeat lost' });
});

test('each heartbeat is acknowledged for itself, however often the ones before it are', async (t) => {
  const { clock, link, beat, roundTrips, sync } = await openLink(t);
  for (const seq of [1, 2, 3]) {
    await beat(seq);
    clock.advance(seq);
    link.say(ack(seq), ack(1), ack(seq), ack(2));
    await sync();
    clock.advance(WELCOME.heartbeatMs);
  }
  t.same(
    roundTrips(),
    [1, 2, 3].map((ms) => ({ kind: 'round-trip', ms })),
  );
});

/** The agent's own end of TCP: what waits in it is what the agent keeps for the relay. */
const agentSocket = (t: Test): (() => Socket) => {
  const sockets: Socket[] = [];
  const onSocket = (message: unknown): void => {
    sockets.push((message as { socket: Socket }).socket);
  };
  subscribe('net.client.socket', onSocket);
  t.teardown(() => unsubscribe('net.client.socket', onSocket));
  return () => {
    const [socket, more] = sockets;
    if (socket === undefined || more !== undefined) throw new Error(`${sockets.length} connections`);
    return socket;
  };
};

const PING = 0x89;
const TEXT = 0x81;
/** A frame as a server sends it, RFC 6455 section 5.2: not masked, its length in seven bits. */
const frame = (opcode: number, payload: string): Buffer =>
  Buffer.concat([Buffer.of(opcode, payload.length), Buffer.from(payload)]);

/** Writes frames in bulk until the agent has hung up, as fast as it takes them. */
const flood = async (link: RawLink, frames: Buffer, afterEach: () => void): Promise<void> => {
  const tcp = link.request.socket;
  // Nothing of what the agent says is read from here on: the two TCP buffers fill, then its own.
  link.socket.pause();
  while (!tcp.destroyed) {
    await new Promise((done) => tcp.write(frames, done));
    afterEach();
  }
};

const floods: Record<string, Buffer> = {
  questions: frame(TEXT, JSON.stringify({ kind: 'status-request', id: 7 })),
  pings: frame(PING, 'p'.repeat(125)),
};
for (const [name, one] of Object.entries(floods)) {
  test(`a relay that floods the agent with ${name} and never reads is let go of, in bounded memory`, async (t) => {
    const clock = createFakeClock();
    const relay = await rawRelay(t);
    const socketOfAgent = agentSocket(t);
    let kept = 0;
    const look = (): void => {
      kept = Math.max(kept, socketOfAgent().writableLength);
    };
    const status = () => {
      look();
      return { uptimeMs: 5125, reconnects: 3 };
    };
    const { inbox } = open(t, relay.url, CREDENTIAL, clock, status);
    const link = await relay.link();
    link.say(WELCOME);
    await inbox.next(kindIs('opened'));
    const flooding = flood(link, Buffer.concat(Array.from({ length: 200 }, () => one)), look);
    t.match(await inbox.next(isEnd), { kind: 'closed', why: /relay does not read/ });
    await flooding;
    t.same(
      inbox.items.map(({ kind }) => kind),
      ['opened', 'closed'],
    );
    t.same(clock.pending(), [], 'no heartbeat is due any more');
    t.ok(socketOfAgent().destroyed);
    t.ok(kept <= MAX_BUFFERED_BYTES + 1024, `${kept} bytes were kept`);
  });
}

test('a relay that asks much and reads is answered everything', async (t) => {
  const { inbox, link } = await openLink(t);
  const questions = 10_000;
  for (let id = 1; id <= questions; id += 1) link.say({ kind: 'status-request', id });
  await link.messages.next((message) => message['kind'] === 'status' && message['id'] === questions);
  t.equal(link.messages.items.filter(kindIs('status')).length, questions);
  t.notOk(inbox.items.some(isEnd));
});
