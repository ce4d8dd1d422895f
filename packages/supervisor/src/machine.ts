/**
 * The life of the service, as a table. Pure: no time, no process, no SCM.
 *
 * The exit is fixed on entering `stopping`, by whether a stop was asked and never by the worker's exit code: with the
 * failure-actions flag set, anything but `Win32(0)` after an asked stop would make the SCM restart what an administrator
 * has just stopped; and a worker that leaves unasked is a crash, whatever its code. That is also why `pipe-lost` and
 * `worker-exited`, which race in real life, commute.
 */
import type { Step } from '@guruconnect/shared/machine-runner';
import type { Control } from '@guruconnect/shared/pipe-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';

/** Our codes beside `ERROR_SERVICE_SPECIFIC_ERROR` (1066). `hung` is the addon's word, where this machine does not run any more. */
export const SERVICE_CODE = { failed: 1, hung: 2 } as const;

/** What the SCM is told at the end: `NO_ERROR`, or `ERROR_SERVICE_SPECIFIC_ERROR` (1066) with code 1. */
export type ServiceExit =
  { readonly kind: 'win32'; readonly code: 0 } | { readonly kind: 'service-specific'; readonly code: 1 };

export const OK: ServiceExit = { kind: 'win32', code: 0 };
export const FAILED: ServiceExit = { kind: 'service-specific', code: SERVICE_CODE.failed };

export type Report =
  | { readonly state: 'start-pending' | 'running' | 'stop-pending' }
  | { readonly state: 'stopped'; readonly exit: ServiceExit };

export type ServiceState =
  | { readonly kind: 'starting' }
  | { readonly kind: 'running' }
  | { readonly kind: 'stopping'; readonly exit: ServiceExit; readonly killed: boolean }
  | { readonly kind: 'stopped'; readonly exit: ServiceExit };

export type ServiceEvent =
  /** The worker said hello. */
  | { readonly kind: 'worker-ready' }
  | { readonly kind: 'control'; readonly control: Control }
  /** The worker's end of the pipe is closed. */
  | { readonly kind: 'pipe-lost' }
  /** The worker's event loop has not been heard of for too long. */
  | { readonly kind: 'worker-hung' }
  /** The worker's process is gone, or never came to be. */
  | { readonly kind: 'worker-exited' }
  /** The one timer has fired. */
  | { readonly kind: 'timeout' };

/** The bounded waits: for the hello, for a stop that was asked, for the exit after the pipe's end, for a kill to work. */
export type Wait = 'hello' | 'stop' | 'shutdown' | 'exit' | 'kill';

export type ServiceEffect =
  | { readonly kind: 'report'; readonly report: Report }
  /** StopPending again with a higher check point: something really progressed. */
  | { readonly kind: 'checkpoint' }
  | { readonly kind: 'spawn' }
  | { readonly kind: 'ask-stop'; readonly reason: Control }
  | { readonly kind: 'kill' }
  | { readonly kind: 'timer'; readonly wait: Wait }
  | { readonly kind: 'timer-off' };

type ServiceStep = Step<ServiceState, ServiceEffect>;

const stay = (state: ServiceState): ServiceStep => ({ state, effects: [] });

const report = (state: 'start-pending' | 'running' | 'stop-pending'): ServiceEffect => ({
  kind: 'report',
  report: { state },
});

const stopped = (exit: ServiceExit): ServiceStep => ({
  state: { kind: 'stopped', exit },
  effects: [{ kind: 'timer-off' }, { kind: 'report', report: { state: 'stopped', exit } }],
});

const stopping = (exit: ServiceExit, wait: Wait, act: readonly ServiceEffect[] = []): ServiceStep => ({
  state: { kind: 'stopping', exit, killed: wait === 'kill' },
  effects: [report('stop-pending'), ...act, { kind: 'timer', wait }],
});

const askStop = (reason: Control): ServiceStep => stopping(OK, reason, [{ kind: 'ask-stop', reason }]);
const killNow = (): ServiceStep => stopping(FAILED, 'kill', [{ kind: 'kill' }]);

export const startService: ServiceStep = {
  state: { kind: 'starting' },
  effects: [report('start-pending'), { kind: 'spawn' }, { kind: 'timer', wait: 'hello' }],
};

const starting = (state: ServiceState & { kind: 'starting' }, event: ServiceEvent): ServiceStep => {
  switch (event.kind) {
    case 'worker-ready':
      return { state: { kind: 'running' }, effects: [{ kind: 'timer-off' }, report('running')] };
    case 'control':
      return askStop(event.control);
    case 'pipe-lost':
      return stopping(FAILED, 'exit');
    case 'worker-exited':
      return stopped(FAILED);
    case 'timeout':
      return killNow();
    case 'worker-hung':
      return stay(state);
    default:
      return unreachable(event);
  }
};

const running = (state: ServiceState & { kind: 'running' }, event: ServiceEvent): ServiceStep => {
  switch (event.kind) {
    case 'control':
      return askStop(event.control);
    case 'pipe-lost':
      return stopping(FAILED, 'exit');
    case 'worker-hung':
      return killNow();
    case 'worker-exited':
      return stopped(FAILED);
    case 'worker-ready':
    case 'timeout':
      return stay(state);
    default:
      return unreachable(event);
  }
};

const inStopping = (state: ServiceState & { kind: 'stopping' }, event: ServiceEvent): ServiceStep => {
  switch (event.kind) {
    case 'pipe-lost':
      return { state, effects: [{ kind: 'checkpoint' }] };
    case 'worker-exited':
      return stopped(state.exit);
    case 'timeout':
      return {
        state: { ...state, killed: true },
        effects: [
          { kind: 'kill' },
          ...(state.killed ? [] : [{ kind: 'checkpoint' } as const]),
          { kind: 'timer', wait: 'kill' },
        ],
      };
    case 'worker-ready':
    case 'control':
    case 'worker-hung':
      return stay(state);
    default:
      return unreachable(event);
  }
};

/** Total: every state answers every event. */
export const stepService = (state: ServiceState, event: ServiceEvent): ServiceStep => {
  switch (state.kind) {
    case 'starting':
      return starting(state, event);
    case 'running':
      return running(state, event);
    case 'stopping':
      return inStopping(state, event);
    case 'stopped':
      return stay(state);
    default:
      return unreachable(state);
  }
};
