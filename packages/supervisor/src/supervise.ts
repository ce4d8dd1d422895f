/** Runs the service's machine against a host and a worker, once. */
import { runMachine } from '@guruconnect/shared/machine-runner';
import { settleable } from '@guruconnect/shared/settleable';
import type { Host, SupervisePorts } from './host.ts';
import {
  FAILED,
  type ServiceEvent,
  type ServiceExit,
  type ServiceState,
  startService,
  stepService,
} from './machine.ts';
import { createServiceEffects } from './service-effects.ts';

export interface Supervision {
  /** Rejects only where the supervisor's own code has failed; `Stopped` has been reported by then as well. */
  readonly done: Promise<ServiceExit>;
  /** The supervisor's own code has failed somewhere: tells it, kills the worker and reports Stopped, unless that was done. */
  fail(error: unknown): void;
  /** Kills the worker and waits for nothing: the process is about to end. */
  abandon(): void;
}

/** Runs a step of somebody else's that must not keep the next one from happening. */
const attempt = (step: () => void): void => {
  try {
    step();
  } catch {
    // The error that counts is the first one, and it is on its way already.
  }
};

/** Remembers whether Stopped has been reported: nothing may be reported after it. */
const countingHost = (host: Host): Host & { hasStopped(): boolean } => {
  let stopped = false;
  return {
    ...host,
    report: (report) => {
      host.report(report);
      stopped ||= report.state === 'stopped';
    },
    hasStopped: () => stopped,
  };
};

/** Starts at once. An error in any port ends the service once, as `ServiceSpecific(1)`, and never in a second worker. */
export const supervise = (given: SupervisePorts): Supervision => {
  const host = countingHost(given.host);
  const ports = { ...given, host };
  const outcome = settleable<ServiceExit>();
  const early: ServiceEvent[] = [];
  const fate = { failed: false };
  let run = (event: ServiceEvent): unknown => early.push(event);

  const dispatch = (event: ServiceEvent): void => {
    if (!fate.failed) run(event);
  };
  const fail = (error: unknown): void => {
    // Before the report: whoever sees the service stopped finds the reason in the log.
    attempt(() => given.notice({ kind: 'failed', error }));
    if (fate.failed) return;
    fate.failed = true;
    attempt(effects.abandon);
    if (!host.hasStopped()) attempt(() => host.report({ state: 'stopped', exit: FAILED }));
    outcome.reject(error instanceof Error ? error : new Error(String(error)));
  };
  const effects = createServiceEffects(ports, { dispatch, fail });
  const entering = (from: ServiceState, event: ServiceEvent | undefined, to: ServiceState): void => {
    if (event !== undefined && from.kind === to.kind) return;
    given.notice({
      kind: 'transition',
      from: from.kind,
      event: event?.kind ?? 'start',
      to: to.kind,
      ...(event?.kind === 'control' && { control: event.control }),
    });
  };
  const transition = (_from: ServiceState, _event: ServiceEvent | undefined, to: ServiceState): void => {
    if (to.kind === 'stopped') outcome.resolve(to.exit);
  };

  run = runMachine(
    { start: startService, step: stepService },
    {
      perform: effects.perform,
      // The worker's end is what a stop waits for: it is asked before the stop is written down.
      isUrgent: ({ kind }) => kind === 'ask-stop',
      broke: fail,
      entering,
      transition,
    },
  );
  early.forEach(dispatch);
  try {
    if (!fate.failed) {
      host.onControl((control) => {
        dispatch({ kind: 'control', control });
      });
    }
  } catch (error) {
    fail(error);
  }
  return { done: outcome.promise, fail, abandon: effects.abandon };
};
