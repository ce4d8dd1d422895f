import { statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { TIMING } from '@guruconnect/shared/timing';
import { type Test, test } from 'tap';
import { createLogWith } from '../helpers/small-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const KIB = 1024;

/** A full log whose lock another process has, and keeps fresh. @returns its size after a hundred lines more, so many milliseconds apart */
const sizeAfter = (t: Test, apartMs: number): number => {
  const path = join(tempDir(t), 'worker.log');
  const write = createLogWith({ path, fileBytes: KIB, slots: 1 });
  const { now } = performance;
  t.teardown(() => {
    performance.now = now;
  });
  writeFileSync(`${path}.lock`, '');
  for (let line = 0; line < 100; line += 1) {
    performance.now = () => line * apartMs;
    utimesSync(`${path}.lock`, new Date(), new Date());
    write({ line });
  }
  return statSync(path).size;
};

test('a lock that somebody keeps does not let the log grow without an end', (t) => {
  const size = sizeAfter(t, TIMING.logRotation / 2);
  t.ok(size > KIB && size <= 2 * KIB, `${size} bytes`);
  t.end();
});

test('no line is dropped for a moment in which another process rotates', (t) => {
  t.ok(sizeAfter(t, 1) > 4 * KIB);
  t.end();
});
