/** The lines of JSON that the lab programs print; `error` is always the Win32 code, 0 for success. */

export type ServiceState =
  'stopped' | 'start_pending' | 'stop_pending' | 'running' | 'continue_pending' | 'pause_pending' | 'paused';

export interface ServiceStatus {
  readonly state: ServiceState;
  readonly controlsAccepted: number;
  readonly win32ExitCode: number;
  readonly serviceSpecificExitCode: number;
  readonly checkPoint: number;
  readonly waitHint: number;
  /** 0 while stopped; the service manager does not know the process of a service that the stand-in runs. */
  readonly pid: number;
  /** A service runs only if its process lives as well: Wine goes on showing `running` for a dead one. */
  readonly alive: boolean;
}

/** The status comes with `query`, `wait` and `cycle`, and without the process with `control`. */
export interface SvcctlResult extends Partial<ServiceStatus> {
  readonly error: number;
  /** `start`, `control`: how long the call took. */
  readonly elapsedUs?: number;
  /** `wait`: how long until the state came, or the timeout. */
  readonly elapsedMs?: number;
  /** `cycle`: from the start call to running, of the stop call, from the stop call to stopped. */
  readonly startUs?: number;
  readonly stopCallUs?: number;
  readonly stopUs?: number;
  /** `left`: how many of the processes are still there after the time they were given. */
  readonly left?: number;
  /** `inherit`, `keep-open`: of the program that was run. */
  readonly exitCode?: number;
  /** `handles`: how many the process has. */
  readonly handles?: number;
  /** `messages`: the texts, in the order of the ids. */
  readonly messages?: readonly { readonly error: number; readonly text?: string }[];
  /** `cycle`: the half that ran into the timeout. */
  readonly failed?: 'start' | 'stop';
}

export interface StandinStep extends Partial<ServiceStatus> {
  /** The step as it was asked for. */
  readonly step: string;
  readonly error: number;
  /** `control`: what the service's handler returned, and how long it took to. */
  readonly result?: number;
  readonly handlerUs?: number;
  /** `wait`, `wait-exit`: how long the step waited. */
  readonly elapsedMs?: number;
  /** `wait-exit`. */
  readonly exitCode?: number;
}

export interface StandinResult {
  readonly error: number;
  readonly pid?: number;
  /** What the service answered to the order to start: 0 unless it refused. */
  readonly startResult?: number;
  readonly steps?: readonly StandinStep[];
  readonly exitCode?: number;
  /** The service still ran after the last step and was ended by force. */
  readonly terminated?: boolean;
  /** What the real service manager has recorded at the end. */
  readonly status?: ServiceStatus;
}
