/** Every call of every port fails once, or from then on: the service ends, once, as failed. */
import { setImmediate as turn } from 'node:timers/promises';
import { TIMING } from '@guruconnect/shared/timing';
import { OK } from '@guruconnect/supervisor/machine';
import { test } from 'tap';
import { type Stage, running, setStage } from './stage.ts';

/** Between them they call every port in every way. */
const STORIES: Readonly<Record<string, (stage: Stage) => readonly (() => void)[]>> = {
  'a stop that has to be enforced': ({ host, clock, spawned: [worker] }) => [
    () => worker?.on.ready(),
    () => worker?.on.beat({ kind: 'beat', link: 'online', relay: 'wss://relay.example' }),
    () => worker?.on.fault({ code: 'broken', message: 'broken' }),
    () => {
      host.control('stop');
    },
    () => worker?.on.pipeLost(),
    () => {
      clock.advance(TIMING.stopGrace);
    },
    () => {
      clock.advance(TIMING.killRetry);
    },
    () => worker?.exit(),
  ],
  'a worker that never says hello': ({ clock, spawned: [worker] }) => [
    () => {
      clock.advance(TIMING.workerHello);
    },
    () => worker?.exit(),
  ],
  'a crash': ({ spawned: [worker] }) => [() => worker?.on.ready(), () => worker?.exit(1)],
};

/** A port that fails at the n-th call of all (from 0), only then or from then on. */
interface Failure {
  readonly at: number;
  readonly forGood: boolean;
}

interface Told extends Stage {
  readonly calls: readonly string[];
  /** What came out of a callback: into the SCM's queue, a socket's handler or a timer, in real life. */
  readonly escaped: readonly string[];
  /** What the host has heard by the end of the act in which the failure came. */
  readonly heardThen: readonly string[];
}

const tell = (story: (stage: Stage) => readonly (() => void)[], failure?: Failure): Told => {
  const calls: string[] = [];
  const escaped: string[] = [];
  const before = (call: string): void => {
    calls.push(call);
    if (failure === undefined || calls.length <= failure.at) return;
    if (calls.length === failure.at + 1 || (failure.forGood && call === calls[failure.at]))
      throw new Error(`${call} failed`);
  };
  const stage = setStage({ before });
  const hasFailed = (): boolean => failure !== undefined && calls.length > failure.at;
  let heardThen = hasFailed() ? [...stage.host.heard] : undefined;
  for (const act of story(stage)) {
    try {
      act();
    } catch (error) {
      escaped.push(String(error));
    }
    if (hasFailed()) heardThen ??= [...stage.host.heard];
  }
  return { ...stage, calls, escaped, heardThen: heardThen ?? [] };
};

/** How `done` has ended by now, in words; everything here happens without waiting. */
const outcome = ({ supervision }: Stage): Promise<string> =>
  Promise.race([
    supervision.done.then(
      () => 'resolved',
      (error: unknown) => String(error),
    ),
    turn('unsettled'),
  ]);

const stops = ({ host }: Stage): readonly string[] => host.heard.filter((word) => word.startsWith('stopped'));

for (const [name, story] of Object.entries(STORIES)) {
  const clean = tell(story);
  const end = clean.calls.lastIndexOf('host.report');
  const exit = clean.calls.indexOf('notice exited');

  test(`${name}: without a failure nothing escapes`, async (t) => {
    t.same(clean.escaped, []);
    t.equal(stops(clean).length, 1);
    t.equal(await outcome(clean), 'resolved');
  });

  for (const [at, call] of clean.calls.entries()) {
    for (const forGood of [false, true]) {
      test(`${name}: ${call} throws at call ${at}${forGood ? ' and from then on' : ''}`, async (t) => {
        const told = tell(story, { at, forGood });
        const [worker, ...others] = told.spawned;
        const deaf = forGood && call === 'host.report';
        t.equal(await outcome(told), `Error: ${call} failed`);
        t.same(
          stops(told),
          deaf ? [] : at > end ? stops(clean) : ['stopped(FAILED)'],
          'Stopped is heard once',
        );
        t.ok(worker === undefined || at >= exit || worker.kills > 0, 'no worker is left behind');
        t.same(others, [], 'and none is spawned again');
        t.same(told.host.heard, told.heardThen, 'and nothing is heard of what comes later');
        t.same(told.escaped, [], 'the caller does not hear of it');
        t.same(told.clock.pending(), [], 'nothing is waited for');
      });
    }
  }
}

test('a failure of the supervisor’s own kills the worker and is Stopped as failed', async (t) => {
  const { host, worker, supervision, clock } = running();
  supervision.fail(new Error('a bug'));
  t.ok(worker.kills > 0);
  t.same(host.heard, ['start-pending', 'running', 'stopped(FAILED)']);
  await t.rejects(supervision.done, { message: 'a bug' });
  worker.on.ready();
  worker.on.pipeLost();
  worker.exit();
  host.control('stop');
  clock.advance(10 * TIMING.workerHello);
  t.equal(host.heard.length, 3, 'and what comes then is not heard');
  t.same(worker.asked, []);
});

test('a failure during an asked stop is a failure', async (t) => {
  const { host, worker, supervision } = running();
  host.control('stop');
  supervision.fail('not even an Error');
  t.ok(worker.kills > 0);
  t.same(host.heard.slice(2), ['stop-pending', 'stopped(FAILED)']);
  await t.rejects(supervision.done, { message: 'not even an Error' });
});

test('a second failure is not reported again', async (t) => {
  const { host, supervision, spawned } = running();
  supervision.fail(new Error('the first'));
  supervision.fail(new Error('the second'));
  t.same(host.heard.slice(2), ['stopped(FAILED)']);
  t.equal(spawned.length, 1);
  await t.rejects(supervision.done, { message: 'the first' });
});

test('a failure after Stopped changes nothing', async (t) => {
  const { host, worker, supervision } = running();
  host.control('stop');
  worker.exit(0);
  supervision.fail(new Error('too late'));
  t.same(host.heard.slice(2), ['stop-pending', 'stopped(OK)']);
  t.equal(await supervision.done, OK);
});
