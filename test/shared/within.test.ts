import { settleable } from '@guruconnect/shared/settleable';
import { within } from '@guruconnect/shared/within';
import { test } from 'tap';

/** Longer than any test may take: a wait for it to be over would be the timeout of the suite. */
const NEVER_MS = 3_600_000;

/** Timers that keep the process from ending. */
const timers = (): number => process.getActiveResourcesInfo().filter((kind) => kind === 'Timeout').length;

const bump = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('work that is done in time gives its value', async (t) => {
  t.equal(await within(Promise.resolve('done'), NEVER_MS), 'done');
  const work = settleable<number>();
  const bounded = within(work.promise, NEVER_MS);
  work.resolve(7);
  t.equal(await bounded, 7);
});

test('work that has failed in time rejects with its own error', async (t) => {
  const work = settleable<number>();
  const bounded = within(work.promise, NEVER_MS);
  const error = new Error('broken');
  work.reject(error);
  t.equal(await bounded.catch((cause: unknown) => cause), error);
});

test('work that is not done in time gives undefined, and not before its time', async (t) => {
  const startedAt = performance.now();
  t.equal(await within(settleable<number>().promise, 50), undefined);
  t.ok(performance.now() - startedAt >= 49, `after ${performance.now() - startedAt} ms`);
});

test('a bound of nothing still lets work be done that is done already', async (t) => {
  t.equal(await within(Promise.resolve('done'), 0), 'done');
});

test('a timer is set while the wait lasts, and none is left once the work is done', async (t) => {
  const before = timers();
  const work = settleable<string>();
  const bounded = within(work.promise, NEVER_MS);
  t.equal(timers(), before + 1);
  work.resolve('done');
  await bounded;
  t.equal(timers(), before);
});

test('no timer is left once the work has failed', async (t) => {
  const before = timers();
  const work = settleable<string>();
  const bounded = within(work.promise, NEVER_MS);
  t.equal(timers(), before + 1);
  work.reject(new Error('broken'));
  await t.rejects(bounded, { message: 'broken' });
  t.equal(timers(), before);
});

test('work that fails after its time is over disturbs nobody', async (t) => {
  const unhandled: unknown[] = [];
  const onUnhandled = (cause: unknown): void => {
    unhandled.push(cause);
  };
  process.on('unhandledRejection', onUnhandled);
  t.teardown(() => process.off('unhandledRejection', onUnhandled));
  const work = settleable<string>();
  t.equal(await within(work.promise, 1), undefined);
  work.reject(new Error('late'));
  await bump();
  t.same(unhandled, []);
});
