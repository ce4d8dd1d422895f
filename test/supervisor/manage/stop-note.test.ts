import { mkdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import { RECOVERY } from '@guruconnect/supervisor/manage/service-definition';
import {
  entrustNotes,
  hasStopNote,
  leaveStopNote,
  removeStopNote,
  standsDown,
  takeHungNote,
} from '@guruconnect/supervisor/stop-note';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

test('a note is left, found and removed; twice is once', (t) => {
  const dir = tempDir(t);
  t.notOk(hasStopNote(dir));
  leaveStopNote(dir);
  leaveStopNote(dir);
  t.ok(hasStopNote(dir));
  removeStopNote(dir);
  removeStopNote(dir);
  t.notOk(hasStopNote(dir));
  t.end();
});

test('nobody but its owner can read it or write to it', { skip: process.platform === 'win32' }, (t) => {
  const dir = tempDir(t);
  leaveStopNote(dir);
  t.equal(statSync(join(dir, 'stopped')).mode & 0o777, 0o600);
  t.end();
});

test('where no note can be left, nothing is thrown', (t) => {
  const dir = tempDir(t);
  leaveStopNote(join(dir, 'nowhere'));
  t.notOk(hasStopNote(join(dir, 'nowhere')), 'and no folder is made');
  writeFileSync(join(dir, 'file'), '');
  leaveStopNote(join(dir, 'file'));
  t.notOk(hasStopNote(join(dir, 'file')), 'nor is a folder that is none a reason to fail');
  mkdirSync(join(dir, 'folder', 'stopped', 'x'), { recursive: true });
  removeStopNote(join(dir, 'folder'));
  t.end();
});

/** SERVICE_START_REASON_*: demand, auto, trigger, restart on failure, delayed auto. */
const REASONS = { unknown: 0, demand: 1, auto: 2, trigger: 4, recovery: 8, delayed: 16 } as const;

test('only a recovery restart stands down, and only where a stop was asked for', (t) => {
  for (const [name, reason] of Object.entries(REASONS)) {
    t.equal(standsDown(reason, true), name === 'recovery', name);
    t.notOk(standsDown(reason, false), `${name}, nothing asked`);
  }
  t.end();
});

test('a note counts for a quarter of an hour, and one from the future does not count', (t) => {
  const dir = tempDir(t);
  leaveStopNote(dir);
  const now = Date.now();
  t.ok(hasStopNote(dir, now + TIMING.stopNote - 5000));
  t.notOk(hasStopNote(dir, now + TIMING.stopNote + 5000), 'nothing is queued for so long');
  t.notOk(hasStopNote(dir, now - 3_600_000), 'the clock was set back');
  t.ok(TIMING.stopNote > Math.max(...RECOVERY.actions.map(({ delayMs }) => delayMs)));
  t.end();
});

test('the addon’s notes, empty as they are, are the note of a stop and that of a hang, which is told once', (t) => {
  const dir = tempDir(t);
  t.equal(takeHungNote(dir), undefined);
  let paths: readonly string[] = [];
  entrustNotes({ scmNotes: (...given) => (paths = given) }, dir);
  t.equal(paths.length, 2);
  for (const path of paths) writeFileSync(path, '');
  t.ok(hasStopNote(dir));
  const age = Date.now() - (takeHungNote(dir)?.getTime() ?? 0);
  t.ok(age > -1000 && age < 60_000, `${age} ms`);
  t.equal(takeHungNote(dir), undefined);
  t.ok(hasStopNote(dir), 'the other one is left alone');
  t.end();
});
