/** One life of a service in this process: the product's supervisor, pipe, log, status and witness under a console's host. */
import { consoleHost } from '@guruconnect/supervisor/console-host';
import type { Notice } from '@guruconnect/supervisor/host';
import { startStatusTeller } from '@guruconnect/supervisor/status-teller';
import { supervise } from '@guruconnect/supervisor/supervise';
import { logNotice } from '@guruconnect/supervisor/supervisor-log';
import { createWitness } from '@guruconnect/supervisor/witness';
import { workerProcess } from '@guruconnect/supervisor/worker-process';
import { loadLaunch } from '@guruconnect/supervisor/worker-program';
import { OWN_SCRIPT } from '@guruconnect/supervisor/own-program';
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import type { Log } from '@guruconnect/shared/log';
import { within } from '@guruconnect/shared/within';
import { fixture } from '../helpers/program.ts';
import type { Cycle } from './plan.ts';

export interface World {
  readonly log: Log;
  readonly data: string;
  /** The agent's. */
  readonly options: AgentOptions;
}

const LIMIT_MS = 60_000;

const reached = ({ after, agent }: Cycle, notice: Notice): boolean => {
  if (after === 'spawn') return notice.kind === 'spawned';
  if (agent) return notice.kind === 'beat' && notice.beat.link === 'online';
  return notice.kind === 'transition' && notice.to === 'running';
};

/** @returns the worker's PID. @throws Error where the life has not ended as it had to, or not at all. */
export const runCycle = async ({ log, data, options }: World, cycle: Cycle): Promise<number> => {
  const launch = await loadLaunch();
  const host = consoleHost(systemClock.now, () => undefined);
  const giveSignalsBack = host.takeSignals();
  const teller = startStatusTeller(data, 'console', () => undefined);
  const witness = createWitness(data);
  let pid = 0;
  let due = false;
  const end = (): void => {
    if (cycle.end === 'stop') host.stop();
    else process.kill(pid, 'SIGKILL');
  };
  const heard: Notice[] = [];
  const notice = (told: Notice): void => {
    heard.push(told);
    logNotice(log, told, witness.notice(told));
    teller.notice(told);
    if (told.kind === 'spawned') pid = told.pid ?? 0;
    if (due || !reached(cycle, told)) return;
    due = true;
    setTimeout(end, cycle.delayMs);
  };
  const fail = (error: unknown): void => {
    supervision.fail(error);
  };
  const script = cycle.agent ? OWN_SCRIPT : fixture('worker-obedient');
  const supervision = supervise({
    host,
    spawnWorker: workerProcess({ script, options: { ...options, data } }, launch, fail),
    clock: systemClock,
    notice,
  });
  try {
    const exit = await within(supervision.done, LIMIT_MS);
    const code = cycle.end === 'stop' ? 0 : 1;
    if (exit?.code !== code)
      throw new Error(
        `${JSON.stringify(cycle)} ended with ${exit?.code ?? 'nothing'}: ${JSON.stringify(heard)}`,
      );
    return pid;
  } finally {
    teller.close();
    giveSignalsBack();
  }
};
