/** The ports of the supervisor: who asks for a stop and hears the reports, what runs the worker, who is told. */
import type { Clock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import type { Beat, Control } from '@guruconnect/shared/pipe-protocol';
import type { Hang } from './hang.ts';
import type { WorkerWords } from './worker-words.ts';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import type { Report, ServiceState, Wait } from './machine.ts';
import type { StoreBroker } from './store-broker.ts';

/** The SCM, a console, or a test. */
export interface Host {
  report(report: Report): void;
  /** StopPending once more, with a higher check point. */
  checkpoint(): void;
  /** From now on controls go to `listener`; those that came earlier are delivered at once. */
  onControl(listener: (control: Control) => void): void;
}

/** How a worker came to its end. */
export interface WorkerExit {
  /** Undefined where the process never came to be. */
  readonly pid: number | undefined;
  readonly code: number | undefined;
  readonly signal: string | undefined;
  /** The last lines it wrote to stderr. */
  readonly lastWords: readonly string[];
}

/** A local permanent fault, in the worker's words. */
export interface WorkerFault {
  readonly code: string;
  readonly message: string;
}

export interface WorkerCallbacks {
  ready(): void;
  beat(beat: Beat): void;
  fault(fault: WorkerFault): void;
  hung(hang: Hang): void;
  /** Somebody else came to the pipe; the first of them. */
  stranger(): void;
  /** Beats are missing, for so long by now. */
  silent(forMs: number): void;
  /** What it has written to its stderr, and lives on. */
  wrote(words: WorkerWords): void;
  pipeLost(): void;
  exited(exit: WorkerExit): void;
}

export interface Worker {
  readonly pid: number | undefined;
  /** Over the pipe; before the hello it is the answer to it. */
  askStop(reason: Control): void;
  kill(): void;
}

/** Never throws: a process that cannot be spawned is one that has exited. */
export type SpawnWorker = (callbacks: WorkerCallbacks) => Worker;

/** Which program to run as the worker. */
export interface WorkerProgram {
  /** `undefined`: it is in the executable. */
  readonly script: string | undefined;
  /** Options of node's own, before the script; left out: what the worker is restricted by. None without a script. */
  readonly nodeArgs?: readonly string[];
  readonly options: AgentOptions;
  /** The machine has just started, and many others with it. */
  readonly afterBoot?: boolean;
  /** Whom it runs as, where a service says so. */
  readonly account?: WorkerAccount;
  /** For a worker that may not touch the store itself. */
  readonly broker?: StoreBroker;
  /** Milliseconds between its beats; {@link TIMING.beat} where there is no reason for others. */
  readonly beatMs?: number;
}

/** Everything worth telling, to a log or a person. */
export type Notice =
  | {
      readonly kind: 'transition';
      readonly from: string;
      readonly event: string;
      readonly to: ServiceState['kind'];
      /** Which one, where the event is a control. */
      readonly control?: Control;
    }
  | { readonly kind: 'spawned'; readonly pid: number | undefined }
  | { readonly kind: 'beat'; readonly beat: Beat }
  | { readonly kind: 'fault'; readonly fault: WorkerFault }
  /** Somebody who is not the worker came to its pipe, and was turned away. */
  | { readonly kind: 'stranger' }
  /** The worker's beats are missing; not for long enough to be a hang. */
  | { readonly kind: 'silent'; readonly forMs: number }
  /** The worker has written something to its stderr, and lives on. */
  | { readonly kind: 'wrote'; readonly words: WorkerWords }
  /** `after` is the bound that had passed; `hang` says how it hung. */
  | { readonly kind: 'killed'; readonly after: Wait | 'hung'; readonly hang?: Hang }
  | { readonly kind: 'exited'; readonly exit: WorkerExit }
  /** The supervisor's own code has failed. */
  | { readonly kind: 'failed'; readonly error: unknown };

/** All that `supervise` needs of the world. */
export interface SupervisePorts {
  readonly host: Host;
  readonly spawnWorker: SpawnWorker;
  readonly clock: Clock;
  readonly notice: (notice: Notice) => void;
}
