import {
  LOG_LIMITS,
  type Slot,
  bySparing,
  isExpired,
  slotPaths,
  stepFor,
} from '@guruconnect/shared/rotation';
import { test } from 'tap';

const DAY = 86_400_000;
const NOW = Date.parse('2026-11-26T10:00:00Z');
const { fileBytes, fileAgeMs, keptMs, stuckBytes } = LOG_LIMITS;

const step = (size: number, bytes: number, since = NOW, mayRotate = true) =>
  stepFor({ size, since }, bytes, NOW, mayRotate, LOG_LIMITS);

test('a file takes lines up to its size, and the one that has no room in it begins the next', (t) => {
  t.equal(step(0, 100), 'write');
  t.equal(step(fileBytes - 100, 100), 'write');
  t.equal(step(fileBytes - 100, 101), 'rotate');
  t.end();
});

test('a file that is a week old is rotated with its next line', (t) => {
  t.equal(step(1, 1, NOW - fileAgeMs), 'write');
  t.equal(step(1, 1, NOW - fileAgeMs - 1), 'rotate');
  t.end();
});

test('an empty file is not rotated, however old it is or long the line', (t) => {
  t.equal(step(0, 1, NOW - 1000 * DAY), 'write');
  t.equal(step(0, stuckBytes * 2), 'write');
  t.end();
});

test('a clock that was set back makes nothing old', (t) => {
  t.equal(step(1, 1, NOW + 1000 * DAY), 'write');
  t.end();
});

test('where it was tried in vain the file goes on growing to its limit, and not beyond', (t) => {
  t.equal(step(fileBytes, 100, NOW, false), 'write');
  t.equal(step(stuckBytes - 100, 100, NOW, false), 'write');
  t.equal(step(stuckBytes - 100, 101, NOW, false), 'drop');
  t.equal(step(stuckBytes - 100, 101, NOW, true), 'rotate', 'unless it can be tried again');
  t.end();
});

test('slots are named after the log', (t) => {
  t.same(slotPaths('/l/worker.log', { slots: 2 }), ['/l/worker.1.log', '/l/worker.2.log']);
  t.same(slotPaths('/my.log/x', { slots: 1 }), ['/my.log/x.1']);
  t.end();
});

const slot = (path: string, size: number | undefined, changedAt = 0): Slot => ({ path, size, changedAt });

test('what is missing is taken first, then what is empty, then the oldest', (t) => {
  const slots = [
    slot('new', 5, 30),
    slot('old', 5, 10),
    slot('missing', undefined),
    slot('mid', 5, 20),
    slot('empty', 0, 99),
  ];
  t.same(
    bySparing(slots).map(({ path }) => path),
    ['missing', 'empty', 'old', 'mid', 'new'],
  );
  t.end();
});

test('a slot is kept for thirty days after its last line', (t) => {
  t.notOk(isExpired(slot('a', 1, NOW - keptMs), NOW, LOG_LIMITS));
  t.ok(isExpired(slot('a', 1, NOW - keptMs - 1), NOW, LOG_LIMITS));
  t.notOk(isExpired(slot('a', 0, 0), NOW, LOG_LIMITS), 'nothing is in it');
  t.notOk(isExpired(slot('a', undefined, 0), NOW, LOG_LIMITS), 'it is not there');
  t.end();
});

test('all the files of a log together stay below what operations.md says', (t) => {
  t.equal(fileBytes * (LOG_LIMITS.slots + 1), 50 * 1024 * 1024);
  t.equal(stuckBytes + fileBytes * LOG_LIMITS.slots, 60 * 1024 * 1024);
  t.end();
});
