/** The whole of it: events by the schedule until the time is over, and then the report. */
import { messageOf } from '@guruconnect/shared/usage-error';
import type { EventKind } from './event.ts';
import { describeStep } from './describe-step.ts';
import type { Timed } from './finding.ts';
import { type StormSample, judgeGrowth } from './growth.ts';
import { takeSample } from './sample.ts';
import { schedule } from './schedule.ts';
import { takeStep } from './step.ts';
import { type StormReport, eventRows } from './summary.ts';
import { openWorld } from './world.ts';

export interface Storm {
  readonly minutes: number;
  readonly seed: number;
  readonly only: ReadonlySet<EventKind>;
  /** An empty folder of its own. */
  readonly scratch: string;
  readonly token: string;
  /** Node's own arguments for the lasting supervisor. */
  readonly nodeArgs: readonly string[];
  /** Ends it after the step that is under way. */
  readonly signal: AbortSignal;
  /** A line of what happens. */
  readonly say: (line: string) => void;
}

const MINUTE_MS = 60_000;

const clockOf = (ms: number): string =>
  `${Math.floor(ms / MINUTE_MS)}:${String(Math.floor((ms % MINUTE_MS) / 1000)).padStart(2, '0')}`;

/** Never throws once the agents are online: an agent that does not come back is a fault, and the end of it. */
export const runStorm = async (storm: Storm): Promise<StormReport> => {
  const { minutes, seed, only, signal, say } = storm;
  const world = await openWorld(storm);
  const timed: Timed[] = [];
  const faults: string[] = [];
  const samples: StormSample[] = [];
  const from = performance.now();
  const elapsed = (): number => performance.now() - from;
  let steps = 0;
  try {
    for (const step of schedule(seed, only)) {
      if (elapsed() >= minutes * MINUTE_MS || signal.aborted) break;
      steps += 1;
      const head = `#${steps} ${clockOf(elapsed())}`;
      const found = await takeStep(world, step);
      timed.push(...found.timed);
      faults.push(...found.faults.map((fault) => `#${steps} ${fault}`));
      const sample = await takeSample(world, steps, step.event);
      samples.push(sample);
      for (const line of describeStep(step.event, found, sample)) say(`${head} ${line}`);
    }
  } catch (error) {
    faults.push(`#${steps} ${messageOf(error)}`);
  }
  const seconds = Math.round(elapsed() / 1000);
  await world.close();
  const growth = judgeGrowth(samples);
  const ok = faults.length === 0 && steps > 0 && growth.every((verdict) => verdict.ok);
  return { seed, minutes, seconds, steps, events: eventRows(timed), growth, faults, ok };
};
