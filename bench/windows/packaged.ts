/** What packaging costs: a start of guruconnect.exe beside one of the node.exe that it is made of. */
import type { BarGroup } from '../bench.ts';
import type { Claim } from '../claim.ts';
import { bundledProduct } from '../ground/product.ts';
import { median } from '../median.ts';
import type { Laboratory } from './laboratory.ts';
import { PROGRAM, windowsPath } from './programs.ts';
import { ratioClaim } from './ratio.ts';

const LIMIT = 1.15;

const quoted = (path: string): string => `"${windowsPath(path)}"`;
const COMMANDS = ['packaged', 'bundle', 'bare'] as const;
type Command = (typeof COMMANDS)[number];

const commandLines = async (): Promise<Readonly<Record<Command, string>>> => ({
  packaged: `${quoted(PROGRAM.product)} --version`,
  bundle: `${quoted(PROGRAM.node)} ${quoted((await bundledProduct()).command)} --version`,
  bare: `${quoted(PROGRAM.node)} -e 0`,
});

export type Starts = Readonly<Record<Command, readonly number[]>>;

/** CreateProcess until the exit, in milliseconds. @throws Error for a program that fails. */
const start = async ({ meter }: Laboratory, commandLine: string): Promise<number> => {
  const { begin, reached, win32ExitCode } = await meter.ask('run', commandLine);
  if (win32ExitCode !== 0) throw new Error(`${commandLine} ended with ${win32ExitCode}`);
  return reached - begin;
};

export const measureStarts = async (laboratory: Laboratory, rounds: number): Promise<Starts> => {
  const starts: Record<Command, number[]> = { packaged: [], bundle: [], bare: [] };
  const lines = await commandLines();
  for (const command of COMMANDS) await start(laboratory, lines[command]);
  for (let round = 0; round < rounds; round += 1) {
    for (const command of COMMANDS) starts[command].push(await start(laboratory, lines[command]));
  }
  return starts;
};

export const packagedClaims = ({ packaged, bundle, bare }: Starts): readonly Claim[] => [
  ratioClaim({
    ...{ name: 'packaged: guruconnect.exe --version, median', limit: LIMIT, by: median },
    ...{ unit: 'x node -e 0', product: packaged, against: bare, floor: bare },
    peers: { 'node.exe with the same program in files': bundle },
  }),
];

export const packagedGroups = ({ packaged, bundle, bare }: Starts): readonly BarGroup[] => [
  {
    title: 'start to exit',
    unit: 'ms',
    bars: [
      { name: 'guruconnect.exe --version', values: packaged, role: 'product' },
      { name: 'node.exe with the same program in files', values: bundle },
      { name: 'node.exe -e 0', values: bare, role: 'floor' },
    ],
  },
];
