/** What the main thread of a process has used of the processors: the typed surface of it. */

export interface NativeThreadTimes {
  /** 0 or a Win32 error: 1168 where no process has the PID, or none of its threads may be opened. */
  readonly error: number;
  /** Milliseconds in user and in kernel mode, counted in ticks of the system's clock; 0 on error. */
  readonly cpuMs: number;
}

export interface MainThreadAddon {
  /**
   * GetThreadTimes of the oldest thread of a process, which for a Node is the one of its event loop. A PID means its process
   * only as long as the caller has a handle of it open. Takes a snapshot of all threads of the machine: some milliseconds.
   *
   * https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-getthreadtimes
   */
  mainThreadCpuMs(pid: number): NativeThreadTimes;
}
