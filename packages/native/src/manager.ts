/** The controlling side of the SCM, and what installing needs of Windows' security: the typed surface of it. */

/** A handle of Windows': closed by {@link ManagerAddon.processClose} or when it is collected, once. */
export interface ProcessHandle {
  readonly __brand: 'process';
}

/** SERVICE_STATUS_PROCESS. */
export interface NativeStatus {
  readonly error: number;
  /** SERVICE_STOPPED (1) to SERVICE_PAUSED (7). */
  readonly state: number;
  readonly controlsAccepted: number;
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
  readonly checkPoint: number;
  readonly waitHintMs: number;
  /** 0 where there is no process. */
  readonly pid: number;
}

/** QUERY_SERVICE_CONFIG. */
export interface NativeConfig {
  readonly error: number;
  readonly serviceType: number;
  /** SERVICE_BOOT_START (0) to SERVICE_DISABLED (4). */
  readonly startType: number;
  readonly errorControl: number;
  readonly imagePath: string;
  readonly displayName: string;
  readonly account: string;
}

/** SERVICE_FAILURE_ACTIONS, without message and command. */
export interface NativeFailureActions {
  readonly error: number;
  readonly resetPeriodS: number;
  /** SC_ACTION_TYPE and delay in milliseconds, in turn. */
  readonly actions: readonly number[];
}

export interface OpenedProcess {
  /** 0, the error of asking the SCM or of OpenProcess, or 1237 where the PID was another one each time. */
  readonly error: number;
  /** What the SCM says; 0 where the service has no process. */
  readonly pid: number;
  /** Milliseconds since the Unix epoch; 0 without a process. */
  readonly startedAtMs: number;
  /** `undefined` on error, and where no process has the PID: its end has not reached the SCM yet. */
  readonly process: ProcessHandle | undefined;
}

/** One access control entry. */
export interface FileAce {
  /** ACCESS_ALLOWED_ACE_TYPE is 0, ACCESS_DENIED_ACE_TYPE is 1. */
  readonly type: number;
  /** INHERITED_ACE is 0x10. */
  readonly flags: number;
  readonly mask: number;
  /** As text; empty for the types of entry that files do not have. */
  readonly sid: string;
}

export interface FileSecurity {
  readonly error: number;
  /** SID as text. */
  readonly owner: string;
  /** `undefined` on error, and for a NULL DACL: everybody may do everything. */
  readonly aces: readonly FileAce[] | undefined;
}

export interface StatusReading {
  /**
   * 0, or 2 where nobody serves, 5 where the caller may not read, 258 where there was no answer in time, 234 where there
   * was more than a server may serve.
   */
  readonly error: number;
  /** PID of the process at the other end, whoever that is; 0 where nobody was reached. */
  readonly server: number;
  /** `<age in milliseconds>\n<text>`. */
  readonly text: string;
}

/**
 * Every function that returns a promise runs on a thread of libuv's pool, and keeps one of them (there are four) as long as
 * it takes. `error`, and every number returned alone, is 0 or a Win32 error; promises reject only where memory runs
 * out, and an argument of the wrong kind, or a text with a NUL in it, throws at once.
 *
 * The calls on a service open the SCM and the service with the least access that they need, and close both before they
 * return: 1060 where there is no such service, 5 without the rights.
 */
export interface ManagerAddon {
  /** OpenSCManager with SC_MANAGER_CREATE_SERVICE: 5 for everybody but administrators. */
  scmAuthorize(): Promise<number>;
  /** QueryServiceStatusEx. */
  scmStatus(service: string): Promise<NativeStatus>;
  /** QueryServiceConfigW. */
  scmConfig(service: string): Promise<NativeConfig>;
  /** CreateServiceW. An empty account is LocalSystem; others must be of the kind that has no password. */
  scmCreate(
    service: string,
    serviceType: number,
    startType: number,
    errorControl: number,
    imagePath: string,
    displayName: string,
    account: string,
  ): Promise<number>;
  /** ChangeServiceConfigW: 0xffffffff (SERVICE_NO_CHANGE) and null leave a member as it is. */
  scmChange(
    service: string,
    serviceType: number,
    startType: number,
    errorControl: number,
    imagePath: string | null,
    displayName: string | null,
    account: string | null,
  ): Promise<number>;
  /** DeleteService. */
  scmDelete(service: string): Promise<number>;
  /** StartServiceW, without arguments. */
  scmStart(service: string): Promise<number>;
  /** ControlService with SERVICE_CONTROL_STOP (1) or INTERROGATE (4), each with the right it needs; 87 for others. */
  scmControl(service: string, control: number): Promise<number>;
  /** SERVICE_CONFIG_DESCRIPTION; empty where there is none. */
  scmDescription(service: string): Promise<{ readonly error: number; readonly text: string }>;
  scmSetDescription(service: string, text: string): Promise<number>;
  /** SERVICE_CONFIG_FAILURE_ACTIONS; 124 under Wine, which takes them and forgets them. */
  scmFailureActions(service: string): Promise<NativeFailureActions>;
  /**
   * On a handle that may start the service as well, without which restarting is refused. `actions` as in
   * {@link NativeFailureActions}: 87 for an odd number of them; none at all removes what there was.
   */
  scmSetFailureActions(service: string, resetPeriodS: number, actions: readonly number[]): Promise<number>;
  /**
   * The levels that are one BOOL: SERVICE_CONFIG_DELAYED_AUTO_START_INFO (3) and SERVICE_CONFIG_FAILURE_ACTIONS_FLAG (4).
   * 124 for any other, and where the platform does not know these.
   */
  scmSwitch(service: string, level: number): Promise<{ readonly error: number; readonly on: boolean }>;
  scmSetSwitch(service: string, level: number, on: boolean): Promise<number>;
  /** SERVICE_CONFIG_REQUIRED_PRIVILEGES_INFO; empty means all that the account has. */
  scmPrivileges(service: string): Promise<{ readonly error: number; readonly names: readonly string[] }>;
  /** 87 for an empty name. */
  scmSetPrivileges(service: string, names: readonly string[]): Promise<number>;

  /**
   * Opens the service's process and asks the SCM again, so that the handle is surely that of the service. Done with
   * SeDebugPrivilege where the caller has it: LocalSystem's processes cannot be terminated without.
   */
  scmOpenProcess(service: string): Promise<OpenedProcess>;
  /**
   * 0 once it has ended, 258 (WAIT_TIMEOUT) after `ms`. A process closed meanwhile is waited for all the same. The end of
   * our own process waits as well, so `ms` has to be short.
   */
  processWait(process: ProcessHandle, ms: number): Promise<number>;
  /** TerminateProcess; at once. 0 where it has ended or is about to. */
  processTerminate(process: ProcessHandle, exitCode: number): number;
  /** Closing again is no error; waiting for and terminating a closed one throw. */
  processClose(process: ProcessHandle): void;

  /** Owner and DACL of a file or folder. */
  fileSecurity(path: string): Promise<FileSecurity>;
  /** CreateDirectoryW with a security descriptor in SDDL, so that it never exists without; 183 where it exists already. */
  makeProtectedFolder(path: string, sddl: string): Promise<number>;
  /**
   * Gives an existing file or folder the owner and the DACL of the SDDL (1338 where one is missing) and cuts off what it
   * inherits. Done with the privileges to take ownership and to restore, where the caller has them. 1920 for a
   * link or another reparse point, which could lead to somebody else's file; 1142 for a file that has another name as well.
   */
  protectFile(path: string, sddl: string): Promise<number>;

  /**
   * Serves the last published text to whoever may open the pipe, one reader after the other, from a thread of its own: an
   * event loop that hangs is answered for. Until the process ends, which it does not put off. Once per process (1247); 5
   * (231 under Wine) where the name is taken.
   */
  statusServe(pipe: string, sddl: string): number;
  /** Replaces the text served, whose age begins anew; empty before the first one. Cut at 64 KiB of UTF-8. */
  statusPublish(text: string): void;
  /** Reads what {@link statusServe} serves, with a server that can identify the caller and not act as it. */
  statusRead(pipe: string, timeoutMs: number): Promise<StatusReading>;
}
