/** The typed surface of the addon, and its only loader. Numbers cross this line; their meaning stays in TypeScript. */
import { createRequire } from 'node:module';
import { addonFile } from './addon-file.ts';
import type { EventLogAddon } from './event-log.ts';
import type { MainThreadAddon } from './main-thread.ts';
import type { ManagerAddon } from './manager.ts';
import type { SecretsAddon } from './secrets.ts';
import type { WinHttpAddon } from './winhttp-proxy.ts';
import type { WorkerProcessAddon } from './worker-process.ts';

export { addonFile } from './addon-file.ts';
export type * from './event-log.ts';
export type * from './main-thread.ts';
export type * from './manager.ts';
export type * from './secrets.ts';
export type * from './winhttp-proxy.ts';
export * from './worker-process.ts';

/** What the Service Control Manager has to say; see {@link ScmAddon.scmConnect}. */
export const SCM_EVENT = { started: 0, control: 1, ended: 2 } as const;
export type ScmEvent = (typeof SCM_EVENT)[keyof typeof SCM_EVENT];

/** What the addon does by itself, as the SCM does not wait for an event loop; see {@link ScmAddon.scmConnect}. */
export interface ScmBounds {
  readonly pendingWaitHintMs: number;
  /** StopPending until Stopped: then this process counts as one that hangs. */
  readonly stopBudgetMs: number;
  /** The same from SERVICE_CONTROL_SHUTDOWN on; of two budgets the one that ends first counts. */
  readonly shutdownBudgetMs: number;
  /** At the most for the notes of a process that hangs, and again for the report of it. */
  readonly hungStepMs: number;
  /** Stopped until this process is gone; it is ended then. */
  readonly endBudgetMs: number;
  /** dwServiceSpecificExitCode of a process that hangs, and the exit code of one that is ended. */
  readonly hungExitCode: number;
}

export interface ScmAddon {
  /**
   * Connects this process to the SCM on a thread of its own; once per process. The queue of events keeps the process
   * alive until `ended`.
   *
   * - `started`: code is 0, or the Win32 error of RegisterServiceCtrlHandlerExW. StartPending has already been reported,
   *   with `pendingWaitHintMs` and check point 1.
   * - `control`: code is SERVICE_CONTROL_STOP (1) or SERVICE_CONTROL_SHUTDOWN (5). StopPending has already been reported,
   *   with `pendingWaitHintMs` and check point 1.
   * - `ended`: code is 0 once Stopped was reported, 1063 if the SCM did not start this process, or another Win32 error.
   *
   * From the first StopPending on, whoever reports it, Stopped is expected within a budget. Where it does not come, the
   * notes of {@link scmNotes} are left, Stopped is reported with 1066 / `hungExitCode`, and the process is ended.
   */
  scmConnect(serviceName: string, bounds: ScmBounds, onEvent: (event: ScmEvent, code: number) => void): void;
  /**
   * The files to leave, empty, for a process that hangs: `stop` only where a SERVICE_CONTROL_STOP came first, `hung` in any
   * case. Absolute paths; that one cannot be written changes nothing else.
   */
  scmNotes(stop: string, hung: string): void;
  /**
   * SetServiceStatus with the raw members of SERVICE_STATUS.
   * @returns 0 or a Win32 error; 1062 once Stopped has been reported.
   */
  scmSetStatus(
    state: number,
    controlsAccepted: number,
    win32ExitCode: number,
    serviceExitCode: number,
    checkPoint: number,
    waitHintMs: number,
  ): number;
  /** The name that the service was installed under; empty before `started`. */
  scmServiceName(): string;
  /**
   * SERVICE_START_REASON_* of this start: 1 demand, 2 auto, 4 trigger, 8 restart on failure, 16 delayed auto. 0 before
   * `started`, and where Windows does not tell.
   */
  scmStartReason(): number;
}

/** What a process on Linux does to be a good child, and to know who talks to it. Every number alone is 0 or errno. */
export interface ChildAddon {
  /** prctl(PR_SET_PDEATHSIG). */
  setParentDeathSignal(signal: number): number;
  /** From now on the signal kills this process and the group it leads, also while JavaScript hangs. */
  killGroupOnSignal(signal: number): number;
  /** prctl(PR_SET_NO_NEW_PRIVS), for this process and all that it starts. */
  setNoNewPrivileges(): number;
  /** close_range with CLOSE_RANGE_CLOEXEC: what is open now, from the descriptor `first` on, reaches no program started later. EINVAL before Linux 5.11. */
  closeOnExec(first: number): number;
  /** SO_PEERCRED of a local socket's descriptor: the process at its other end when the connection was made. */
  peerOf(socket: number): { readonly error: number; readonly pid: number; readonly uid: number };
}

export class NativeError extends Error {
  override readonly name = 'NativeError';
  readonly code: 'addon-missing' | 'scm-unsupported';
  constructor(code: NativeError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

type Addon = ScmAddon &
  ManagerAddon &
  SecretsAddon &
  WinHttpAddon &
  WorkerProcessAddon &
  MainThreadAddon &
  EventLogAddon &
  ChildAddon;

let loaded: Partial<Addon> | undefined;

const load = (): Partial<Addon> => {
  try {
    // Once: what is in memory does not depend on a disk any more.
    if (loaded === undefined) {
      const file = addonFile();
      loaded = createRequire(file)(file) as Partial<Addon>;
    }
    return loaded;
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new NativeError(
      'addon-missing',
      `the native addon cannot be loaded (npm run native): ${why}`,
      cause,
    );
  }
};

const loadOnWindows = (): Partial<Addon> => {
  if (process.platform !== 'win32') {
    throw new NativeError('scm-unsupported', 'the Service Control Manager exists only on Windows');
  }
  return load();
};

/** The functions of a service. Throws a {@link NativeError} off Windows, and where the addon was not built. */
export const loadScm = (): ScmAddon => loadOnWindows() as ScmAddon;

/** The functions that control services, and what goes with installing one. Throws as {@link loadScm} does. */
export const loadManager = (): ManagerAddon & EventLogAddon =>
  loadOnWindows() as ManagerAddon & EventLogAddon;

/** The addon if it was built and has `name`, whatever the platform is. Never throws. */
const loadWith = (name: keyof Addon): Partial<Addon> | undefined => {
  try {
    const addon = load();
    return addon[name] === undefined ? undefined : addon;
  } catch {
    return undefined;
  }
};

/** What seals secrets to this machine, or `undefined` off Windows, and where the addon was not built. Never throws. */
export const loadSecrets = (): SecretsAddon | undefined =>
  loadWith('protectData') as SecretsAddon | undefined;

/** What knows the machine's proxy, or `undefined` as with {@link loadSecrets}. Never throws. */
export const loadWinHttp = (): WinHttpAddon | undefined =>
  loadWith('winHttpProxy') as WinHttpAddon | undefined;

/** What Linux has for children where the addon was built, otherwise `undefined`. Never throws. */
export const loadChild = (): ChildAddon | undefined =>
  loadWith('setParentDeathSignal') as ChildAddon | undefined;

/** What Windows has for starting and reaching a process tree, or `undefined` as with {@link loadSecrets}. Never throws. */
export const loadWorkerProcess = (): WorkerProcessAddon | undefined =>
  loadWith('workerLaunch') as WorkerProcessAddon | undefined;

/** What looks at another process's main thread, or `undefined` as with {@link loadSecrets}. Never throws. */
export const loadMainThread = (): MainThreadAddon | undefined =>
  loadWith('mainThreadCpuMs') as MainThreadAddon | undefined;

/** What speaks to the Event Log, or `undefined` as with {@link loadSecrets}. Never throws. */
export const loadEventLog = (): EventLogAddon | undefined =>
  loadWith('eventLogReport') as EventLogAddon | undefined;

/** Whether an addon was built for this platform. Never throws. */
export const isAddonBuilt = (): boolean => {
  try {
    load();
    return true;
  } catch {
    return false;
  }
};
