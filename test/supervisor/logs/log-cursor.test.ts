/** A log that is copied and emptied while somebody is in the middle of reading it: each line once, in order. */
import { readFileSync, renameSync, truncateSync, utimesSync, writeFileSync } from 'node:fs';
import { type Test, test } from 'tap';
import { openCursor } from '@guruconnect/supervisor/logs/log-cursor';
import type { LogEntry } from '@guruconnect/supervisor/logs/log-entry';
import { closeFile, openFile } from '@guruconnect/supervisor/logs/log-files';
import { type DataFolder, dataFolder, line } from './files.ts';

const lines = (from: number, to: number): readonly string[] =>
  Array.from({ length: to - from }, (_none, at) => line(from + at, { line: from + at }));

/** Files of one tick of the clock cannot be told apart by age. @param seconds ago */
const setAge = (path: string, seconds: number): void => {
  const time = new Date(Date.now() - seconds * 1000);
  utimesSync(path, time, time);
};

const lineOf = ({ text }: LogEntry): unknown => (JSON.parse(text) as { readonly line: number }).line;

/** As tools for logs rotate what they cannot rename. */
const copyAndEmpty = ({ path, append }: DataFolder, slot: number, ...after: readonly string[]): void => {
  writeFileSync(path(`worker.${slot}.log`), readFileSync(path('worker.log')));
  truncateSync(path('worker.log'));
  if (after.length > 0) append('worker.log', ...after);
};

const opened = (t: Test, folder: DataFolder, known: readonly string[] = []) => {
  const files = known.map((name) => openFile(folder.path(name))).filter((file) => file !== undefined);
  const place = { part: 'worker' as const, path: folder.path('worker.log') };
  const cursor = openCursor(place, { file: undefined, from: 0, known: files });
  files.forEach(closeFile);
  t.teardown(cursor.close);
  return cursor;
};

/** A cursor that has given line 0 and stands before line 1. */
const standing = (t: Test, folder: DataFolder) => {
  folder.write('worker.log', lines(0, 1));
  const path = folder.path('worker.log');
  const cursor = openCursor({ part: 'worker', path }, { file: openFile(path), from: 0, known: [] });
  t.teardown(cursor.close);
  t.same([...cursor.news()].map(lineOf), [0]);
  return cursor;
};

// Of lines 1 and 2 the reader has this many when the log is emptied; by then as many lines are in it again.
for (const given of [0, 1, 2])
  for (const again of [0, 1, 2, 3, 4])
    test(`emptied when ${given} of two new lines are given, and ${again} written since`, (t) => {
      const folder = dataFolder(t);
      const cursor = standing(t, folder);
      folder.append('worker.log', ...lines(1, 3));
      const seen: unknown[] = [];
      const news = cursor.news();
      for (let n = 0; n < given; n += 1) {
        const next = news.next();
        if (next.done !== true) seen.push(lineOf(next.value));
      }
      copyAndEmpty(folder, 1, ...lines(3, 3 + again));
      seen.push(...[...news].map(lineOf), ...[...cursor.news()].map(lineOf));
      folder.append('worker.log', line(9, { line: 9 }));
      seen.push(...[...cursor.news()].map(lineOf));
      t.same(seen, [1, 2, ...lines(3, 3 + again).map((_line, at) => 3 + at), 9]);
      t.end();
    });

test('emptied in the middle of a line', (t) => {
  const folder = dataFolder(t);
  const cursor = standing(t, folder);
  const { path, append } = folder;
  const half = line(2, { line: 2 });
  writeFileSync(path('worker.log'), `${line(1, { line: 1 })}\n${half.slice(0, 40)}`, { flag: 'a' });
  t.same([...cursor.news()].map(lineOf), [1]);
  writeFileSync(path('worker.log'), `${half.slice(40)}\n`, { flag: 'a' });
  copyAndEmpty(folder, 1);
  append('worker.log', ...lines(3, 5));
  t.same([...cursor.news()].map(lineOf), [2, 3, 4]);
  t.end();
});

test('a log that was not there, and is rotated again and again before the first look', (t) => {
  const folder = dataFolder(t);
  const cursor = opened(t, folder);
  t.same([...cursor.news()], []);
  folder.write('worker.log', lines(0, 2));
  renameSync(folder.path('worker.log'), folder.path('worker.1.log'));
  t.same([...cursor.news()], [], 'between two files it is waited for the next');
  setAge(folder.path('worker.1.log'), 20);
  folder.write('worker.log', lines(2, 4));
  renameSync(folder.path('worker.log'), folder.path('worker.2.log'));
  setAge(folder.path('worker.2.log'), 10);
  folder.write('worker.log', lines(4, 5));
  t.same([...cursor.news()].map(lineOf), [0, 1, 2, 3, 4]);
  folder.append('worker.log', ...lines(5, 6));
  t.same([...cursor.news()].map(lineOf), [5]);
  t.end();
});

test('a log that is between two files at the start: what was shown of it is not shown again', (t) => {
  const folder = dataFolder(t);
  folder.write('worker.1.log', lines(0, 2));
  const cursor = opened(t, folder, ['worker.1.log']);
  folder.write('worker.log', lines(2, 4));
  t.same([...cursor.news()].map(lineOf), [2, 3]);
  t.end();
});

test('looked at while it is between two files', (t) => {
  const folder = dataFolder(t);
  const cursor = standing(t, folder);
  folder.append('worker.log', ...lines(1, 2));
  renameSync(folder.path('worker.log'), folder.path('worker.1.log'));
  t.same([...cursor.news()].map(lineOf), [1]);
  setAge(folder.path('worker.1.log'), 20);
  folder.write('worker.log', lines(2, 3));
  renameSync(folder.path('worker.log'), folder.path('worker.2.log'));
  folder.write('worker.log', lines(3, 4));
  t.same([...cursor.news()].map(lineOf), [2, 3]);
  t.end();
});
