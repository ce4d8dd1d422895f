import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { keepBeating } from '@guruconnect/worker/beats';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const FIRST: Beat = { kind: 'beat', link: 'waiting', relay: 'wss://relay.example' };
const ONLINE: Beat = { kind: 'beat', link: 'online', relay: 'wss://relay.example' };

/** The pool does its jobs when the test says so. */
const start = (intervalMs?: number) => {
  const clock = createFakeClock();
  const sent: Beat[] = [];
  const jobs: (() => void)[] = [];
  const beats = keepBeating({
    ...{ send: (beat) => sent.push(beat), first: FIRST, intervalMs, clock },
    probePool: (done) => jobs.push(done),
  });
  const told = (): readonly Beat[] => sent.splice(0);
  const work = (): void => {
    for (const job of jobs.splice(0)) job();
  };
  return { clock, beats, jobs, told, work };
};

test('the last beat is repeated with every interval, and a change is told at once', (t) => {
  const { clock, beats, told, work } = start(100);
  work();
  clock.advance(99);
  t.same(told(), []);
  clock.advance(1);
  t.same(told(), [FIRST], 'before there is anything to tell the event loop is proved all the same');
  work();
  beats.beat(ONLINE);
  t.same(told(), [ONLINE]);
  clock.advance(100);
  t.same(told(), [ONLINE]);
  t.end();
});

test('a figure that has changed is told with the next beat, but for the first round trip', (t) => {
  const { clock, beats, told, work } = start(100);
  work();
  beats.beat(ONLINE);
  beats.beat({ ...ONLINE, roundTripMs: 5 });
  t.equal(told().length, 2, 'a person waits for it');
  beats.beat({ ...ONLINE, roundTripMs: 6 });
  t.same(told(), []);
  clock.advance(100);
  t.match(told(), [{ roundTripMs: 6 }]);
  beats.beat({ ...ONLINE, link: 'waiting', trouble: 'a' });
  beats.beat({ ...ONLINE, link: 'waiting', trouble: 'b' });
  t.equal(told().length, 2);
  t.end();
});

test('where nobody has named an interval it is the usual one', (t) => {
  const { clock } = start();
  t.same(clock.pending(), [TIMING.beat]);
  t.end();
});

test('a pool that does not answer is told of with every beat, until it does', (t) => {
  const { clock, beats, jobs, told, work } = start(100);
  clock.advance(300);
  t.same(
    told().map(({ poolMisses }) => poolMisses),
    [1, 2, 3],
  );
  beats.beat(ONLINE);
  t.same(told(), [{ ...ONLINE, poolMisses: 3 }], 'in between as well');
  t.equal(jobs.length, 1, 'it has one job only, however long it takes');
  work();
  clock.advance(100);
  t.same(told(), [ONLINE]);
  t.equal(jobs.length, 1, 'and gets the next one then');
  t.end();
});

test('a job that is done late, but before its beat, is no miss', (t) => {
  const { clock, told, work } = start(100);
  for (let beats = 0; beats < 5; beats += 1) {
    clock.advance(99);
    work();
    clock.advance(1);
  }
  t.same(told(), Array<Beat>(5).fill(FIRST));
  t.end();
});

test('once stopped it says nothing', (t) => {
  const { clock, beats, told } = start(100);
  beats.stop();
  clock.advance(1000);
  t.same(told(), []);
  t.same(clock.pending(), []);
  t.end();
});

test("the pool's own job is done by a pool that is free", async (t) => {
  const sent: Beat[] = [];
  await new Promise<void>((resolve) => {
    const beats = keepBeating({
      send: (beat) => {
        sent.push(beat);
        if (sent.length < 3) return;
        beats.stop();
        resolve();
      },
      first: FIRST,
      intervalMs: 50,
    });
  });
  t.same(sent.at(-1), FIRST);
});
