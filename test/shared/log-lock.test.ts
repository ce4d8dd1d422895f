import { statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'tap';
import { createLogWith } from '../helpers/small-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const KIB = 1024;

test('a lock that somebody keeps does not let the log grow without an end', (t) => {
  const path = join(tempDir(t), 'worker.log');
  const write = createLogWith({ path, fileBytes: KIB, slots: 1 });
  write({ line: 0 });
  writeFileSync(`${path}.lock`, '');
  for (let line = 1; line <= 100; line += 1) write({ line });
  const { size } = statSync(path);
  t.ok(size > KIB && size <= 2 * KIB, `${size} bytes`);
  t.end();
});
