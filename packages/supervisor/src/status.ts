/** What the SCM calls things: reports as the numbers of SERVICE_STATUS. Pure. */
import { TIMING } from '@guruconnect/shared/timing';
import type { Report, ServiceExit } from './machine.ts';

/** Members of SERVICE_STATUS. @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status */
export interface ScmStatus {
  readonly state: number;
  readonly controlsAccepted: number;
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
  readonly checkPoint: number;
  /** Milliseconds. */
  readonly waitHint: number;
}

const STATES = { stopped: 1, 'start-pending': 2, 'stop-pending': 3, running: 4 } as const;
const SERVICE_ACCEPT_STOP = 0x1;
const SERVICE_ACCEPT_SHUTDOWN = 0x4;
const ERROR_SERVICE_SPECIFIC_ERROR = 1066;

const exitCodes = (exit: ServiceExit): Pick<ScmStatus, 'win32ExitCode' | 'serviceExitCode'> =>
  exit.kind === 'win32'
    ? { win32ExitCode: exit.code, serviceExitCode: 0 }
    : { win32ExitCode: ERROR_SERVICE_SPECIFIC_ERROR, serviceExitCode: exit.code };

/** @param checkPoint counts up within one pending state; the control handler has used 1 for its own StopPending. */
export const toScmStatus = (report: Report, checkPoint: number): ScmStatus => {
  const pending = report.state === 'start-pending' || report.state === 'stop-pending';
  return {
    state: STATES[report.state],
    controlsAccepted: report.state === 'running' ? SERVICE_ACCEPT_STOP | SERVICE_ACCEPT_SHUTDOWN : 0,
    ...(report.state === 'stopped' ? exitCodes(report.exit) : { win32ExitCode: 0, serviceExitCode: 0 }),
    checkPoint: pending ? checkPoint : 0,
    waitHint: pending ? TIMING.transitionHint : 0,
  };
};

const CONTROLS: Readonly<Record<number, 'stop' | 'shutdown'>> = { 1: 'stop', 5: 'shutdown' };

/** SERVICE_CONTROL_STOP and SERVICE_CONTROL_SHUTDOWN; nothing else is passed on by the addon. */
export const toControl = (code: number): 'stop' | 'shutdown' | undefined => CONTROLS[code];
