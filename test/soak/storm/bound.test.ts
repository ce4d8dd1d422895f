import { TIMING } from '@guruconnect/shared/timing';
import { test } from 'tap';
import { boundOfRestart, boundOfReturn } from './bound.ts';
import { type LinkSight, UNSEEN, seeState, sightAt, stateOfLine } from './link-sight.ts';
import { WINDOW_MS } from './schedule.ts';

const RELAY = { kind: 'relay-restart', how: 'plain', downMs: 0 } as const;
const OUTAGE = { kind: 'partition', how: 'outage', forMs: 0 } as const;
const FLOOD = { kind: 'flood', how: 'malformed' } as const;

/** A link that has gone through these states, a second each. */
const after = (...states: readonly string[]): LinkSight =>
  states.reduce((sight, state, i) => seeState(sight, state, i * 1000), UNSEEN);

test('a console tells the state of the link by its first word', (t) => {
  t.equal(stateOfLine('link: waiting: the relay answered with status 503'), 'waiting');
  t.equal(stateOfLine('worker: pid 12'), undefined);
  t.end();
});

test('each wait counts once, and none any more once the link has been online for long', (t) => {
  const away = after('connecting', 'online', 'waiting', 'waiting', 'connecting', 'waiting');
  t.match(away, { state: 'waiting', attempt: 2, waits: 2 });
  const back = seeState(away, 'online', 10_000);
  t.match(back, { attempt: 2, waits: 0 });
  t.match(sightAt(back, 10_000 + TIMING.stable - 1), { attempt: 2 });
  t.match(sightAt(back, 10_000 + TIMING.stable), { attempt: 0 });
  t.match(seeState(back, 'waiting', 10_000 + TIMING.stable), { attempt: 1, waits: 1 });
  t.match(seeState(back, 'waiting', 20_000), { attempt: 3, waits: 1 });
  t.end();
});

test('a stop, a crash and a supervisor that is killed have bounds of their own', (t) => {
  const start = TIMING.workerHello + TIMING.connect;
  t.equal(boundOfRestart({ kind: 'stop' }).ms, TIMING.stopBudget + start);
  t.same(boundOfRestart({ kind: 'crash', how: 'worker-killed' }), {
    ms: TIMING.exitGrace + start,
    of: 'exitGrace + workerHello + connect',
  });
  t.equal(boundOfRestart({ kind: 'crash', how: 'supervisor-killed' }).ms, TIMING.parentDeath + start);
  t.end();
});

test('after a restart of the relay an agent waits for the window, and never for a minute', (t) => {
  const first = after('online', 'waiting');
  t.equal(boundOfReturn(RELAY, first).ms, WINDOW_MS + TIMING.connect);
  t.equal(boundOfReturn(RELAY, { ...first, attempt: 9 }).ms, TIMING.connect + TIMING.connect);
  t.equal(boundOfReturn(RELAY, first, 700).ms, 700 + WINDOW_MS + TIMING.connect, 'and for its slot');
  t.end();
});

test('after an outage the first wait is short, and long where the link was lost before', (t) => {
  const first = after('online', 'waiting');
  t.same(boundOfReturn(OUTAGE, first), {
    ms: TIMING.blip + TIMING.connect,
    of: 'blip(once) + connect',
  });
  t.equal(boundOfReturn(OUTAGE, { ...first, attempt: 8 }).ms, TIMING.backoffCap + TIMING.connect);
  t.equal(
    boundOfReturn(OUTAGE, after('online', 'waiting', 'connecting', 'waiting')).ms,
    WINDOW_MS + TIMING.connect,
    'the tries after it were at a relay that is silent',
  );
  t.end();
});

test('a try that is under way may fail, and be followed by a wait and another one', (t) => {
  const { ms, of } = boundOfReturn(OUTAGE, after('online', 'waiting', 'connecting'));
  t.equal(ms, 2 * TIMING.connect + WINDOW_MS);
  t.equal(of, 'connect + window(attempt 2) + connect');
  t.end();
});

test('what ends one session is followed by the backoff', (t) => {
  const online = after('connecting', 'online');
  t.equal(boundOfReturn(FLOOD, online).ms, TIMING.backoffFirst + TIMING.connect);
  t.equal(boundOfReturn(FLOOD, { ...online, attempt: 3 }).ms, 8 * TIMING.backoffFirst + TIMING.connect);
  t.end();
});
