/** What a worker's beats, one after the other, tell the Event Log. */
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import type { AgentEvent } from '@guruconnect/supervisor/event-log/events';
import { NO_LINK, seeBeat } from '@guruconnect/supervisor/event-log/link-events';
import { test } from 'tap';
import { RELAY, beatOf } from './beats.ts';

/** @param script beats, each after so many milliseconds. */
const see = (script: readonly (readonly [ms: number, beat: Beat])[]): readonly AgentEvent[] => {
  let link = NO_LINK;
  let now = 0;
  return script.flatMap(([ms, beat]) => {
    now += ms;
    const seen = seeBeat(link, beat, now);
    link = seen.link;
    return seen.events;
  });
};

const every = (beat: Beat, times: number, ms = TIMING.beat) =>
  Array.from({ length: times }, () => [ms, beat] as const);
const FIVE_MINUTES = TIMING.offlineEvent / TIMING.beat;
const waiting = beatOf('waiting', {}, 'no route to the relay');
const online = beatOf('online');

test('a machine that enrols and comes online: one event each, however long it stays', (t) => {
  const events = see([
    [0, beatOf('enrolling')],
    [100, beatOf('connecting', { enrolments: 1 })],
    [100, beatOf('online', { enrolments: 1 })],
    ...every(beatOf('online', { enrolments: 1 }), 100),
  ]);
  t.same(events, [
    { kind: 'enrolled', relay: RELAY },
    { kind: 'online', relay: RELAY },
  ]);
  t.end();
});

test('a link that is lost and back within five minutes is none of the Event Log’s business', (t) => {
  const events = see([
    [0, online],
    [0, waiting],
    ...every(waiting, FIVE_MINUTES - 1),
    [1, online],
    [0, waiting],
    ...every(waiting, FIVE_MINUTES - 1),
    [1, online],
  ]);
  t.same(events, [{ kind: 'online', relay: RELAY }]);
  t.end();
});

test('offline for five minutes: told once, and once more when it is back, with all of the time, asleep or not', (t) => {
  const events = see([
    [0, online],
    [0, waiting],
    ...every(waiting, FIVE_MINUTES - 1),
    [TIMING.beat, waiting],
    ...every(waiting, TIMING.offlineEvent / TIMING.beat),
    [3_600_000, online],
    ...every(online, 3),
  ]);
  t.same(events.slice(1), [
    { kind: 'offline', time: '5 min 00 s', relay: RELAY, reason: 'no route to the relay' },
    { kind: 'online-again', relay: RELAY, time: '1 h 10 min' },
  ]);
  t.end();
});

test('never online since the start: the start counts, and the last known state is why', (t) => {
  const events = see([[0, beatOf('connecting')], ...every(beatOf('connecting'), FIVE_MINUTES)]);
  t.match(events, [{ kind: 'offline', reason: 'connecting' }]);
  t.end();
});

test('a machine that sleeps is not offline, and its first seconds awake do not count as hours', (t) => {
  const night = [28_800_000, waiting] as const;
  t.same(see([[0, waiting], ...every(waiting, FIVE_MINUTES - 3), night]), []);
  t.match(see([[0, waiting], ...every(waiting, FIVE_MINUTES - 3), night, ...every(waiting, 1)]), [
    { kind: 'offline' },
  ]);
  t.end();
});

test('a refused credential and a refused enrolment are two things, and each refusal is one', (t) => {
  const why = 'the relay refused the credential with status 401';
  const no = 'the relay refused the enrolment with status 403';
  const events = see([
    [0, beatOf('connecting')],
    [10, beatOf('waiting', { authFailures: 1 }, why)],
    ...every(beatOf('waiting', { authFailures: 1 }, why), 3),
    [10, beatOf('enrolling', { authFailures: 1 }, why)],
    [10, beatOf('waiting', { authFailures: 2 }, no)],
  ]);
  t.same(events, [
    { kind: 'credential-rejected', relay: RELAY, reason: why },
    { kind: 'enrolment-rejected', relay: RELAY, reason: no },
  ]);
  t.end();
});

test('a worker that counts nothing is heard all the same', (t) => {
  const { counters: _none, ...bare } = online;
  t.match(see([[0, bare]]), [{ kind: 'online' }]);
  t.same(
    see([
      [0, beatOf('connecting', { authFailures: 1 })],
      [1, bare],
      [1, beatOf('waiting', { authFailures: 1 })],
    ]).map(({ kind }) => kind),
    ['credential-rejected', 'online'],
  );
  t.end();
});
