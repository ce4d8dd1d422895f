/** A folder of a test's own, gone with it. Short, as a Unix socket's path has room for about a hundred bytes. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Test } from 'tap';

export const tempDir = (t: Pick<Test, 'teardown'>): string => {
  const dir = mkdtempSync(join(tmpdir(), 'gc-test-'));
  t.teardown(() => {
    rmSync(dir, { recursive: true, force: true });
  });
  return dir;
};
