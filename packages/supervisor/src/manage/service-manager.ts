/**
 * The port to the Service Control Manager, for one service: every method is one call of advapi32 with the least rights it
 * needs, and keeps no handle, since an open one is what keeps a deleted service from going. Implemented by
 * `native-manager.ts` and, for the tests, by the fake SCM.
 *
 * Every method rejects with a {@link Win32Error}: 1060 where there is no such service, 5 without the rights.
 */

/** dwCurrentState. @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
export type ServiceStateName =
  'stopped' | 'start-pending' | 'stop-pending' | 'running' | 'continue-pending' | 'pause-pending' | 'paused';

/** SERVICE_STATUS_PROCESS. */
export interface ServiceStatus {
  readonly state: ServiceStateName;
  /** SERVICE_ACCEPT_* bits. */
  readonly controlsAccepted: number;
  readonly win32ExitCode: number;
  /** Means something where `win32ExitCode` is 1066. */
  readonly serviceExitCode: number;
  readonly checkPoint: number;
  /** Milliseconds. */
  readonly waitHint: number;
  /** 0 where there is no process. */
  readonly pid: number;
}

export type StartType = 'boot' | 'system' | 'auto' | 'demand' | 'disabled';

/** QUERY_SERVICE_CONFIG, as far as it is ours to set. */
export interface ServiceConfig {
  /** SERVICE_WIN32_OWN_PROCESS is 0x10. */
  readonly serviceType: number;
  readonly startType: StartType;
  /** SERVICE_ERROR_NORMAL is 1. */
  readonly errorControl: number;
  /** The command line, program first. */
  readonly imagePath: string;
  readonly displayName: string;
  readonly account: string;
}

export interface RecoveryAction {
  readonly kind: 'none' | 'restart' | 'reboot' | 'run-command';
  readonly delayMs: number;
}

/** SERVICE_FAILURE_ACTIONS: the n-th action answers the n-th failure, and the last one all that follow. */
export interface FailureActions {
  /** Seconds without a failure after which the count starts from zero again. */
  readonly resetPeriodS: number;
  readonly actions: readonly RecoveryAction[];
}

/** The process of the service, held by a handle: it cannot be mistaken for another one that got its PID. */
export interface ServiceProcess {
  readonly pid: number;
  /** Milliseconds since the Unix epoch. */
  readonly startedAt: number;
  /** Whether it has ended, after at most `ms` milliseconds of waiting for that. */
  ended(ms: number): Promise<boolean>;
  /** TerminateProcess. Ended already is no error. */
  terminate(): void;
  /** Lets go of the handle. */
  close(): void;
}

export interface ServiceManager {
  /** Name of the service. */
  readonly name: string;
  /** Whether services may be installed and changed at all: rejects with 5 without administrator rights. */
  authorize(): Promise<void>;
  status(): Promise<ServiceStatus>;
  config(): Promise<ServiceConfig>;
  /** 1073 where it exists, 1072 where it is marked for deletion. */
  create(config: ServiceConfig): Promise<void>;
  /** What is not given stays. One call, so all of it or nothing. */
  change(changes: Partial<ServiceConfig>): Promise<void>;
  /** Marks it for deletion; it goes with its process and the last open handle. */
  delete(): Promise<void>;
  /** Returns as soon as the process has reached the dispatcher. 1056 where it runs. */
  start(): Promise<void>;
  /** SERVICE_CONTROL_STOP. 1062 where it does not run, 1061 and 1052 where it takes no stop now. */
  stop(): Promise<void>;
  /** The service's process, or `undefined` where it has none. */
  process(): Promise<ServiceProcess | undefined>;

  description(): Promise<string>;
  setDescription(text: string): Promise<void>;
  failureActions(): Promise<FailureActions>;
  /** On a handle that has SERVICE_START as well: without it, restart actions are refused with 5. */
  setFailureActions(actions: FailureActions): Promise<void>;
  /** SERVICE_CONFIG_FAILURE_ACTIONS_FLAG: whether a reported failure counts as well as a vanished process. */
  failureFlag(): Promise<boolean>;
  setFailureFlag(on: boolean): Promise<void>;
  delayedStart(): Promise<boolean>;
  setDelayedStart(on: boolean): Promise<void>;
  /** Empty: all that the account has. */
  privileges(): Promise<readonly string[]>;
  setPrivileges(names: readonly string[]): Promise<void>;
}
