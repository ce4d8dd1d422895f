/** The rounds: in each one every contender lives once, and node.exe starts twice, so that what disturbs the machine disturbs them all. */
import { createRandom } from '../fleet/random.ts';
import { type Contender, type ContenderKey, CONTENDERS, NAMES, install } from './contenders.ts';
import type { Laboratory } from './laboratory.ts';
import { type End, type Life, live } from './life.ts';
import { MeterError } from './meter.ts';
import { PROGRAM, windowsPath } from './programs.ts';

export interface Plan {
  readonly rounds: number;
  /** NSSM holds its Running back for 1.5 s: every how many rounds it takes part. */
  readonly nssmEvery: number;
  /** Every how many rounds the workers stand still when they are stopped. */
  readonly busyEvery: number;
  readonly crashes: number;
}

export const FULL: Plan = { rounds: 200, nssmEvery: 10, busyEvery: 5, crashes: 30 };
export const QUICK: Plan = { rounds: 5, nssmEvery: 2, busyEvery: 4, crashes: 2 };

/** As long as the issue has it. */
const BUSY_MS = 500;
/** Longer than the seed's tick. */
const PAUSE_MS = { least: 50, most: 250 } as const;

export type Lives = Readonly<Record<ContenderKey, readonly Life[]>>;

export interface Measurements {
  readonly stops: Lives;
  readonly busyStops: Lives;
  readonly crashes: Lives;
  /** Two starts of `node -e 0`, one after the other, in milliseconds. */
  readonly twoNodes: readonly number[];
}

const noLives = (): Record<ContenderKey, Life[]> => ({ product: [], floor: [], seed: [], nssm: [] });

const bareNode = async ({ meter }: Laboratory): Promise<number> => {
  const { begin, reached } = await meter.ask('run', `"${windowsPath(PROGRAM.node)}" -e 0`);
  return reached - begin;
};

/** The order turns, so that nobody always comes after the same one. */
const turned = <T>(list: readonly T[], by: number): readonly T[] =>
  list.map((_, at) => list[(at + by) % list.length] as T);

const isBusyRound = ({ busyEvery }: Plan, round: number): boolean => round % busyEvery === busyEvery - 1;

const endOf = (plan: Plan, { parent }: Contender, round: number): End =>
  parent !== undefined && isBusyRound(plan, round) ? { kind: 'busy', ms: BUSY_MS } : { kind: 'stop' };

type Say = (text: string) => void;

const installAll = async (laboratory: Laboratory, say: Say): Promise<readonly Contender[]> => {
  const contenders: Contender[] = [];
  for (const key of CONTENDERS) {
    const contender = await install(laboratory, key);
    if (contender === undefined) say(`not measured: ${NAMES[key]} cannot be had here`);
    else contenders.push(contender);
  }
  return contenders;
};

/** One life after the other. A contender that fails is out, and keeps no other from its turn; for the product it is the end. */
const createStage = (laboratory: Laboratory, say: Say) => {
  const random = createRandom(1);
  const out = new Set<ContenderKey>();
  return async (contender: Contender, end: End): Promise<Life | undefined> => {
    if (out.has(contender.key)) return undefined;
    const pauseMs = PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least);
    try {
      return await live(laboratory, contender, end, pauseMs);
    } catch (error) {
      if (!(error instanceof MeterError) || contender.key === 'product') throw error;
      out.add(contender.key);
      say(`not measured any more: ${NAMES[contender.key]}: ${error.message}`);
      return undefined;
    }
  };
};

/** @param say takes what is for people: progress. */
export const measureRounds = async (laboratory: Laboratory, plan: Plan, say: Say): Promise<Measurements> => {
  const contenders = await installAll(laboratory, say);
  const perform = createStage(laboratory, say);
  const play = async (lives: Record<ContenderKey, Life[]>, contender: Contender, end: End): Promise<void> => {
    const life = await perform(contender, end);
    if (life !== undefined) lives[contender.key].push(life);
  };
  const stops = noLives();
  const busyStops = noLives();
  const crashes = noLives();
  const twoNodes: number[] = [];
  // The first life enrols, fills caches and is not counted.
  for (const contender of contenders) await perform(contender, { kind: 'stop' });
  for (let round = 0; round < plan.rounds; round += 1) {
    for (const contender of turned(contenders, round)) {
      if (contender.key === 'nssm' && round % plan.nssmEvery !== 0) continue;
      const end = endOf(plan, contender, round);
      await play(end.kind === 'busy' ? busyStops : stops, contender, end);
    }
    twoNodes.push((await bareNode(laboratory)) + (await bareNode(laboratory)));
    if ((round + 1) % 25 === 0) say(`${round + 1} of ${plan.rounds} rounds`);
  }
  for (let round = 0; round < plan.crashes; round += 1) {
    for (const contender of turned(contenders, round)) {
      if (contender.parent === undefined) continue;
      await play(crashes, contender, { kind: 'crash' });
    }
  }
  return { stops, busyStops, crashes, twoNodes };
};
