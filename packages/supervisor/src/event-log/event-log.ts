/** What a service tells the Event Log. It is a convenience: nothing here ever throws, and the service goes on without. */
import type { Clock } from '@guruconnect/shared/clock';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import type { Notice } from '../host.ts';
import type { SettingOutcome } from '../manage/recovery.ts';
import { type EventRecord, toRecord } from './event-record.ts';
import type { AgentEvent } from './events.ts';
import { NOTHING_SEEN, seeNotice } from './notice-events.ts';
import { NO_EVENTS, admit } from './rate-limit.ts';
import { driftEvents } from './recovery-events.ts';

/** Where events go: Windows' Event Log, or a test. */
export interface EventSink {
  /** Returns at once, whatever the Event Log does. */
  write(record: EventRecord): void;
  /** Resolves with 0, the Win32 error of the last one that was not written, or 258 where one still is not. */
  close(): Promise<number>;
}

export interface EventLog {
  write(event: AgentEvent): void;
  /** @param words of a worker whose exit this is, where nobody had asked for it. */
  notice(notice: Notice, words?: LastWords): void;
  /** What a look at the service's recovery has come to. */
  recovery(outcomes: readonly SettingOutcome[]): void;
  /** See {@link EventSink.close}; nothing is written afterwards. */
  close(): Promise<number>;
}

/** No platform but Windows has an Event Log, and no console writes to it. */
export const NO_SINK: EventSink = { write: () => undefined, close: () => Promise.resolve(0) };

const attempt = (step: () => void): void => {
  try {
    step();
  } catch {
    // The log has it as well.
  }
};

export const createEventLog = (sink: EventSink, clock: Pick<Clock, 'now'>): EventLog => {
  let sight = NOTHING_SEEN;
  let rates = NO_EVENTS;
  const write = (event: AgentEvent): void => {
    const { leftOut, ...admission } = admit(rates, event.kind, clock.now());
    rates = admission.rates;
    if (leftOut === undefined) return;
    attempt(() => {
      sink.write(toRecord(event, leftOut));
    });
  };
  return {
    write,
    notice: (notice, words) => {
      attempt(() => {
        const seen = seeNotice(sight, notice, words, clock.now());
        sight = seen.sight;
        seen.events.forEach(write);
      });
    },
    recovery: (outcomes) => {
      driftEvents(outcomes).forEach(write);
    },
    close: () => sink.close().catch(() => 0),
  };
};
