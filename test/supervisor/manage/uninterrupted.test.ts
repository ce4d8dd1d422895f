import { uninterrupted } from '@guruconnect/supervisor/manage/uninterrupted';
import { test } from 'tap';

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP', 'SIGBREAK'] as const;
const listeners = (): readonly number[] => SIGNALS.map((signal) => process.listenerCount(signal));

test('a signal in the middle of it is answered with a line, and the work goes on', async (t) => {
  const before = listeners();
  const said: string[] = [];
  let dismissed = 0;
  const guard = { dismiss: () => void (dismissed += 1) };
  const result = await uninterrupted(
    guard,
    (line) => said.push(line),
    async () => {
      for (const signal of SIGNALS) process.emit(signal);
      await Promise.resolve();
      process.emit('SIGINT');
      t.equal(dismissed, 0, 'the guard is there until the end');
      return 'done';
    },
  );
  t.equal(result, 'done');
  t.equal(dismissed, 1);
  t.equal(said.length, SIGNALS.length + 1);
  t.match(said[0], /not left half done/);
  t.same(listeners(), before, 'and afterwards a signal is what it was');
});

test('work that fails fails, and signals are what they were', async (t) => {
  const before = listeners();
  let dismissed = 0;
  const guard = { dismiss: () => void (dismissed += 1) };
  await t.rejects(
    uninterrupted(
      guard,
      () => undefined,
      () => Promise.reject(new Error('no')),
    ),
    { message: 'no' },
  );
  t.equal(dismissed, 1, 'it was told: nobody has to make up for it');
  t.same(listeners(), before);
});

test('that nobody reads any more what is written ends nothing', async (t) => {
  const work = () => {
    for (const stream of [process.stdout, process.stderr]) stream.emit('error', new Error('EPIPE'));
    return Promise.resolve('done');
  };
  t.equal(await uninterrupted(undefined, () => undefined, work), 'done');
});
