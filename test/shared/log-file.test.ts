/** Logs of real files, rotated: by whom, beside whom, and where that cannot be done. */
import {
  chmodSync,
  chownSync,
  closeSync,
  mkdirSync,
  openSync,
  readFileSync,
  rmSync,
  statSync,
} from 'node:fs';
import { existsSync, renameSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { openLogFile } from '@guruconnect/shared/log-file';
import { LOG_LIMITS, slotPaths } from '@guruconnect/shared/rotation';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { fixture, startProgram } from '../helpers/program.ts';
import { createLogWith, filesOf, linesOf } from '../helpers/small-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const posix = { skip: process.platform === 'win32' && 'POSIX rights' };
const NOBODY = 65_534;
const KIB = 1024;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_none, at) => at);

test('every line is in one of the files, and none is longer than it may be', (t) => {
  const path = join(tempDir(t), 'logs', 'worker.log');
  const write = createLogWith({ path, fileBytes: KIB, slots: 50 });
  for (const line of numbers(200)) write({ line });
  t.same(
    linesOf(path)
      .map(({ line }) => line)
      .sort((a = 0, b = 0) => a - b),
    numbers(200),
  );
  const sizes = filesOf(path).map((name) => statSync(join(dirname(path), name)).size);
  t.ok(sizes.length > 10);
  t.ok(Math.max(...sizes) <= KIB, `${Math.max(...sizes)} bytes`);
  t.end();
});

test('with its slots full, the oldest lines go and the newest stay', (t) => {
  const path = join(tempDir(t), 'worker.log');
  const write = createLogWith({ path, fileBytes: KIB, slots: 2 });
  for (const line of numbers(200)) write({ line });
  t.same(filesOf(path), ['worker.1.log', 'worker.2.log', 'worker.log']);
  const kept = linesOf(path)
    .map(({ line = -1 }) => line)
    .sort((a, b) => a - b);
  t.same(kept, numbers(200).slice(-kept.length));
  t.ok(kept.length > 20 && kept.length < 60, `${kept.length} lines`);
  t.end();
});

test('a file whose first line is a week old is rotated, also by a process that has just been started', (t) => {
  const path = join(tempDir(t), 'worker.log');
  let now = Date.parse('2026-11-01T00:00:00Z');
  const open = () => createLogWith({ path, fileBytes: KIB, slots: 4 }, { now: () => now });
  open()({ line: 0 });
  now += LOG_LIMITS.fileAgeMs;
  open()({ line: 1 });
  t.same(filesOf(path), ['worker.log']);
  now += 1;
  open()({ line: 2 });
  t.same(filesOf(path), ['worker.1.log', 'worker.log']);
  t.match(JSON.parse(readFileSync(path, 'utf8')), { line: 2 });
  t.end();
});

test('a rotated file is removed when its last line is thirty days old, and no other file is', (t) => {
  const dir = tempDir(t);
  const path = join(dir, 'worker.log');
  for (const name of ['worker.1.log', 'worker.2.log', 'worker.old.log'])
    writeFileSync(join(dir, name), 'x\n');
  const long = new Date(Date.now() - LOG_LIMITS.keptMs - 1000);
  for (const name of ['worker.1.log', 'worker.old.log']) utimesSync(join(dir, name), long, long);
  openLogFile(path);
  t.notOk(existsSync(join(dir, 'worker.1.log')));
  t.ok(existsSync(join(dir, 'worker.2.log')));
  t.ok(existsSync(join(dir, 'worker.old.log')));
  t.end();
});

test('only its owner reads it', posix, (t) => {
  const path = join(tempDir(t), 'logs', 'worker.log');
  createLogWith({ path, fileBytes: KIB, slots: 1 })({ line: 0 });
  t.equal(statSync(path).mode & 0o777, 0o600);
  t.equal(statSync(dirname(path)).mode & 0o777, 0o700);
  t.end();
});

test('a log that somebody has renamed or removed goes on in a new file', async (t) => {
  const path = join(tempDir(t), 'worker.log');
  const write = createLogWith({ path, fileBytes: KIB, slots: 4 });
  write({ line: 0 });
  rmSync(path);
  await setTimeout(TIMING.logName);
  write({ line: 1 });
  t.match(JSON.parse(readFileSync(path, 'utf8')), { line: 1 });
  renameSync(path, `${path}.bak`);
  await setTimeout(TIMING.logName);
  write({ line: 1 });
  t.match(JSON.parse(readFileSync(path, 'utf8')), { line: 1 }, 'nobody looks for it under another name');
  renameSync(path, join(dirname(path), 'worker.3.log'));
  await setTimeout(TIMING.logName);
  for (const line of numbers(20)) write({ line: line + 2 });
  t.match(
    linesOf(path).map(({ line }) => line),
    numbers(22)
      .slice(1)
      .map(() => Number),
  );
});

test('two processes write one log and rotate it: no line is lost, and none is there twice', async (t) => {
  const path = join(tempDir(t), 'worker.log');
  const write = (name: string) =>
    startProgram(fixture('log-writer'), [
      JSON.stringify({ path, name, lines: 3000, fileBytes: 16 * KIB, slots: 200 }),
    ]).ended;
  const ended = await Promise.all([write('one'), write('two')]);
  t.same(
    ended.map(({ code, stderr }) => [code, stderr]),
    [
      [0, ''],
      [0, ''],
    ],
  );
  const written = linesOf(path);
  for (const name of ['one', 'two'])
    t.same(
      written
        .filter((line) => line.name === name)
        .map(({ line }) => line)
        .sort((a = 0, b = 0) => a - b),
      numbers(3000),
    );
  t.ok(filesOf(path).length > 20);
});

test('the last line before a kill is in the file, also where it began a new one', async (t) => {
  for (const lines of [1, 7, 100]) {
    const path = join(tempDir(t), 'worker.log');
    const task = { path, name: 'x', lines, fileBytes: 256, slots: 3, dies: true };
    await startProgram(fixture('log-writer'), [JSON.stringify(task)]).ended;
    t.ok(linesOf(path).some(({ line }) => line === lines - 1));
    t.match(JSON.parse(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? ''), { line: lines - 1 });
  }
});

/** What a user who may make nothing in the folder leaves of a log there, which is all that may be written. */
const byNobody = async (t: Test, made: number) => {
  const dir = tempDir(t);
  const path = join(dir, 'worker.log');
  const files = [path, ...slotPaths(path, { slots: made })];
  for (const file of files) {
    writeFileSync(file, '');
    chmodSync(file, 0o600);
    if (process.getuid?.() === 0) chownSync(file, NOBODY, NOBODY);
  }
  chmodSync(dir, 0o555);
  t.teardown(() => {
    chmodSync(dir, 0o755);
  });
  const task = { path, name: 'x', lines: 60, fileBytes: KIB, slots: 3, uid: NOBODY, hurry: true };
  const { code, stderr } = await startProgram(fixture('log-writer'), [JSON.stringify(task)]).ended;
  t.same([code, stderr], [0, '']);
  const kept = linesOf(path)
    .map(({ line = -1 }) => line)
    .sort((a, b) => a - b);
  return { kept, most: Math.max(...files.map((file) => statSync(file).size)) };
};

test('who may make nothing in the folder finds the slots made, and copies', posix, async (t) => {
  const { kept, most } = await byNobody(t, 3);
  t.ok(most < 3 * KIB, `${most} bytes`);
  t.same(kept, numbers(60).slice(-kept.length), 'no line is there twice, and none is missing in between');
  t.ok(kept.length > 20);
});

test('who finds none writes the log to its limit, and goes on without', posix, async (t) => {
  const { kept, most } = await byNobody(t, 0);
  t.ok(most > KIB && most <= 2 * KIB, `${most} bytes`);
  t.same(kept, numbers(kept.length), 'the first lines are there');
});

/** Nothing can be moved onto a folder, nor written to it. */
const blockSlots = (path: string, slots: number): void => {
  for (const slot of slotPaths(path, { slots })) mkdirSync(join(slot, 'full'), { recursive: true });
};

test('a log that cannot be rotated grows to its limit, says so once, and says what was lost', (t) => {
  const path = join(tempDir(t), 'worker.log');
  blockSlots(path, 2);
  const troubles: unknown[] = [];
  let at = 0;
  t.intercept(performance, 'now', { value: () => at });
  const write = createLogWith(
    { path, fileBytes: KIB, slots: 2 },
    { trouble: (trouble) => void troubles.push(trouble) },
  );
  for (const line of numbers(100)) {
    at += 700_000;
    write({ line });
  }
  t.match(troubles, [{ kind: 'not-rotated', why: /EISDIR|EPERM|ENOTEMPTY|EEXIST|EACCES/ }]);
  t.ok(statSync(path).size <= 2 * KIB);
  rmSync(slotPaths(path, { slots: 1 })[0] ?? '', { recursive: true });
  at += 700_000;
  write({ line: 100 });
  t.same(linesOf(path).at(-1)?.line, 100);
  t.match(troubles.at(-1), { kind: 'lost', lines: 100 - linesOf(join(path)).length + 1 });
  t.end();
});

test('a file that cannot be opened is tried again with each line, and what was written meanwhile is in it', (t) => {
  const path = join(tempDir(t), 'worker.log');
  mkdirSync(path);
  const write = createLogWith({ path, fileBytes: KIB, slots: 1 });
  write({ line: 0 });
  rmSync(path, { recursive: true });
  write({ line: 1 });
  t.same(
    linesOf(path).map(({ line }) => line),
    [0, 1],
  );
  t.end();
});

test('who reads it hinders nobody', (t) => {
  const path = join(tempDir(t), 'worker.log');
  const write = createLogWith({ path, fileBytes: KIB, slots: 3 });
  write({ line: 0 });
  const reader = openSync(path, 'r');
  t.teardown(() => {
    closeSync(reader);
  });
  for (const line of numbers(30)) write({ line: line + 1 });
  t.match(readFileSync(reader, 'utf8'), /"line":0,/);
  t.same(
    linesOf(path)
      .map(({ line = 0 }) => line)
      .sort((a, b) => a - b),
    numbers(31),
  );
  t.end();
});
