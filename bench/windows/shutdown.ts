/** The worst case of an end: a worker that does nothing of what it is told, as it stands still for good. */
import { type Claim, claimOf, notMeasured } from '../claim.ts';
import { TIMING } from '@guruconnect/shared/timing';
import type { Contender } from './contenders.ts';
import type { Laboratory } from './laboratory.ts';
import { PROGRAM } from './programs.ts';

/** What a measurement may have beside the budget: the budget is until the report, not until somebody has read it. */
const ROOM = 1.1;
const CONTROL_SHUTDOWN = 5;
/** Longer than any budget, in milliseconds. */
const FOR_GOOD = 60_000;
/** Running until the control, in which the worker comes to stand still. */
const STILL_MS = 5_000;
const WAIT_MS = 30_000;

interface Step {
  readonly error: number;
  readonly handlerUs?: number;
  readonly elapsedMs?: number;
}

/** By the lab's stand-in, as Wine's SCM sends no shutdown. Milliseconds from the control until Stopped. */
export const measureShutdown = async (
  { meter, watch, run }: Laboratory,
  { name, image, parent = '' }: Contender,
): Promise<number> => {
  const from = watch.mark();
  const steps = [
    `wait:running:${WAIT_MS}`,
    `sleep:${STILL_MS}`,
    `control:${CONTROL_SHUTDOWN}`,
    `wait:stopped:${WAIT_MS}`,
  ];
  const running = run(PROGRAM.standin, name, image, ...steps);
  await watch.next('session-online', from);
  await meter.ask('freeze', parent);
  const result = JSON.parse(await running) as { readonly error: number; readonly steps: readonly Step[] };
  const failed = [result, ...result.steps].find(({ error }) => error !== 0);
  if (failed !== undefined) throw new Error(`the stand-in: ${JSON.stringify(result)}`);
  const [, , control, stopped] = result.steps;
  return (control?.handlerUs ?? NaN) / 1000 + (stopped?.elapsedMs ?? NaN);
};

/** By the SCM. Milliseconds from the control until Stopped. */
export const measureDeafStop = async (
  { meter, watch }: Laboratory,
  { name, parent = '' }: Contender,
): Promise<number> => {
  const from = watch.mark();
  await meter.ask('start', name);
  await watch.next('session-online', from);
  const { begin, reached } = await meter.ask('busy', name, parent, FOR_GOOD);
  return reached - begin;
};

const claim = (name: string, values: readonly number[], graceMs: number, budgetMs: number): Claim => {
  const limit = Math.round(ROOM * budgetMs);
  const unit = `ms, the worst of ${values.length}`;
  if (values.length === 0) return notMeasured({ name, limit, unit }, 'there was none');
  return claimOf({ name, limit, unit, value: Math.max(...values), floor: graceMs, peers: {} });
};

/** The floor is the time that the worker is given to end well. */
export const shutdownClaims = (shutdowns: readonly number[], stops: readonly number[]): readonly Claim[] => [
  claim('shutdown: the worker ignores it', shutdowns, TIMING.shutdownGrace, TIMING.shutdownBudget),
  claim('stop: the worker ignores it', stops, TIMING.stopGrace, TIMING.stopBudget),
];
