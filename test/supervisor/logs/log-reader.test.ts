/** Lines, merged and filtered, from either end: whatever is asked, both say the same. */
import { closeSync, openSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bytesOf, endOfLines, linesBackward, linesForward } from '@guruconnect/supervisor/logs/file-lines';
import { type LogFilter, readEntry } from '@guruconnect/supervisor/logs/log-entry';
import { closeFile, logPlaces } from '@guruconnect/supervisor/logs/log-files';
import { readLatest, readOnward } from '@guruconnect/supervisor/logs/log-reader';
import { openLogs } from '@guruconnect/supervisor/logs/logs-show';
import { merge } from '@guruconnect/supervisor/logs/merge';
import fc from 'fast-check';
import { type Test, test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';
import { type DataFolder, NOON, dataFolder, line } from './files.ts';

const ALL: LogFilter = { since: undefined, level: undefined };
const EVERYTHING = 1_000_000;

const opened = (t: Test, { data }: DataFolder) => {
  const { logs } = openLogs(logPlaces(data, undefined));
  const files = logs.map(({ rotated, current }) => [...rotated, ...(current === undefined ? [] : [current])]);
  t.teardown(() => {
    files.flat().forEach(closeFile);
  });
  return files;
};
const numbersOf = (entries: Iterable<{ readonly text: string }>): readonly unknown[] =>
  [...entries].map(({ text }) =>
    /"n":(\d+)/.exec(text)?.[1] === undefined ? text : Number(/"n":(\d+)/.exec(text)?.[1]),
  );

/** What both readers say, which must be the same. */
const read = (t: Test, folder: DataFolder, filter: LogFilter = ALL): readonly unknown[] => {
  const files = opened(t, folder);
  const onward = numbersOf(readOnward(files, filter));
  t.same(numbersOf(readLatest(files, filter, EVERYTHING)), onward, 'the same from the end');
  t.same(numbersOf(readLatest(files, filter, 2)), onward.slice(-2), 'and the last of them');
  return onward;
};

test('supervisor and worker are one log, in the order of time', (t) => {
  const folder = dataFolder(t);
  folder.write('supervisor.log', [line(0, { n: 0 }), line(3, { n: 3 }), line(6, { n: 6 })]);
  folder.write('worker.log', [line(1, { n: 1 }), line(5, { n: 5 })]);
  folder.write('worker/worker.log', [line(2, { n: 2 }), line(4, { n: 4 })]);
  t.same(read(t, folder), [0, 1, 2, 3, 4, 5, 6]);
  t.end();
});

test('what was rotated comes first, in the order of its age and not of its names', (t) => {
  const folder = dataFolder(t);
  for (const [name, second] of [
    ['worker.3.log', 0],
    ['worker.1.log', 2],
    ['worker.2.log', 4],
    ['worker.log', 6],
  ] as const) {
    folder.write(name, [line(second, { n: second }), line(second + 1, { n: second + 1 })]);
    utimesSync(folder.path(name), new Date(NOON), new Date(NOON + second * 1000));
  }
  folder.write('worker.4.log', []);
  t.same(read(t, folder), [0, 1, 2, 3, 4, 5, 6, 7]);
  t.end();
});

test('of one moment the supervisor’s line comes first, and no log’s order is changed, also where a clock was set back', (t) => {
  const folder = dataFolder(t);
  folder.write('supervisor.log', [line(1, { n: 0 }), line(1, { n: 1 })]);
  folder.write('worker.log', [line(1, { n: 2 }), line(9, { n: 3 }), line(2, { n: 4 })]);
  t.same(read(t, folder), [0, 1, 2, 3, 4]);
  t.end();
});

test('from a level on, and from a moment on', (t) => {
  const folder = dataFolder(t);
  folder.write('worker.log', [
    line(0, { n: 0, level: 60 }),
    line(1, { n: 1, level: 20 }),
    line(2, { n: 2, level: 50 }),
    line(3, { n: 3, level: 40 }),
  ]);
  t.same(read(t, folder, { ...ALL, level: 'warn' }), [0, 2, 3]);
  t.same(read(t, folder, { ...ALL, level: 'debug' }), [0, 1, 2, 3]);
  t.same(read(t, folder, { since: NOON + 1000, level: 'error' }), [2]);
  t.end();
});

test('a damaged line is shown where it stands, whatever is asked for', (t) => {
  const folder = dataFolder(t);
  folder.write('supervisor.log', [line(2, { n: 2 })]);
  folder.write('worker.log', [
    line(1, { n: 1 }),
    'damaged',
    '',
    '{"level":30,"time":"never"}',
    line(3, { n: 3 }),
  ]);
  const files = opened(t, folder);
  t.same(numbersOf(readOnward(files, { ...ALL, level: 'error' })), [
    'damaged',
    '{"level":30,"time":"never"}',
  ]);
  t.same(new Set(numbersOf(readLatest(files, ALL, 9))), new Set(numbersOf(readOnward(files, ALL))));
  t.end();
});

test('the end of a file without a newline is a line', (t) => {
  const folder = dataFolder(t);
  folder.write('worker.log', [line(1, { n: 1 })]);
  writeFileSync(folder.path('worker.log'), `${line(1, { n: 1 })}\n{"level":30,"ti`);
  t.same(read(t, folder), [1, '{"level":30,"ti']);
  t.end();
});

test('a line’s time and level are its own, or those of its neighbour', (t) => {
  t.match(readEntry(line(1, { level: 40 }), 7), { time: NOON + 1000, level: 40 });
  t.match(readEntry('{"msg":"x"}', 7), { time: 7 });
  t.equal(readEntry('{"msg":"x"}', 7).level, undefined);
  t.end();
});

test('however a file is made, its lines are the same from both ends', (t) => {
  const path = join(tempDir(t), 'x.log');
  const piece = fc.oneof(
    fc.constant('\n'),
    fc.constant('é🔑'),
    fc.string({ maxLength: 20 }),
    fc.integer({ min: 1, max: 70_000 }).map((length) => 'x'.repeat(length)),
  );
  fc.assert(
    fc.property(fc.array(piece, { maxLength: 30 }), (pieces) => {
      const text = pieces.join('').replaceAll('\r', '');
      writeFileSync(path, text);
      const size = Buffer.byteLength(text);
      const fd = openSync(path, 'r');
      try {
        const whole = text.split('\n');
        const forward = [...linesForward(bytesOf(fd), 0, size)];
        const backward = [...linesBackward(fd, size)].reverse();
        const wanted = whole.filter((each) => each !== '');
        if (whole.every(({ length }) => length < 60_000)) {
          t.same(backward, wanted);
          t.same(
            forward,
            whole.slice(0, -1).filter((each) => each !== ''),
          );
        }
        t.equal(backward.join(''), wanted.join(''));
        const rest = whole.at(-1) ?? '';
        t.equal(endOfLines(fd, size), size - Buffer.byteLength(rest));
      } finally {
        closeSync(fd);
      }
    }),
    { numRuns: 60 },
  );
  t.end();
});

test('a merge holds one item of each source at a time', (t) => {
  const asked = [0, 0];
  function* source(at: 0 | 1) {
    for (let value = at; ; value += 2) {
      asked[at] = (asked[at] ?? 0) + 1;
      yield value;
    }
  }
  const merged = merge([source(0), source(1)], (a, b) => a < b);
  const first = Array.from({ length: 10 }, () => merged.next().value);
  t.same(first, [0, 1, 2, 3, 4, 5, 6, 7, 8, 9]);
  t.ok(Math.max(...asked) <= 6);
  t.same([...merge<number>([], () => true)], []);
  t.end();
});

test('the file that is being written is read, whatever the disk says of its last change', (t) => {
  const folder = dataFolder(t);
  folder.write('worker.1.log', [line(1, { n: 1 })]);
  folder.write('worker.log', [line(0, { n: 0 }), line(2, { n: 2 })]);
  for (const name of ['worker.1.log', 'worker.log'])
    utimesSync(folder.path(name), new Date(NOON - 1000), new Date(NOON - 1000));
  t.same(read(t, folder, { since: NOON + 1000, level: undefined }), [2], 'a rotated one is believed');
  t.end();
});
