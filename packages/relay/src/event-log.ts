import type { RelayEvent } from './events.ts';

/** How many events are kept; beyond that the oldest are let go, so that a relay can run for ever. */
export const KEPT_EVENTS = 10_000;

export interface EventLog {
  /** The events kept, oldest first: a live view. */
  readonly events: readonly RelayEvent[];
  record(event: RelayEvent): void;
  /**
   * The first event from index `from` of `events` on that satisfies the predicate, one already recorded included.
   * Rejects after `timeoutMs`, or when the log ends, with an Error that lists the kinds seen.
   */
  waitFor<E extends RelayEvent>(
    predicate: (event: RelayEvent) => event is E,
    timeoutMs: number,
    from?: number,
  ): Promise<E>;
  waitFor(predicate: (event: RelayEvent) => boolean, timeoutMs: number, from?: number): Promise<RelayEvent>;
  /** Rejects whoever still waits. */
  end(): void;
}

type Waiter = { readonly offer: (event: RelayEvent) => void; readonly giveUp: (why: string) => void };

export const createEventLog = (onEvent: (event: RelayEvent) => void = () => {}): EventLog => {
  const events: RelayEvent[] = [];
  const waiters = new Set<Waiter>();

  const wait = (predicate: (event: RelayEvent) => boolean, timeoutMs: number): Promise<RelayEvent> =>
    new Promise((resolve, reject) => {
      const leave = (): void => {
        clearTimeout(timer);
        waiters.delete(waiter);
      };
      const giveUp = (why: string): void => {
        leave();
        reject(new Error(`${why}; saw: ${events.map((event) => event.kind).join(', ') || 'nothing'}`));
      };
      const offer = (event: RelayEvent): void => {
        if (!predicate(event)) return;
        leave();
        resolve(event);
      };
      const waiter: Waiter = { offer, giveUp };
      const timer = setTimeout(() => {
        giveUp(`no such event within ${timeoutMs} ms`);
      }, timeoutMs);
      waiters.add(waiter);
    });

  const waitFor = async (predicate: (event: RelayEvent) => boolean, timeoutMs: number, from = 0) =>
    events.slice(from).find(predicate) ?? wait(predicate, timeoutMs);

  return {
    events,
    // The compiler cannot see that what satisfies a type predicate has its type.
    waitFor: waitFor,
    record(event) {
      events.push(event);
      if (events.length > KEPT_EVENTS) events.shift();
      if (waiters.size > 0) for (const waiter of [...waiters]) waiter.offer(event);
      onEvent(event);
    },
    end() {
      for (const waiter of [...waiters]) waiter.giveUp('the relay closed');
    },
  };
};
