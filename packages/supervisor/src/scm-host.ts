/** The host that is the Service Control Manager. Connecting comes before anything else is loaded: it may take seconds. */
import { SCM_EVENT, type ScmAddon, type ScmBounds } from '@guruconnect/native';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Control } from '@guruconnect/shared/pipe-protocol';
import { settleable } from '@guruconnect/shared/settleable';
import { TIMING } from '@guruconnect/shared/timing';
import { within } from '@guruconnect/shared/within';
import type { Host } from './host.ts';
import { FAILED, type Report, SERVICE_CODE } from './machine.ts';
import { toControl, toScmStatus } from './status.ts';

/** ERROR_FAILED_SERVICE_CONTROLLER_CONNECT: this process was not started by the SCM. */
export const NOT_A_SERVICE = 1063;

export interface ScmConnection {
  /** Resolves with 0 or a Win32 error once the SCM has started the service, or the dispatcher has given up. */
  readonly started: Promise<number>;
  /** Resolves with 0 or a Win32 error when the dispatcher has returned; the process may end from then on. */
  readonly ended: Promise<number>;
  onControl(listener: (control: Control) => void): void;
}

/** What the addon does by itself for a service. */
export const SCM_BOUNDS: ScmBounds = {
  pendingWaitHintMs: TIMING.transitionHint,
  stopBudgetMs: TIMING.stopBudget,
  shutdownBudgetMs: TIMING.shutdownBudget,
  hungStepMs: TIMING.hungStep,
  endBudgetMs: TIMING.endBudget,
  hungExitCode: SERVICE_CODE.hung,
};

/** Connects to the dispatcher, at once. */
export const connectScm = (addon: ScmAddon, bounds: ScmBounds = SCM_BOUNDS): ScmConnection => {
  const started = settleable<number>();
  const ended = settleable<number>();
  const early: Control[] = [];
  let listener = (control: Control): void => {
    early.push(control);
  };
  addon.scmConnect(SERVICE_NAME, bounds, (event, code) => {
    const control = event === SCM_EVENT.control ? toControl(code) : undefined;
    if (control !== undefined) listener(control);
    if (event === SCM_EVENT.started) started.resolve(code);
    if (event !== SCM_EVENT.ended) return;
    started.resolve(code);
    ended.resolve(code);
  });
  return {
    started: started.promise,
    ended: ended.promise,
    onControl: (next) => {
      listener = next;
      early.splice(0).forEach(next);
    },
  };
};

/** @param onError hears of a status that the SCM did not take: operation, state, Win32 error. */
export const scmHost = (
  addon: ScmAddon,
  connection: ScmConnection,
  onError: (state: Report['state'], win32Error: number) => void,
): Host => {
  // Check point 1 is that of the addon's own reports: the first StartPending, and the control handler's StopPending.
  let checkPoint = 1;
  const report = (next: Report): void => {
    checkPoint += 1;
    const status = toScmStatus(next, checkPoint);
    const error = addon.scmSetStatus(
      status.state,
      status.controlsAccepted,
      status.win32ExitCode,
      status.serviceExitCode,
      status.checkPoint,
      status.waitHint,
    );
    if (error !== 0) onError(next.state, error);
  };
  return {
    report,
    checkpoint: () => {
      report({ state: 'stop-pending' });
    },
    onControl: connection.onControl,
  };
};

/**
 * The last resort of a supervisor that has failed before it had a host: a service that stays pending helps nobody.
 * @param before runs ahead of the report, where the SCM has started this process at all; that it fails changes nothing.
 */
export const failService = async (
  addon: ScmAddon,
  connection: ScmConnection,
  before: () => Promise<void>,
): Promise<void> => {
  if ((await connection.started) !== 0) return;
  await before().catch(() => undefined);
  scmHost(addon, connection, () => undefined).report({ state: 'stopped', exit: FAILED });
  await within(connection.ended, TIMING.dispatcherEnd);
};
