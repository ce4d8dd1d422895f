/** What log lines cost who writes them, from few to many. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cpuMs } from '../ground/proc.ts';
import { type Program, launch } from '../ground/program.ts';
import { BENCH } from '../places.ts';
import type { Growth } from './growth.ts';
import type { WriteLines } from './log-program.ts';

const FULL = { rates: [1, 3, 10, 30, 100, 300, 1000], ms: 5000 };
const QUICK = { rates: [10, 100, 1000], ms: 1000 };
const WARM = { kind: 'write', perSecond: 2000, ms: 500 } as const;
const SOON = 60_000;
const PROGRAM = join(BENCH, 'dist', 'growth', 'log-program.js');

const write = async (program: Program, order: WriteLines): Promise<void> => {
  program.send(order);
  await program.next('written', SOON);
};

/** Milliseconds on a processor in a second. */
const costAt = async (program: Program, perSecond: number, ms: number): Promise<number> => {
  const before = cpuMs(program.pid);
  await write(program, { kind: 'write', perSecond, ms });
  return ((cpuMs(program.pid) - before) * 1000) / ms;
};

export const growLogs = async (node: string, quick: boolean): Promise<readonly Growth[]> => {
  const { rates, ms } = quick ? QUICK : FULL;
  const scratch = mkdtempSync(join(tmpdir(), 'gc-bench-'));
  const start = (whose: string) =>
    launch({ file: node, args: [PROGRAM, whose, join(scratch, `${whose}.log`)], talks: true });
  const [ours, pino] = [await start('ours'), await start('pino')];
  const had: Record<'ours' | 'pino', (readonly [number, number])[]> = { ours: [], pino: [] };
  try {
    for (const program of [ours, pino]) await write(program, WARM);
    for (const rate of rates) {
      had.ours.push([rate, await costAt(ours, rate, ms)]);
      had.pino.push([rate, await costAt(pino, rate, ms)]);
    }
  } finally {
    await Promise.all([ours.end(), pino.end()]);
    rmSync(scratch, { recursive: true, force: true });
  }
  return [
    {
      what: 'log lines, CPU of the writer',
      title: 'Log lines: CPU of who writes them',
      x: 'lines a second',
      y: 'ms of CPU a second',
      name: 'the log, rotated',
      points: had.ours,
      others: { 'pino alone': had.pino },
    },
  ];
};
