import type { Beat } from '@guruconnect/shared/pipe-protocol';
import type { Episode } from '@guruconnect/shared/relay-protocol';
import { remember } from '@guruconnect/supervisor/history';
import type { Notice } from '@guruconnect/supervisor/host';
import { test } from 'tap';

const AT = '2026-01-02T03:04:05.678Z';
const beat = (fields: Partial<Beat>): Notice => ({
  kind: 'beat',
  beat: { kind: 'beat', link: 'online', relay: 'wss://relay.example', ...fields },
});
const STARTS: Notice = { kind: 'transition', from: 'starting', event: 'start', to: 'starting' };
const RUNS: Notice = { kind: 'transition', from: 'starting', event: 'worker-ready', to: 'running' };
const STOPS: Notice = {
  kind: 'transition',
  from: 'running',
  event: 'control',
  to: 'stopping',
  control: 'stop',
};

const after = (...notices: Notice[]): readonly string[] =>
  notices
    .reduce<readonly Episode[]>((history, one) => remember(history, one, AT), [])
    .map(({ what }) => what);

test('the states of the service, of the worker and of its link, in order and in words', (t) => {
  t.same(
    after(
      STARTS,
      { kind: 'spawned', pid: 7 },
      RUNS,
      beat({ link: 'connecting' }),
      beat({}),
      beat({ link: 'waiting', trouble: 'ECONNREFUSED' }),
      { kind: 'fault', fault: { code: 'no-credential', message: 'none' } },
      { kind: 'killed', after: 'exit' },
      { kind: 'killed', after: 'hung', hang: 'busy' },
      STOPS,
    ),
    [
      'service starting (start)',
      'worker started, pid 7',
      'service running (worker-ready)',
      'link connecting',
      'link online at wss://relay.example',
      'link waiting (ECONNREFUSED)',
      'fault no-credential',
      'killed after exit',
      'killed after hung (busy)',
      'service stopping (stop)',
    ],
  );
  t.end();
});

test('a beat that tells nothing new is no episode, whatever it counts', (t) => {
  const waits = (trouble: string) => beat({ link: 'waiting', trouble });
  t.same(after(beat({}), beat({ roundTripMs: 3 }), RUNS, beat({}), waits('a'), waits('a'), waits('b')), [
    'link online at wss://relay.example',
    'service running (worker-ready)',
    'link waiting (a)',
    'link waiting (b)',
  ]);
  t.end();
});

test('a pool that does not answer is told once, and that it does again', (t) => {
  const online = 'link online at wss://relay.example';
  const silent = [1, 2, 3].map((poolMisses) => beat({ poolMisses }));
  t.same(after(beat({}), ...silent, beat({})), [online, `${online}, no thread of the pool answers`, online]);
  t.end();
});

test('the latest twenty are kept, with their time', (t) => {
  let history: readonly Episode[] = [];
  for (let n = 0; n < 30; n += 1) history = remember(history, beat({ link: 'waiting', trouble: `${n}` }), AT);
  t.equal(history.length, 20);
  t.same(history.at(-1), { at: AT, what: 'link waiting (29)' });
  t.same(history[0]?.what, 'link waiting (10)');
  t.end();
});

test('a worker that could not be started, and what is no episode of it', (t) => {
  const exit = { pid: undefined, code: undefined, signal: undefined, lastWords: [] };
  t.same(after({ kind: 'spawned', pid: undefined }, { kind: 'exited', exit }, { kind: 'failed', error: 1 }), [
    'worker not started',
  ]);
  t.end();
});
