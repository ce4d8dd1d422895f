/** What an agent says of itself: its machine, its counters, its former end; and what it answers. */
import { ofKind } from '@guruconnect/relay';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import { systemMachine } from '@guruconnect/worker/machine-facts';
import { test } from 'tap';
import { SOON, TOKEN } from '../relay/agent.ts';
import { launch, start } from './agents.ts';

test('a request for a remote session is refused, and says why', async (t) => {
  const relay = await start(t);
  launch(t, { relay: relay.url, token: TOKEN });
  const { sessionId } = await relay.waitFor(ofKind('session-online'), SOON);
  t.match(await relay.openRemote(sessionId, SOON), {
    kind: 'session.refused',
    reason: 'session-0-no-capture',
  });
});

test('messages of an unknown kind are passed over, and counted', async (t) => {
  const relay = await start(t);
  launch(t, { relay: relay.url, token: TOKEN });
  const { sessionId } = await relay.waitFor(ofKind('session-online'), SOON);
  for (let n = 0; n < 3; n += 1) relay.sendRaw(sessionId, JSON.stringify({ kind: `news-${n}` }));
  t.match(await relay.requestStatus(sessionId, SOON), { unknownMessages: 3, authFailures: 0, reconnects: 0 });
});

test('the machine is described with every enrolment and every session', async (t) => {
  const relay = await start(t);
  launch(t, { relay: relay.url, token: TOKEN, machine: systemMachine() });
  const { machine } = await relay.waitFor(ofKind('session-online'), SOON);
  t.match(machine, { arch: process.arch, nodeVersion: process.versions.node, cpus: Number });
  t.match(await relay.waitFor(ofKind('enrolled'), SOON), { reason: 'first' });
});

test('the relay hears why the session before was lost, once', async (t) => {
  const relay = await start(t);
  launch(t, { relay: relay.url, token: TOKEN });
  const first = await relay.waitFor(ofKind('session-online'), SOON);
  t.equal(first.lost, undefined);
  relay.drop({ code: 1011, reason: 'out of memory' });
  const seen = relay.events.length;
  const second = await relay.waitFor(ofKind('session-online'), SOON, seen);
  t.equal(second.lost, '1011 out of memory');
  relay.drop('fin');
  const later = relay.events.length;
  t.match(await relay.waitFor(ofKind('session-online'), SOON, later), { lost: '1006' });
});

test('last words are told until a relay has welcomed them, and forgotten then', async (t) => {
  const relay = await start(t, { faults: { stall: ['welcome'] } });
  const words: LastWords = { reason: 'hung', at: '2026-01-02T03:04:05.678Z', lines: ['a line'] };
  let kept: LastWords | undefined = words;
  const lastWords = {
    read: () => kept,
    forget: () => {
      kept = undefined;
    },
  };
  launch(t, { relay: relay.url, token: TOKEN, lastWords });
  await relay.waitFor(ofKind('stalled'), SOON);
  t.equal(kept, words);
  relay.inject({});
  relay.drop('reset');
  t.match(await relay.waitFor(ofKind('session-online'), SOON), { lastWords: words });
  const seen = relay.events.length;
  relay.drop('reset');
  const again = await relay.waitFor(ofKind('session-online'), SOON, seen);
  t.equal(kept, undefined);
  t.equal(again.lastWords, undefined);
});

test('what happens to the link is counted, and told with its beats', async (t) => {
  const relay = await start(t);
  const { beats } = launch(t, { relay: relay.url, token: TOKEN });
  const beat = await beats.next(({ roundTripMs }) => roundTripMs !== undefined);
  t.match(beat.counters, { connects: 1, losses: 0, failures: 0, enrolments: 1, messagesSent: 2 });
  t.equal(
    beat.counters?.roundTripMs.counts.reduce((sum, count) => sum + count),
    1,
  );
  const { bytesReceived = 0, bytesSent = 0 } = beat.counters ?? {};
  t.ok(bytesReceived > 200 && bytesSent > 400, `${bytesReceived} and ${bytesSent} bytes`);
  relay.drop('reset');
  const lost = await beats.next(({ link }) => link === 'waiting');
  t.match(lost.counters, { losses: 1, failures: 0 });
  t.ok((lost.counters?.bytesSent ?? 0) >= bytesSent, 'the bytes of a session that has ended stay counted');
});
