import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { hasStopNote, leaveStopNote, removeStopNote, standsDown } from '@guruconnect/supervisor/stop-note';
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

test('where no note can be left, nothing is thrown', (t) => {
  const dir = tempDir(t);
  leaveStopNote(join(dir, 'nowhere'));
  t.notOk(hasStopNote(join(dir, 'nowhere')), 'and no folder is made');
  writeFileSync(join(dir, 'file'), '');
  leaveStopNote(join(dir, 'file'));
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
