/** The events of whole lives of a service, among fakes. */
import { TIMING } from '@guruconnect/shared/timing';
import { type EventSink, createEventLog } from '@guruconnect/supervisor/event-log/event-log';
import type { EventRecord } from '@guruconnect/supervisor/event-log/event-record';
import { EVENT_LIMIT } from '@guruconnect/supervisor/event-log/rate-limit';
import { startWords } from '@guruconnect/supervisor/event-log/start-words';
import { NOTHING_SEEN, lastWordsOf, see } from '@guruconnect/supervisor/witness';
import type { Notice } from '@guruconnect/supervisor/host';
import { test } from 'tap';
import { type FakeClock, createFakeClock } from '../../helpers/fake-clock.ts';
import { running, setStage } from '../stage.ts';
import { beatOf } from './beats.ts';

/** Id and strings of what was written; the last string of each says what was left out. */
const listen = (clock: FakeClock = createFakeClock(), before: () => void = () => undefined) => {
  const records: EventRecord[] = [];
  const sink: EventSink = {
    write: (record) => {
      before();
      records.push(record);
    },
    close: () => Promise.resolve(0),
  };
  const events = createEventLog(sink, clock);
  let sight = NOTHING_SEEN;
  /** As the service does it: what the witness knows of an exit goes with it. */
  const notice = (given: Notice): void => {
    const now = { at: new Date(0), ms: clock.now() };
    sight = see(sight, given, now);
    events.notice(given, given.kind === 'exited' ? lastWordsOf(sight, given.exit, now) : undefined);
  };
  const written = () => records.map(({ id, strings }) => [id % 2 ** 16, ...strings.slice(0, -1)]);
  return { events, notice, written, records };
};

test('a stop and a shutdown: one event, with who asked', (t) => {
  for (const [control, words] of [
    ['stop', 'it was told to stop'],
    ['shutdown', 'Windows is shutting down'],
  ] as const) {
    const stage = running();
    stage.worker.on.beat(beatOf('online'));
    stage.host.control(control);
    stage.worker.on.beat(beatOf('closing'));
    stage.worker.on.pipeLost();
    stage.worker.exit(0);
    const { notice, written } = listen();
    stage.notices.forEach(notice);
    t.same(written(), [
      [1004, 'wss://relay.example'],
      [1001, words],
    ]);
  }
  t.end();
});

test('a worker that had to be ended when a stop was asked for: a warning, and no death', (t) => {
  const stage = running();
  stage.host.control('stop');
  stage.clock.advance(TIMING.stopGrace);
  stage.worker.exit();
  const { notice, written } = listen();
  stage.notices.forEach(notice);
  t.same(written(), [[2004, 'it was told to stop']]);
  t.end();
});

test('a worker that hangs, and one that dies: an error with the named reason, and no stop', (t) => {
  const hung = running();
  hung.worker.on.hung('busy');
  hung.worker.exit();
  const died = running();
  died.worker.on.fault({ code: 'credential-damaged', message: 'C:\\secret\\place' });
  died.worker.exit(78);
  for (const [stage, strings] of [
    [hung, ['hung-busy', 'signal SIGKILL', '0 s']],
    [died, ['credential-damaged', 'exit code 78', '0 s']],
  ] as const) {
    const { notice, written } = listen();
    stage.notices.forEach(notice);
    t.same(written(), [[3000, ...strings]]);
  }
  t.end();
});

test('a worker’s last lines stay in the agent’s own log: everybody may read this one', (t) => {
  const stage = running();
  const exit = { pid: 1, code: 1, signal: undefined, lastWords: ['Error: C:\\private is not readable'] };
  stage.worker.on.exited(exit);
  const { notice, records } = listen();
  stage.notices.forEach(notice);
  t.notMatch(JSON.stringify(records), /private/);
  t.equal(records.length, 1);
  t.end();
});

test('one that never came to be: the death of no process, without a life', (t) => {
  const stage = setStage();
  const [worker] = stage.spawned;
  worker?.on.exited({ pid: undefined, code: undefined, signal: undefined, lastWords: [] });
  const { notice, written } = listen();
  stage.notices.forEach(notice);
  t.same(written(), [[3000, 'not-started', 'no exit code', 'no time']]);
  t.end();
});

test('an error of the supervisor’s own is one, with its first line', (t) => {
  const stage = running();
  stage.supervision.fail(new Error('first\nsecond'));
  const { notice, written } = listen();
  stage.notices.forEach(notice);
  t.same(written(), [[3001, 'first']]);
  t.end();
});

test('recovery that has drifted, and what could not be set; what is no recovery is passed over', (t) => {
  const { events, written } = listen();
  events.recovery([
    { kind: 'so', setting: 'recovery actions', changed: true },
    { kind: 'so', setting: 'failure-actions flag', changed: false },
    { kind: 'unknown', setting: 'failure-actions flag' },
    { kind: 'failed', setting: 'failure-actions flag', why: 'access is denied' },
    { kind: 'failed', setting: 'description', why: 'access is denied' },
    { kind: 'so', setting: 'description', changed: true },
  ]);
  t.same(written(), [
    [3002, 'failure-actions flag', 'access is denied'],
    [2003, 'recovery actions'],
  ]);
  t.end();
});

test('strangers without an end: six in an hour, and then how many there were', (t) => {
  const clock = createFakeClock();
  const { notice, records } = listen(clock);
  for (let i = 0; i < 100; i += 1) notice({ kind: 'stranger' });
  t.equal(records.length, EVENT_LIMIT);
  clock.advance(TIMING.eventWindow);
  notice({ kind: 'stranger' });
  t.match(records.at(-1)?.strings, [/^\(94 more/]);
  t.end();
});

test('a sink that throws, and one that cannot be closed, keep nobody from anything', async (t) => {
  const { events } = listen(createFakeClock(), () => {
    throw new Error('sink');
  });
  t.doesNotThrow(() => {
    events.write({ kind: 'stranger' });
  });
  const close = () => Promise.reject(new Error('sink'));
  const broken = createEventLog({ write: () => undefined, close }, createFakeClock());
  t.equal(await broken.close(), 0);
});

test('why Windows has started it, in words', (t) => {
  t.same([0, 1, 2, 4, 8, 16, 2 | 16].map(startWords), [
    'Windows does not say by whom',
    'by hand or by a program',
    'with the machine',
    'by a trigger',
    'by recovery, after a failure',
    'with the machine',
    'with the machine',
  ]);
  t.end();
});
