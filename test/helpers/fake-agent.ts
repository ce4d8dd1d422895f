/**
 * The agent as a program for the fake SCM: the product's own `supervise` and machine, stop note and status numbers; only the
 * worker and the disk are made up.
 */
import type { Control } from '@guruconnect/shared/pipe-protocol';
import type { Host, SpawnWorker, WorkerCallbacks } from '@guruconnect/supervisor/host';
import { OK } from '@guruconnect/supervisor/machine';
import { toControl, toScmStatus } from '@guruconnect/supervisor/status';
import { standsDown } from '@guruconnect/supervisor/stop-note';
import { supervise } from '@guruconnect/supervisor/supervise';
import type { FakeClock } from './fake-clock.ts';
import { type FakeProcess, type Program, START_REASON } from './fake-scm-service.ts';

/** How a worker behaves; times in milliseconds. */
export interface Behaviour {
  /** Until the hello; `never` for a worker that hangs in its start, `dies` for one that ends instead. */
  readonly hello: number | 'never' | 'dies';
  /** From the hello to a death that nobody asked for. */
  readonly dies?: number | undefined;
  /** From the hello to online. */
  readonly online: number;
  /** From the asking to the end; `never` for one that has to be killed. */
  readonly stop: number | 'never';
}

export const OBEDIENT: Behaviour = { hello: 200, online: 100, stop: 20 };

/** What survives a power cut. */
export interface FakeDisk {
  note: boolean;
  config: string | undefined;
}

export interface FakeAgent {
  readonly program: Program;
  readonly disk: FakeDisk;
  /** Whether some process is online now. */
  online(): boolean;
  /** Processes of it that are there now. */
  processes(): number;
  /** The worker ends, unasked. */
  crash(): void;
  /** For the workers that are still to come. */
  behave(behaviour: Partial<Behaviour>): void;
}

interface Running {
  readonly process: FakeProcess;
  link: 'offline' | 'online';
  end: () => void;
}

const createWorker = (clock: FakeClock, running: Running, behaviour: Behaviour): SpawnWorker => {
  const { process } = running;
  const later = (ms: number | 'never' | 'dies', act: () => void): void => {
    if (typeof ms === 'number') clock.after(ms, () => process.alive && act());
  };
  return (on: WorkerCallbacks) => {
    let ended = false;
    const end = (): void => {
      if (ended || !process.alive) return;
      ended = true;
      running.link = 'offline';
      on.exited({ pid: 1, code: 1, signal: undefined, lastWords: [] });
    };
    running.end = end;
    if (behaviour.hello === 'dies') later(100, end);
    later(behaviour.hello, () => {
      if (ended) return;
      on.ready();
      if (behaviour.dies !== undefined) later(behaviour.dies, end);
      later(behaviour.online, () => {
        if (!ended) running.link = 'online';
      });
    });
    return {
      pid: 1,
      askStop: (_reason: Control) => {
        later(behaviour.stop, end);
      },
      kill: () => {
        later(5, end);
      },
    };
  };
};

/** As `scm-host.ts`, and as the addon: StopPending is reported before the control handler returns. */
const createHost = (clock: FakeClock, process: FakeProcess): Host => {
  let checkPoint = 1;
  const early: Control[] = [];
  let listener = (control: Control): void => {
    early.push(control);
  };
  process.onControl((code) => {
    process.report(toReported({ state: 'stop-pending' }, 1));
    const control = toControl(code);
    if (control !== undefined) listener(control);
  });
  const report: Host['report'] = (next) => {
    checkPoint += 1;
    process.report(toReported(next, checkPoint));
    if (next.state === 'stopped') clock.after(10, () => process.exit(0));
  };
  return {
    report,
    checkpoint: () => {
      report({ state: 'stop-pending' });
    },
    onControl: (next) => {
      listener = next;
      early.splice(0).forEach(next);
    },
  };
};

const STATES = [undefined, 'stopped', 'start-pending', 'stop-pending', 'running'] as const;

const toReported = (...args: Parameters<typeof toScmStatus>): Parameters<FakeProcess['report']>[0] => {
  const { state, ...rest } = toScmStatus(...args);
  return { ...rest, state: STATES[state] ?? 'stopped' };
};

/** @param atStart what the service sees to beside its machine, as `service-upkeep.ts` does. */
export const createFakeAgent = (
  clock: FakeClock,
  disk: FakeDisk,
  atStart: () => Promise<unknown>,
): FakeAgent => {
  let behaviour = OBEDIENT;
  const all: Running[] = [];
  const alive = (): readonly Running[] => all.filter(({ process }) => process.alive);
  const program: Program = (process) => {
    const running: Running = { process, link: 'offline', end: () => undefined };
    all.push(running);
    const host = createHost(clock, process);
    if (standsDown(START_REASON[process.startReason], disk.note)) {
      host.report({ state: 'stopped', exit: OK });
      return;
    }
    disk.note = false;
    void atStart();
    supervise({
      host,
      spawnWorker: createWorker(clock, running, behaviour),
      clock,
      notice: (notice) => {
        if (notice.kind === 'transition' && notice.control === 'stop') disk.note = true;
      },
    }).done.catch(() => undefined);
  };
  return {
    program,
    disk,
    online: () => alive().some(({ link }) => link === 'online'),
    processes: () => alive().length,
    crash: () => {
      for (const { end } of alive()) end();
    },
    behave: (next) => {
      behaviour = { ...behaviour, ...next };
    },
  };
};
