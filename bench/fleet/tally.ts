/** What is counted of a run. */
import { type Situation, floorOf } from './situation.ts';

const STEP_MS = 100;
const STEPS = 1000 / STEP_MS;

export interface Tally {
  /** A try has reached the relay, or the place where it was. */
  readonly tried: (at: number) => void;
  /** A session has been opened. Times do not decrease. */
  readonly back: (at: number) => void;
  readonly result: () => Result;
  /** Sessions opened in each second after the return. */
  readonly curve: () => readonly number[];
}

export interface Result {
  /** Tries in the first second after the return, over what the relay can take in a second. */
  readonly first: number;
  /** The most tries in any second after the return, likewise. */
  readonly peak: number;
  /** Tries of an agent, on average, until it was back or the run was over. */
  readonly tries: number;
  /** Milliseconds from the return until half of the agents, and 99 %, were back; Infinity for never. */
  readonly t50: number;
  readonly t99: number;
  /** Milliseconds from the loss until half of the agents were back. */
  readonly median: number;
  /** t99 over the least that is possible. */
  readonly ratio: number;
}

/** A histogram that grows. */
const createSteps = (stepMs: number) => {
  const steps: number[] = [];
  return {
    steps,
    count: (ms: number): void => {
      const step = Math.floor(ms / stepMs);
      while (steps.length <= step) steps.push(0);
      steps[step] = (steps[step] ?? 0) + 1;
    },
  };
};

const sumOf = (steps: readonly number[], from: number): number => {
  let sum = 0;
  for (let step = from; step < from + STEPS; step += 1) sum += steps[step] ?? 0;
  return sum;
};

export const createTally = (situation: Situation): Tally => {
  const { agents, perSecond, downMs } = situation;
  const after = createSteps(STEP_MS);
  const opened = createSteps(1000);
  const back = new Float64Array(agents);
  let online = 0;
  let tries = 0;

  const share = (part: number): number => {
    const nth = Math.ceil(part * agents);
    return nth <= online ? (back[nth - 1] as number) - downMs : Infinity;
  };

  return {
    tried: (at) => {
      tries += 1;
      if (at >= downMs) after.count(at - downMs);
    },
    back: (at) => {
      back[online] = at;
      online += 1;
      opened.count(at - downMs);
    },
    result: () => ({
      first: sumOf(after.steps, 0) / perSecond,
      peak: after.steps.reduce((most, _, step) => Math.max(most, sumOf(after.steps, step)), 0) / perSecond,
      tries: tries / agents,
      t50: share(0.5),
      t99: share(0.99),
      median: share(0.5) + downMs,
      ratio: share(0.99) / floorOf(situation),
    }),
    curve: () => opened.steps,
  };
};
