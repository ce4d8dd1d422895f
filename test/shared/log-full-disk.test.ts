/** A log on a disk that is full: /dev/full (full(4)) takes nothing and says ENOSPC, as such a disk does. */
import { symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { createLog } from '@guruconnect/shared/log';
import { test } from 'tap';
import { tempDir } from '../helpers/temp-dir.ts';

const FULL = '/dev/full';

setFlagsFromString('--expose-gc');
const collectGarbage = runInNewContext('gc') as () => void;

/** What is in use, garbage not counted. */
const memory = (): number => {
  collectGarbage();
  const { heapUsed, external } = process.memoryUsage();
  return heapUsed + external;
};

// What is wanted is a disk of this kind: no other system has one to offer.
if (process.platform === 'linux') {
  test('the disk of these tests is really full', (t) => {
    t.throws(
      () => {
        writeFileSync(FULL, 'x');
      },
      { code: 'ENOSPC' },
    );
    t.end();
  });

  test('a line that does not fit on the disk is lost, and nothing else happens', (t) => {
    t.doesNotThrow(() => {
      const log = createLog('worker', 'info', FULL);
      log.info('lost');
      log.error({ err: new Error('broken') }, 'lost as well');
    });
    t.end();
  });

  test('a log file that leads to a full disk is opened all the same', (t) => {
    const path = join(tempDir(t), 'worker.log');
    symlinkSync(FULL, path);
    t.doesNotThrow(() => {
      createLog('worker', 'info', path).info('lost');
    });
    t.end();
  });

  test('many lines are lost without a throw, and are not kept in memory for better days', (t) => {
    const log = createLog('worker', 'info', FULL);
    const text = 'x'.repeat(1000);
    for (let line = 0; line < 100; line += 1) log.info({ text }, 'warm-up');
    const before = memory();
    t.doesNotThrow(() => {
      for (let line = 0; line < 20_000; line += 1) log.info({ text, line }, 'lost');
    });
    const kept = memory() - before;
    t.ok(kept < 2_000_000, `20 MB of lines, ${kept} bytes kept`);
    t.end();
  });
}
