/** One life of a service: started, online, ended; and the times of it, in milliseconds. */
import type { Contender } from './contenders.ts';
import type { Laboratory } from './laboratory.ts';

/** What an SCM shows of a service that reports its worker's death: ERROR_SERVICE_SPECIFIC_ERROR with code 1. */
const FAILED = { win32: 1066, service: 1 } as const;
const GOING_AWAY = 1001;

export interface Ending {
  /** From the control, or the worker's end, until the SCM shows Stopped. */
  readonly endMs: number;
  /** The same until the relay has seen the session close. */
  readonly closedMs: number;
  /** 1001, both close frames exchanged. */
  readonly isClean: boolean;
  /** The SCM shows 1066/1. */
  readonly isFailure: boolean;
}

export interface Life extends Ending {
  /** From StartService until Running. */
  readonly startMs: number;
  /** The same until the session is online at the relay. */
  readonly onlineMs: number;
}

/**
 * How it ends: a stop; one that finds the worker standing still for so many milliseconds, as if it were busy; the worker's end. A life
 * without a worker of its own can only be stopped.
 */
export type End =
  { readonly kind: 'stop' } | { readonly kind: 'busy'; readonly ms: number } | { readonly kind: 'crash' };

const askEnd = ({ meter }: Laboratory, { name, parent = '' }: Contender, end: End) => {
  switch (end.kind) {
    case 'stop':
      return meter.ask('stop', name);
    case 'busy':
      return meter.ask('busy', name, parent, end.ms);
    case 'crash':
      return meter.ask('crash', name, parent);
  }
};

/** @param pauseMs online until the end is asked for, so that no contender's own rhythm is met at the same place each time. */
export const live = async (
  laboratory: Laboratory,
  contender: Contender,
  end: End,
  pauseMs: number,
): Promise<Life> => {
  const { meter, watch } = laboratory;
  const from = watch.mark();
  const started = await meter.ask('start', contender.name);
  const online = await watch.next('session-online', from);
  await new Promise((resolve) => setTimeout(resolve, pauseMs));
  const ended = await askEnd(laboratory, contender, end);
  const { event, at } = await watch.next('session-closed', from);
  return {
    startMs: started.reached - started.begin,
    onlineMs: online.at - started.begin,
    endMs: ended.reached - ended.begin,
    closedMs: at - ended.begin,
    isClean: event.code === GOING_AWAY && event.wasClean,
    isFailure: ended.win32ExitCode === FAILED.win32 && ended.serviceExitCode === FAILED.service,
  };
};
