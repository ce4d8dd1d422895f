import { TIMING } from '@guruconnect/shared/timing';
import { type WorkerWords, listenToWords } from '@guruconnect/supervisor/worker-words';
import { test } from 'tap';
import { createFakeClock } from '../helpers/fake-clock.ts';

const { workerWords, workerWordsAgain } = TIMING;

const listen = (secrets: readonly string[] = []) => {
  const clock = createFakeClock();
  const told: WorkerWords[] = [];
  const words = listenToWords(
    clock,
    () => secrets,
    (what) => void told.push(what),
  );
  return { clock, told, write: (text: string) => words.push(Buffer.from(text)), stop: words.stop };
};

test('what a worker writes and lives on is told after a moment, all of it together', (t) => {
  const { clock, told, write } = listen();
  write('(node:1) Warning: one\n');
  clock.advance(workerWords - 1);
  write('two\n');
  t.same(told, []);
  clock.advance(1);
  t.same(told, [{ lines: ['(node:1) Warning: one', 'two'], bytes: 26 }]);
  t.same(clock.pending(), [], 'and nothing more is waited for');
  t.end();
});

test('what comes right before its end is not: it is its last words', (t) => {
  const { clock, told, write, stop } = listen();
  write('FATAL ERROR\n');
  stop();
  clock.advance(workerWordsAgain * 2);
  t.same(told, []);
  t.end();
});

test('it is told once a minute at the most, and what a minute has brought is counted', (t) => {
  const { clock, told, write } = listen();
  for (let second = 0; second < 180; second += 1) {
    write(`${'x'.repeat(99)}\n`);
    clock.advance(1000);
  }
  t.ok(told.length <= 4, `${told.length} times`);
  t.equal(told[1]?.bytes, workerWordsAgain / 10);
  t.equal(told[1]?.lines.length, 10);
  t.end();
});

test('after a silence it is told as the first time', (t) => {
  const { clock, told, write } = listen();
  write('one\n');
  clock.advance(workerWordsAgain + workerWords);
  write('two\n');
  clock.advance(workerWords);
  t.match(told, [{ lines: ['one'] }, { lines: ['two'] }]);
  t.end();
});

test('secrets are not told', (t) => {
  const { clock, told, write } = listen(['hunter2']);
  write('hunter2 and cak_abc\n');
  clock.advance(workerWords);
  t.same(told[0]?.lines, ['… and cak_…']);
  t.end();
});

test('a line is told when it is whole: half a secret would not be found', (t) => {
  const { clock, told, write } = listen(['hunter2']);
  write('a hunt');
  clock.advance(workerWords);
  t.same(told, []);
  write('er2!\nand m');
  clock.advance(workerWords);
  t.same(told, [{ lines: ['a …!'], bytes: 16 }]);
  t.end();
});
