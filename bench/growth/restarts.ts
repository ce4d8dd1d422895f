/** Worker after worker under one supervisor: the time they take, and what they leave in it. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Claim, claimOf } from '../claim.ts';
import { launch } from '../ground/program.ts';
import { BENCH } from '../places.ts';
import type { Growth } from './growth.ts';
import type { Mark } from './restarts-program.ts';

const FULL = [1, 3, 10, 30, 100, 300, 1000];
const QUICK = [1, 3, 10];
const SOON = 600_000;
const MB = 1e6;
/** What the soak allows as well. Of a short run it would say nothing: V8's own code is still growing. */
const LEFT = { name: 'growth: heap that a restart leaves', limit: 1, unit: 'kB, of 300 to 1,000' } as const;

export const countRestarts = async (node: string, quick: boolean): Promise<readonly Mark[]> => {
  const marks = quick ? QUICK : FULL;
  const data = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  const script = join(BENCH, 'dist', 'growth', 'restarts-program.js');
  const args = ['--expose-gc', script, data, ...marks.map(String)];
  const program = await launch({ file: node, args, talks: true });
  try {
    const had: Mark[] = [];
    for (const _ of marks) had.push(await program.next<Mark>('mark', SOON));
    return had;
  } finally {
    await program.end();
    rmSync(data, { recursive: true, force: true });
  }
};

export const restartGrowths = (marks: readonly Mark[]): readonly Growth[] => {
  const shared = { x: 'restarts', name: 'supervisor', others: {} };
  return [
    {
      ...shared,
      what: 'worker restarts, time',
      title: 'Worker restarts: time for all of them',
      y: 'seconds',
      points: marks.map(({ restarts, ms }) => [restarts, ms / 1000]),
    },
    {
      ...shared,
      what: 'worker restarts, heap of the supervisor',
      title: 'Worker restarts: heap of the supervisor',
      y: 'MB, garbage collected',
      points: marks.map(({ restarts, heapBytes }) => [restarts, heapBytes / MB]),
    },
  ];
};

/** None of a short run. */
export const leftClaims = (marks: readonly Mark[]): readonly Claim[] => {
  const [before, after] = [300, 1000].map((wanted) => marks.find(({ restarts }) => restarts === wanted));
  if (before === undefined || after === undefined) return [];
  const value = (after.heapBytes - before.heapBytes) / 1000 / (after.restarts - before.restarts);
  return [claimOf({ ...LEFT, value, floor: 0, peers: {} })];
};
