/** Which cycles are run, in which order. Pure. */
import { createRandom } from '../worker/simulation/random.ts';

export interface Cycle {
  readonly end: 'crash' | 'stop';
  /** What the end comes after, and how long after it. */
  readonly after: 'spawn' | 'ready';
  readonly delayMs: number;
  /** The real agent, at a relay, which is ready once it is online; else the least of all workers. */
  readonly agent: boolean;
}

const MAX_DELAY_MS = 40;
const AGENT_EVERY = 10;
/** Of the others so many end before they are ready. */
const EARLY = 0.25;

/** Crashes and stops in turn, `each` of them; every tenth crash is the agent's, and every tenth stop. */
export const planCycles = (each: number, seed: number): readonly Cycle[] => {
  const random = createRandom(seed);
  return Array.from({ length: 2 * each }, (_, i) => {
    const agent = Math.floor(i / 2) % AGENT_EVERY === AGENT_EVERY - 1;
    return {
      end: i % 2 === 0 ? 'crash' : 'stop',
      after: !agent && random.chance(EARLY) ? 'spawn' : 'ready',
      delayMs: random.between(0, MAX_DELAY_MS),
      agent,
    };
  });
};
