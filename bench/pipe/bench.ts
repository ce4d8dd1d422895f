/** Ask and answer over the product's bridge and over a bare pipe, in turn. */
import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import type { Bench } from '../bench.ts';
import { claimOf, notMeasured } from '../claim.ts';
import { compileHere } from '../ground/compile.ts';
import { measuringNode } from '../ground/node.ts';
import { type Program, launch } from '../ground/program.ts';
import { median } from '../median.ts';
import { BENCH } from '../places.ts';
import { QUESTION, type Ran, type Run } from './question.ts';

const CLAIM = {
  name: 'pipe: ask and answer over the bridge',
  limit: 1.5,
  unit: 'x a raw node pipe',
} as const;
const FULL = { rounds: 30, asks: 300, warm: 3000 };
const QUICK = { rounds: 5, asks: 100, warm: 200 };
const SOON = 60_000;

const start = async (node: string, host: string): Promise<Program> => {
  const program = await launch({
    file: node,
    args: [join(BENCH, 'dist', 'pipe', `${host}.js`)],
    talks: true,
  });
  await program.next('ready', SOON);
  return program;
};

const ask = async (program: Program, count: number): Promise<readonly number[]> => {
  program.send({ kind: 'run', count } as Run);
  return (await program.next<Ran>('ran', SOON)).us;
};

const sizeOf = (message: object): string => String(JSON.stringify({ ...message, id: 1000 }).length + 1);

const askFloor = (file: string, count: number): readonly number[] =>
  execFileSync(file, [String(count), sizeOf(QUESTION), sizeOf({ kind: 'stored' })], { encoding: 'utf8' })
    .trim()
    .split('\n')
    .map(Number);

export const benchPipe: Bench = async ({ quick }, say) => {
  if (process.platform !== 'linux') return { claims: [notMeasured(CLAIM, 'it is measured on Linux')] };
  const { rounds, asks, warm } = quick ? QUICK : FULL;
  const node = await measuringNode(say);
  const floor = compileHere(join('pipe', 'pipe_floor.c'));
  const [ours, raw] = [await start(node, 'product-host'), await start(node, 'raw-host')];
  const had = { ours: [] as number[], raw: [] as number[], floor: [] as number[] };
  try {
    for (const program of [ours, raw]) await ask(program, warm);
    for (let round = 0; round < rounds; round += 1) {
      had.ours.push(...(await ask(ours, asks)));
      had.raw.push(...(await ask(raw, asks)));
      if (floor !== undefined) had.floor.push(...askFloor(floor, asks));
    }
  } finally {
    await Promise.all([ours.end(), raw.end()]);
  }
  const base = median(had.raw);
  return {
    claims: [
      claimOf({
        ...CLAIM,
        value: median(had.ours) / base,
        floor: had.floor.length === 0 ? null : median(had.floor) / base,
        peers: { 'raw node pipe, JSON lines': 1 },
      }),
    ],
    groups: [
      {
        title: 'Pipe: ask and answer',
        unit: 'us',
        bars: [
          { name: 'the bridge', values: had.ours, role: 'product' },
          { name: 'raw node pipe, JSON lines', values: had.raw },
          { name: 'two C programs', values: had.floor, role: 'floor' },
        ],
      },
    ],
  };
};
