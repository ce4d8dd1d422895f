/**
 * One service as the Service Control Manager keeps it, with Microsoft's documented rules on states, controls and failures.
 * Everything happens on a virtual clock. The rules are numbered here, and each is tested by its number. A page named
 * `nf-winsvc-…` or `ns-winsvc-…` is below https://learn.microsoft.com/windows/win32/api/winsvc/, and [MS-SCMR] is
 * https://learn.microsoft.com/openspecs/windows_protocols/ms-scmr/.
 */
import type { Timer } from '@guruconnect/shared/clock';
import type {
  FailureActions,
  ServiceConfig,
  ServiceStatus,
} from '@guruconnect/supervisor/manage/service-manager';
import { WIN32 } from '@guruconnect/supervisor/manage/win32-error';
import type { FakeClock } from './fake-clock.ts';

/** @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_start_reason */
export const START_REASON = { demand: 1, auto: 2, restart: 8 } as const;
export type StartReason = keyof typeof START_REASON;

/** What a service process can do, and what a test can do to it. */
export interface FakeProcess {
  readonly pid: number;
  readonly imagePath: string;
  readonly startReason: StartReason;
  /** Milliseconds of the clock. */
  readonly startedAt: number;
  /** SetServiceStatus. */
  report(status: Omit<ServiceStatus, 'pid'>): void;
  /** The control handler: SERVICE_CONTROL_STOP is 1. */
  onControl(handler: (control: number) => void): void;
  /** The process ends, by itself or by force. */
  exit(code: number): void;
  readonly alive: boolean;
  onExit(listener: () => void): void;
}

/** Runs in the new process. Returns false where it never reaches the dispatcher. */
export type Program = (process: FakeProcess) => unknown;

export interface FakeService {
  readonly name: string;
  config: ServiceConfig;
  description: string;
  failureActions: FailureActions;
  failureFlag: boolean;
  delayedStart: boolean;
  privileges: readonly string[];
  status: ServiceStatus;
  /** When the state or the check point has changed last. */
  progressAt: number;
  process: FakeProcess | undefined;
  /** Marked for deletion. */
  marked: boolean;
  /** Handles that somebody has open. */
  handles: number;
  /** Failures since the last reset. */
  failures: number;
  failedAt: number;
  /** Restarts that are queued. */
  readonly queue: Set<Timer>;
}

const STOPPED: ServiceStatus = {
  state: 'stopped',
  controlsAccepted: 0,
  win32ExitCode: WIN32.serviceNeverStarted,
  serviceExitCode: 0,
  checkPoint: 0,
  waitHint: 0,
  pid: 0,
};

export const createService = (name: string, config: ServiceConfig): FakeService => ({
  name,
  config,
  description: '',
  // ns-winsvc-service_failure_actions_flag: the default of the flag is FALSE, and there are no actions.
  failureActions: { resetPeriodS: 0, actions: [] },
  failureFlag: false,
  delayedStart: false,
  privileges: [],
  status: STOPPED,
  progressAt: 0,
  process: undefined,
  marked: false,
  handles: 0,
  failures: 0,
  failedAt: -Infinity,
  queue: new Set(),
});

/** What of a service is kept in memory only, and gone with the power. */
export const forget = (service: FakeService): void => {
  for (const timer of service.queue) timer.cancel();
  service.queue.clear();
  Object.assign(service, {
    status: STOPPED,
    process: undefined,
    failures: 0,
    failedAt: -Infinity,
    handles: 0,
  });
};

export interface ServiceWorld {
  readonly clock: FakeClock;
  readonly nextPid: () => number;
  readonly programOf: (imagePath: string) => Program | undefined;
  /** Something a service must not do. */
  readonly violation: (what: string) => void;
  readonly tell: (what: string) => void;
  /** The service is stopped: one that is marked and not held goes now. */
  readonly stopped: (service: FakeService) => void;
}

/**
 * Rule 1. Failure n is answered by action n, and by the last one if there is none; the count starts anew after the reset
 * period without a failure. ns-winsvc-service_failure_actionsw: "If the number of failures ... exceeds cActions, the
 * service control manager repeats action [cActions-1]".
 * Rule 2. What is queued is not cancelled by a start or a stop meanwhile: nf-winsvc-changeserviceconfig2w, Remarks.
 */
const fail = (world: ServiceWorld, service: FakeService): void => {
  const { clock } = world;
  const { resetPeriodS, actions } = service.failureActions;
  if (clock.now() - service.failedAt >= resetPeriodS * 1000) service.failures = 0;
  service.failures += 1;
  service.failedAt = clock.now();
  const action = actions[Math.min(service.failures, actions.length) - 1];
  if (action?.kind !== 'restart') return;
  world.tell(`${service.name}: failure ${service.failures}, restart in ${action.delayMs} ms`);
  const timer = clock.after(action.delayMs, () => {
    service.queue.delete(timer);
    // A service that is disabled, marked or running is not started: the restart is a StartService like any other.
    if (startError(world, service) === 0) launch(world, service, 'restart');
  });
  service.queue.add(timer);
};

/**
 * Rule 3. A process that ends without having reported STOPPED is a failure (1067), whatever the flag; with the flag, so is a
 * STOPPED with an error: ns-winsvc-service_failure_actions_flag.
 */
const onProcessExit = (world: ServiceWorld, service: FakeService): void => {
  service.process = undefined;
  if (service.status.state !== 'stopped') {
    service.status = { ...STOPPED, win32ExitCode: WIN32.processAborted };
    world.tell(`${service.name}: the process vanished`);
    fail(world, service);
  }
  world.stopped(service);
};

/** Rule 4. STOPPED is reported once, and nothing after it: nf-winsvc-setservicestatus. */
const onReport = (
  world: ServiceWorld,
  service: FakeService,
  pid: number,
  status: Omit<ServiceStatus, 'pid'>,
): void => {
  if (service.status.state === 'stopped') {
    world.violation(`${service.name}: ${status.state} after stopped`);
    return;
  }
  const stopped = status.state === 'stopped';
  if (status.state !== service.status.state || status.checkPoint > service.status.checkPoint)
    service.progressAt = world.clock.now();
  service.status = { ...status, pid: stopped ? 0 : pid };
  world.tell(
    `${service.name}: ${status.state}${stopped ? ` ${status.win32ExitCode}/${status.serviceExitCode}` : ''}`,
  );
  if (stopped && status.win32ExitCode !== 0 && service.failureFlag) fail(world, service);
};

/** Rule 5. Why a start is refused; 0 where it is not: nf-winsvc-startservicew. */
export const startError = (world: ServiceWorld, service: FakeService): number => {
  if (service.marked) return WIN32.serviceMarkedForDelete;
  if (service.config.startType === 'disabled') return WIN32.serviceDisabled;
  if (service.process !== undefined) return WIN32.serviceAlreadyRunning;
  return world.programOf(service.config.imagePath) === undefined ? WIN32.fileNotFound : 0;
};

export const launch = (world: ServiceWorld, service: FakeService, startReason: StartReason): void => {
  const pid = world.nextPid();
  const { imagePath } = service.config;
  const exits: (() => void)[] = [];
  let alive = true;
  const process: FakeProcess & { handler?: (control: number) => void } = {
    pid,
    imagePath,
    startReason,
    startedAt: world.clock.now(),
    get alive() {
      return alive && service.process === process;
    },
    report: (status) => {
      if (process.alive) onReport(world, service, pid, status);
    },
    onControl: (handler) => {
      process.handler = handler;
    },
    exit: () => {
      if (!process.alive) return;
      alive = false;
      onProcessExit(world, service);
      for (const listener of exits) listener();
    },
    onExit: (listener) => {
      exits.push(listener);
    },
  };
  service.process = process;
  service.progressAt = world.clock.now();
  // nf-winsvc-startservicew: "the service control manager ... sets the state to SERVICE_START_PENDING", with a hint of 2 s.
  service.status = { ...STOPPED, state: 'start-pending', win32ExitCode: 0, waitHint: 2000, pid };
  world.tell(`${service.name}: started (${startReason})`);
  world.programOf(imagePath)?.(process);
};

const CONTROL_SHUTDOWN = 5;
const ACCEPT_STOP = 1;
const ACCEPT_SHUTDOWN = 4;

/** Rule 6. The answers to a control by state: nf-winsvc-controlservice (1062, 1061, 1052). */
export const control = (service: FakeService, code: number): number => {
  const { state, controlsAccepted } = service.status;
  if (state === 'stopped') return WIN32.serviceNotActive;
  if (state === 'start-pending' || state === 'stop-pending') return WIN32.serviceCannotAcceptControl;
  const accepted = code === CONTROL_SHUTDOWN ? ACCEPT_SHUTDOWN : ACCEPT_STOP;
  if ((controlsAccepted & accepted) === 0) return WIN32.invalidServiceControl;
  (service.process as { handler?: (control: number) => void } | undefined)?.handler?.(code);
  return 0;
};

/** The SCM waits 30 s at the most for a sign of life: https://learn.microsoft.com/windows/win32/services/service-servicemain-function */
const PATIENCE_MS = 30_000;

/**
 * Rule 7. Pending for longer than the wait hint, or than 30 s, without a new check point: anybody may call it hung, and the
 * SCM itself does nothing about it. ns-winsvc-service_status, dwWaitHint.
 */
export const isHung = ({ status, progressAt }: FakeService, now: number): boolean =>
  status.state.endsWith('-pending') && now - progressAt > Math.min(status.waitHint, PATIENCE_MS);
