/** A process tree of its own, and the pipe to it: the typed surface of it. Windows only. */

export interface NativeLaunch {
  /** 0, or the Win32 error of making the pipes, the job or the process, or of getting the account's token. */
  readonly error: number;
  readonly pid: number;
  /**
   * Descriptors for `net.Socket`: what the process reads as its stdin, and what it writes to its stderr. Where they are not -1 they are
   * to be closed, on error as well.
   */
  readonly stdin: number;
  readonly stderr: number;
}

export interface NativePipeEnd {
  readonly error: number;
  /** A descriptor for `net.Socket`; -1 on error. */
  readonly fd: number;
  /** How many others have come before, and were hung up on. */
  readonly strangers: number;
}

/** Who a process runs as: as we do, or as NT AUTHORITY\LocalService without its privileges. */
export const WORKER_ACCOUNT = { own: 0, localService: 1 } as const;

/** `error` is 0 or a Win32 error everywhere. The promises take a thread of their own each, and keep the event loop alive. */
export interface WorkerProcessAddon {
  /**
   * CreateProcessW, or CreateProcessAsUserW for another account, inside a job object of its own: what is started there ends with this
   * process, and nothing can break away. It inherits three handles: its stdin, NUL as its stdout, its stderr.
   * @param environment `NAME=value` each, sorted by name without regard to case.
   * @param account one of {@link WORKER_ACCOUNT}.
   * @param mostProcesses of the job at the same time, itself among them; 0: as many as it likes. Wine does not hold it.
   */
  workerLaunch(
    application: string,
    commandLine: string,
    environment: readonly string[],
    account: number,
    mostProcesses: number,
  ): NativeLaunch;
  /** Its exit code, once it has ended; its descendants are ended then. `error` is 6 where the PID is not that of a child. */
  workerWait(pid: number): Promise<{ readonly error: number; readonly code: number }>;
  /** TerminateJobObject: ends it with its descendants, at once. 6 where it is over already. */
  workerTerminate(pid: number, exitCode: number): number;

  /** The SID, as text, of the user whom this process runs as. */
  processUser(): { readonly error: number; readonly sid: string };

  /** CreateNamedPipeW: one instance, the first of its name, local clients only. 5 (231 under Wine) where the name is taken. */
  sealedPipeCreate(name: string, sddl: string): { readonly error: number; readonly id: number };
  /** The end of the process with this PID, which must be held open; whoever else comes is hung up on. 995 once it is closed. */
  sealedPipeAccept(id: number, clientPid: number): Promise<NativePipeEnd>;
  /** Ends the waiting for the client, and is no error where there is none. */
  sealedPipeClose(id: number): void;
  /**
   * The client's end, at which the server can identify us and not act as us. 258 where it was busy all the time, 5 where it is
   * not the process with this PID that serves.
   */
  sealedPipeOpen(name: string, serverPid: number, timeoutMs: number): Promise<NativePipeEnd>;
}
