/** What the management flows need of the world. */
import type { Clock } from '@guruconnect/shared/clock';
import type { EventSource } from './event-source.ts';
import type { ServiceManager } from './service-manager.ts';

/** Told before every wait: what is being waited for, and how long at the most. */
export interface Progress {
  /** @param limitMs the bound of the wait, in milliseconds; `undefined` for a step that does not wait. */
  step(what: string, limitMs?: number): void;
}

/** The note that keeps a queued recovery restart from resurrecting what was stopped; see `stop-note.ts`. */
export interface StopNote {
  isThere(): Promise<boolean>;
  /** Never rejects for a folder that is not there: then there is nothing to resurrect. */
  leave(): Promise<void>;
  remove(): Promise<void>;
}

export interface ManagePorts {
  readonly manager: ServiceManager;
  readonly clock: Clock;
  readonly progress: Progress;
  readonly stopNote: StopNote;
  readonly eventSource: EventSource;
}

/** Resolves after `ms` milliseconds of the clock. */
export const sleep = (clock: Clock, ms: number): Promise<void> =>
  new Promise((resolve) => {
    clock.after(ms, resolve);
  });
