/** The rounds: in each one every contender lives once, and node.exe starts twice, so that what disturbs the machine disturbs them all. */
import { messageOf } from '@guruconnect/shared/usage-error';
import { createRandom } from '../fleet/random.ts';
import { type Contender, type ContenderKey, CONTENDERS, NAMES, install } from './contenders.ts';
import type { Laboratory } from './laboratory.ts';
import { type End, type Life, live } from './life.ts';
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
  /** Lives of the product that were not lived to their end. */
  readonly lost: number;
}

type Say = (text: string) => void;

const noLives = (): Record<ContenderKey, Life[]> => ({ product: [], floor: [], seed: [], nssm: [] });

const bareNode = async (laboratory: Laboratory, say: Say, tries = MOST_LOST): Promise<number> => {
  try {
    const { begin, reached } = await laboratory.meter.ask('run', `"${windowsPath(PROGRAM.node)}" -e 0`);
    return reached - begin;
  } catch (error) {
    say(`a start lost: ${messageOf(error)}`);
    if (tries === 0) throw error;
    return bareNode(laboratory, say, tries - 1);
  }
};

/** The order turns, so that nobody always comes after the same one. */
const turned = <T>(list: readonly T[], by: number): readonly T[] =>
  list.map((_, at) => list[(at + by) % list.length] as T);

const isBusyRound = ({ busyEvery }: Plan, round: number): boolean => round % busyEvery === busyEvery - 1;

const endOf = (plan: Plan, { parent }: Contender, round: number): End =>
  parent !== undefined && isBusyRound(plan, round) ? { kind: 'busy', ms: BUSY_MS } : { kind: 'stop' };

const installAll = async (laboratory: Laboratory, say: Say): Promise<readonly Contender[]> => {
  const contenders: Contender[] = [];
  for (const key of CONTENDERS) {
    const contender = await install(laboratory, key);
    if (contender === undefined) say(`not measured: ${NAMES[key]} cannot be had here`);
    else contenders.push(contender);
  }
  return contenders;
};

/** So many lives of a contender may fail, or starts of a program in a row: Wine refuses a process now and then. */
const MOST_LOST = 3;

/**
 * One life after the other; what is lost is told, and counted. A contender that loses too many is out, and keeps no other from its turn; for the
 * product it is the end.
 */
const createStage = (laboratory: Laboratory, say: Say) => {
  const random = createRandom(1);
  const lost: Record<ContenderKey, number> = { product: 0, floor: 0, seed: 0, nssm: 0 };
  const perform = async (contender: Contender, end: End): Promise<Life | undefined> => {
    if (lost[contender.key] > MOST_LOST) return undefined;
    const pauseMs = PAUSE_MS.least + random() * (PAUSE_MS.most - PAUSE_MS.least);
    try {
      return await live(laboratory, contender, end, pauseMs);
    } catch (error) {
      lost[contender.key] += 1;
      say(`a life lost: ${NAMES[contender.key]}: ${messageOf(error)}`);
      if (contender.key === 'product' && lost.product > MOST_LOST) throw error;
      // It may have got somewhere.
      await laboratory.meter.ask('stop', contender.name).catch(() => undefined);
      return undefined;
    }
  };
  return { perform, lost: () => lost.product };
};

/** @param say takes what is for people: progress. */
export const measureRounds = async (laboratory: Laboratory, plan: Plan, say: Say): Promise<Measurements> => {
  const contenders = await installAll(laboratory, say);
  const { perform, lost } = createStage(laboratory, say);
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
    twoNodes.push((await bareNode(laboratory, say)) + (await bareNode(laboratory, say)));
    if ((round + 1) % 25 === 0) say(`${round + 1} of ${plan.rounds} rounds`);
  }
  for (let round = 0; round < plan.crashes; round += 1) {
    for (const contender of turned(contenders, round)) {
      if (contender.parent === undefined) continue;
      await play(crashes, contender, { kind: 'crash' });
    }
  }
  return { stops, busyStops, crashes, twoNodes, lost: lost() };
};
