import type { Beat } from '@guruconnect/shared/pipe-protocol';
import {
  type ConsoleStatus,
  INITIAL_STATUS,
  describeLink,
  statusLines,
  updateStatus,
} from '@guruconnect/supervisor/console-status';
import { formatDuration } from '@guruconnect/supervisor/duration';
import type { WorkerExit } from '@guruconnect/supervisor/host';
import type { Hang } from '@guruconnect/supervisor/hang';
import type { Notice } from '@guruconnect/supervisor/host';
import fc from 'fast-check';
import { test } from 'tap';

const RELAY = 'wss://relay.example';
const ONLINE: Beat = { kind: 'beat', link: 'online', relay: RELAY, roundTripMs: 12.4 };
const SPAWNED: Notice = { kind: 'spawned', pid: 4001 };
const KILLED: Notice = { kind: 'killed', after: 'stop' };
const FAULT: Notice = {
  kind: 'fault',
  fault: { code: 'no-credential', message: 'no credential and no token' },
};

const exited = (exit: Partial<WorkerExit>): Notice => ({
  kind: 'exited',
  exit: { pid: 4001, code: undefined, signal: undefined, lastWords: [], ...exit },
});
const after = (...notices: readonly Notice[]): ConsoleStatus => notices.reduce(updateStatus, INITIAL_STATUS);

test('it starts as starting, and a transition is the service’s new state', (t) => {
  t.same(INITIAL_STATUS, { service: 'starting' });
  t.same(after({ kind: 'transition', from: 'starting', event: 'worker-ready', to: 'running' }), {
    service: 'running',
  });
  t.end();
});

test('a spawned worker is shown by its pid until it has ended', (t) => {
  t.equal(after(SPAWNED).workerPid, 4001);
  t.equal(after(SPAWNED, exited({ code: 0 })).workerPid, undefined);
  t.end();
});

test('of the beats the last one counts', (t) => {
  const waiting: Beat = { kind: 'beat', link: 'waiting', relay: RELAY, trouble: 'connection refused' };
  t.same(after({ kind: 'beat', beat: waiting }, { kind: 'beat', beat: ONLINE }).beat, ONLINE);
  t.end();
});

test('a fault is noted in the worker’s words, and its exit code does not hide it', (t) => {
  t.equal(after(FAULT).note, 'no credential and no token');
  t.equal(after(FAULT, exited({ code: 78, lastWords: ['bye'] })).note, 'no credential and no token');
  t.end();
});

test('a kill is noted, and the signal it ends with does not hide it', (t) => {
  t.match(after(KILLED).note, /did not stop in time and was killed/);
  t.equal(after(KILLED, exited({ signal: 'SIGKILL' })).note, after(KILLED).note);
  t.end();
});

test('a kill says which bound had passed, and the next one adds nothing', (t) => {
  const note = (bound: (Notice & { kind: 'killed' })['after']) =>
    after({ kind: 'killed', after: bound }).note;
  t.match(note('hello'), /did not say hello in time/);
  t.match(note('hung'), /not heard of any more/);
  t.match(note('exit'), /closed its pipe/);
  t.equal(after(KILLED, { kind: 'killed', after: 'kill' }).note, after(KILLED).note);
  t.end();
});

test('a kill says how the worker hung', (t) => {
  const words = { busy: /was busy/, blocked: /was blocked/, stopped: /was stopped/, pool: /libuv's threads/ };
  for (const [hang, said] of Object.entries({ ...words, unseen: /^the worker was not heard of any more/ })) {
    const { note } = after({ kind: 'killed', after: 'hung', hang: hang as Hang });
    t.match(note, said);
    t.match(note, / and was killed$/);
  }
  t.end();
});

test('a clean end is no news', (t) => {
  const status = after(SPAWNED, exited({ code: 0, lastWords: ['goodbye'] }));
  t.equal(status.clean, true);
  t.equal(status.note, undefined);
  t.end();
});

const DEATHS: readonly (readonly [Partial<WorkerExit>, string])[] = [
  [{ code: 1 }, 'the worker ended with exit code 1'],
  [{ code: 3221225477 }, 'the worker ended with exit code 3221225477'],
  [{ signal: 'SIGSEGV' }, 'the worker ended with signal SIGSEGV'],
  [{ pid: undefined, lastWords: ['spawn ENOENT'] }, 'the worker ended with exit code unknown: spawn ENOENT'],
  [{ code: 1, lastWords: ['first', 'last'] }, 'the worker ended with exit code 1: last'],
  [
    {
      code: 1,
      lastWords: ['file.js:1', 'TypeError: x is not a function', '    at file.js:1:1', 'Node.js v22.0.0'],
    },
    'the worker ended with exit code 1: TypeError: x is not a function',
  ],
];
for (const [exit, note] of DEATHS) {
  test(`a death is noted: ${note}`, (t) => {
    t.match(after(SPAWNED, exited(exit)), { note, clean: false });
    t.end();
  });
}

test('durations are short and say what matters', (t) => {
  const examples: readonly (readonly [number, string])[] = [
    [0, '0 s'],
    [999, '0 s'],
    [7_000, '7 s'],
    [59_999, '59 s'],
    [60_000, '1 min 00 s'],
    [125_000, '2 min 05 s'],
    [3_599_999, '59 min 59 s'],
    [3_600_000, '1 h 00 min'],
    [11_040_000, '3 h 04 min'],
    [360_000_000, '100 h 00 min'],
  ];
  for (const [ms, text] of examples) t.equal(formatDuration(ms), text);
  t.end();
});

test('a duration is its time, rounded down to the smaller unit shown', (t) => {
  const units: Readonly<Record<string, number>> = { h: 3_600_000, min: 60_000, s: 1_000 };
  fc.assert(
    fc.property(fc.nat({ max: 10 * 24 * 3_600_000 }), (ms) => {
      const parts = [...formatDuration(ms).matchAll(/(\d+) (h|min|s)/g)];
      const shown = parts.reduce((sum, [, n = '', unit = '']) => sum + Number(n) * (units[unit] ?? 0), 0);
      const smallest = units[parts.at(-1)?.[2] ?? ''] ?? 0;
      t.ok(shown <= ms && ms < shown + smallest, `${ms} ms`);
    }),
  );
  t.end();
});

test('the link is its state, and where or why', (t) => {
  const trouble = 'connection refused';
  t.equal(describeLink(undefined), '-');
  t.equal(describeLink(ONLINE), `online at ${RELAY}`);
  for (const link of ['waiting', 'connecting', 'enrolling'] as const) {
    t.equal(describeLink({ kind: 'beat', link, relay: RELAY, trouble }), `${link} (${trouble})`);
    t.equal(describeLink({ kind: 'beat', link, relay: RELAY }), link);
  }
  for (const link of ['closing', 'done'] as const) {
    t.equal(describeLink({ kind: 'beat', link, relay: RELAY, trouble }), link);
  }
  t.end();
});

test('before anything is known there are dashes', (t) => {
  t.same(statusLines(INITIAL_STATUS, 0, '/logs'), [
    ['service', 'starting'],
    ['worker', '-'],
    ['link', '-'],
    ['round trip', '-'],
    ['uptime', '0 s'],
    ['logs', '/logs'],
  ]);
  t.end();
});

test('online there is a value in every line, and a note comes last', (t) => {
  t.same(statusLines(after(SPAWNED, { kind: 'beat', beat: ONLINE }, FAULT), 65_000, '/logs'), [
    ['service', 'starting'],
    ['worker', 'pid 4001'],
    ['link', `online at ${RELAY}`],
    ['round trip', '12 ms'],
    ['uptime', '1 min 05 s'],
    ['logs', '/logs'],
    ['note', 'no credential and no token'],
  ]);
  t.end();
});

test('a short round trip has a decimal, and one that is not online is none', (t) => {
  const roundTrip = (beat: Partial<Beat>) =>
    statusLines({ service: 'running', beat: { ...ONLINE, ...beat } }, 0, '')[3]?.[1];
  t.equal(roundTrip({ roundTripMs: 0.25 }), '0.3 ms');
  t.equal(roundTrip({ roundTripMs: 1234.5 }), '1235 ms');
  t.equal(roundTrip({ link: 'waiting' }), '-');
  t.end();
});
