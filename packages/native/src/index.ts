/** The typed surface of the addon, and its only loader. Numbers cross this line; their meaning stays in TypeScript. */
import { createRequire } from 'node:module';
import { fileURLToPath } from 'node:url';
import type { ManagerAddon } from './manager.ts';
import type { SecretsAddon } from './secrets.ts';
import type { WinHttpAddon } from './winhttp-proxy.ts';

export type * from './manager.ts';
export type * from './secrets.ts';
export type * from './winhttp-proxy.ts';

/** What the Service Control Manager has to say; see {@link ScmAddon.scmConnect}. */
export const SCM_EVENT = { started: 0, control: 1, ended: 2 } as const;
export type ScmEvent = (typeof SCM_EVENT)[keyof typeof SCM_EVENT];

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
   */
  scmConnect(
    serviceName: string,
    pendingWaitHintMs: number,
    onEvent: (event: ScmEvent, code: number) => void,
  ): void;
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

export interface ParentDeathAddon {
  /** prctl(PR_SET_PDEATHSIG). @returns 0 or errno. */
  setParentDeathSignal(signal: number): number;
}

export class NativeError extends Error {
  override readonly name = 'NativeError';
  readonly code: 'addon-missing' | 'scm-unsupported';
  constructor(code: NativeError['code'], message: string, cause?: unknown) {
    super(message, { cause });
    this.code = code;
  }
}

const file = fileURLToPath(
  new URL(`../build/${process.platform}-${process.arch}/Release/guruconnect.node`, import.meta.url),
);

type Addon = ScmAddon & ManagerAddon & SecretsAddon & WinHttpAddon & ParentDeathAddon;

const load = (): Partial<Addon> => {
  try {
    return createRequire(import.meta.url)(file) as Partial<Addon>;
  } catch (cause) {
    throw new NativeError(
      'addon-missing',
      `the native addon cannot be loaded: ${file} (npm run native)`,
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

/** The functions that control services. Throws as {@link loadScm} does. */
export const loadManager = (): ManagerAddon => loadOnWindows() as ManagerAddon;

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

/** The parent-death signal where the platform has one and the addon was built, otherwise `undefined`. */
export const loadParentDeath = (): ParentDeathAddon | undefined =>
  loadWith('setParentDeathSignal') as ParentDeathAddon | undefined;

/** Whether an addon was built for this platform. Never throws. */
export const isAddonBuilt = (): boolean => {
  try {
    load();
    return true;
  } catch {
    return false;
  }
};
