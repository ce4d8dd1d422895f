/** Runs the cycles one after the other, and says what they have left behind. */
import { join } from 'node:path';
import { createLog } from '@guruconnect/shared/log';
import { textTable } from '../helpers/text-table.ts';
import { loadLaunch } from '@guruconnect/supervisor/worker-program';
import { runCycle } from './cycle.ts';
import { EXACT, type Verdict, judge } from './judge.ts';
import { planCycles } from './plan.ts';
import { openRelayProgram } from './relay-program.ts';
import { type Sample, countActive, takeSample } from './sample.ts';
import { verdictRows } from './verdict-table.ts';

export interface Soak {
  /** Crashes, and as many stops. */
  readonly cycles: number;
  readonly seed: number;
  /** The agents'; one is started for them where there is none. */
  readonly relay: string | undefined;
  readonly token: string;
  readonly data: string;
  readonly say: (line: string) => void;
  readonly afterEach: () => void;
}

/** From so many cycles on code and caches have come to rest in the first half. */
const LONG = 500;
export const LONG_RUN = { samples: 40, bounds: { ...EXACT, heapKB: 1, rssKB: 10 } };
const SHORT_RUN = { samples: 20, bounds: { ...EXACT, heapKB: 8, rssKB: 500 } };

/** @returns whether nothing grows. */
export const report = (
  samples: readonly Sample[],
  verdicts: readonly Verdict[],
  say: (line: string) => void,
): boolean => {
  const rows = samples.map((sample) => ({ ...sample }));
  for (const line of [...textTable(rows), '', ...textTable(verdictRows(verdicts, 'cycle'))]) say(line);
  return verdicts.every(({ ok }) => ok);
};

/** @returns whether nothing grows. */
export const soak = async (given: Soak): Promise<boolean> => {
  const { cycles, seed, token, data, say } = given;
  const own = given.relay === undefined ? await openRelayProgram(token) : undefined;
  const plan = planCycles(cycles, seed);
  const world = {
    data,
    log: createLog('supervisor', 'info', join(data, 'logs', 'supervisor.log')),
    options: { relay: given.relay ?? own?.url, enrollToken: token },
  };
  const { samples: wanted, bounds } = cycles < LONG ? SHORT_RUN : LONG_RUN;
  const every = Math.ceil(plan.length / wanted);
  // What it loads stays, and is nothing that a life has left.
  await loadLaunch();
  const idle = countActive();
  const samples: Sample[] = [await takeSample(0, [], idle)];
  let pids: number[] = [];
  const from = performance.now();
  try {
    for (const [i, cycle] of plan.entries()) {
      pids.push(await runCycle(world, cycle));
      given.afterEach();
      if ((i + 1) % every !== 0) continue;
      samples.push(await takeSample(i + 1, pids, idle));
      pids = [];
    }
  } finally {
    own?.close();
  }
  const seconds = Math.round((performance.now() - from) / 1000);
  say(`seed ${seed}: ${cycles} crashes and ${cycles} stops in ${seconds} s`);
  return report(samples, judge(samples, bounds), say);
};
