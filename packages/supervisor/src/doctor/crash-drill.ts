/**
 * The crash drill: the worker is killed, as a crash would end it, and the SCM has to bring the agent back. A machine that
 * it does not bring back is started by hand: a drill must not cost a machine that nobody is near.
 */
import type { Clock } from '@guruconnect/shared/clock';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { sleep } from '../manage/ports.ts';
import type { ServiceStatus } from '../manage/service-manager.ts';
import type { Answer } from '../status-client.ts';

/** Milliseconds, each from the end of the one before. */
export interface DrillBounds {
  readonly end: number;
  readonly restart: number;
  readonly online: number;
}

export const DRILL_BOUNDS: DrillBounds = {
  end: TIMING.drillEnd,
  restart: TIMING.drillRestart,
  online: TIMING.drillOnline,
};

export interface DrillPorts {
  readonly clock: Clock;
  /** The true status of the service. @throws Win32Error */
  readonly status: () => Promise<ServiceStatus>;
  readonly ask: () => Promise<Answer>;
  /** TerminateProcess. @throws Error where it is refused */
  readonly kill: (pid: number) => Promise<void>;
  /** By hand. @throws Win32Error, ServiceError */
  readonly start: () => Promise<void>;
  readonly step: (what: string, limitMs?: number) => void;
}

export type DrillPhase = 'worker killed' | 'service stopped' | 'restarted by the SCM' | 'online';

export interface Passed {
  readonly phase: DrillPhase;
  /** Since the kill. */
  readonly afterMs: number;
}

export type DrillResult =
  | { readonly kind: 'recovered'; readonly passed: readonly Passed[] }
  /** `missing` did not come within its bound; `started`: the service was started by hand, `why` where not even that. */
  | {
      readonly kind: 'not-recovered';
      readonly passed: readonly Passed[];
      readonly missing: DrillPhase;
      readonly started: boolean;
      readonly why?: string | undefined;
    };

/** A look that fails must not end a drill whose worker is dead: the bound does, and then the start by hand. */
const notYet = (): boolean => false;

/** Looks until it holds: of the SCM's queue and of the link there are no events to be had. @returns the time, if it came. */
const awaitPhase = async (
  { clock }: DrillPorts,
  boundMs: number,
  holds: () => Promise<boolean>,
): Promise<number | undefined> => {
  const end = clock.now() + boundMs;
  for (;;) {
    if (await holds().catch(notYet)) return clock.now();
    if (clock.now() >= end) return undefined;
    await sleep(clock, TIMING.statePoll);
  }
};

interface Phase {
  readonly phase: DrillPhase;
  readonly boundMs: number;
  readonly holds: () => Promise<boolean>;
}

/** @param workerPid the one that was killed. @param pid of the supervisor that it had. */
const phasesOf = (
  { status, ask }: DrillPorts,
  workerPid: number,
  pid: number,
  bounds: DrillBounds,
): readonly Phase[] => [
  {
    phase: 'service stopped',
    boundMs: bounds.end,
    // It may be up again by the time that it is looked at.
    holds: async () => {
      const now = await status();
      return now.state === 'stopped' || now.pid !== pid;
    },
  },
  {
    phase: 'restarted by the SCM',
    boundMs: bounds.restart,
    holds: async () => {
      const now = await status();
      return now.state === 'running' && now.pid !== pid;
    },
  },
  {
    phase: 'online',
    boundMs: bounds.online,
    holds: async () => {
      const answer = await ask();
      if (answer.kind !== 'answer') return false;
      const { link, workerPid: worker } = answer.live;
      return link?.state === 'online' && worker !== workerPid && answer.live.pid !== pid;
    },
  },
];

const startByHand = async (
  ports: DrillPorts,
): Promise<{ readonly started: boolean; readonly why?: string }> => {
  ports.step('starting the service by hand');
  try {
    const isUp = await ports.status().then(({ state }) => state === 'running', notYet);
    if (isUp) return { started: false };
    await ports.start();
    return { started: true };
  } catch (error) {
    return { started: false, why: messageOf(error) };
  }
};

/** @param victim of a supervisor that was just heard, and holds the worker: the PID cannot be another's. @throws Error where the worker cannot be killed */
export const crashDrill = async (
  ports: DrillPorts,
  victim: { readonly pid: number; readonly workerPid: number },
  bounds: DrillBounds = DRILL_BOUNDS,
): Promise<DrillResult> => {
  ports.step(`killing the worker, pid ${victim.workerPid}`);
  const start = ports.clock.now();
  await ports.kill(victim.workerPid);
  const passed: Passed[] = [{ phase: 'worker killed', afterMs: ports.clock.now() - start }];
  for (const { phase, boundMs, holds } of phasesOf(ports, victim.workerPid, victim.pid, bounds)) {
    ports.step(`the agent to be ${phase}`, boundMs);
    const at = await awaitPhase(ports, boundMs, holds);
    if (at === undefined)
      return { kind: 'not-recovered', passed, missing: phase, ...(await startByHand(ports)) };
    passed.push({ phase, afterMs: at - start });
  }
  return { kind: 'recovered', passed };
};
