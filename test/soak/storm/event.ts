/** What happens to the agents of a storm. Data only. */

export type StormEvent =
  /** The worker, or the supervisor with it, ends as nobody has asked it to; the service manager's part is to start it again. */
  | { readonly kind: 'crash'; readonly how: 'worker-killed' | 'worker-segfault' | 'supervisor-killed' }
  | { readonly kind: 'stop' }
  /** `announced`: with a slot in the close frame; `plain`: without one; `crashed`: every session is reset. */
  | {
      readonly kind: 'relay-restart';
      readonly how: 'announced' | 'plain' | 'crashed';
      readonly downMs: number;
    }
  /** Nothing comes through, and nobody is told. `blink` is over before a heartbeat could be missed, `outage` is not. */
  | { readonly kind: 'partition'; readonly how: 'blink' | 'outage'; readonly forMs: number }
  /** `questions`, `unknown` and `binary` are many, and borne; one that is `oversized` or `malformed` ends the session. */
  | {
      readonly kind: 'flood';
      readonly how: 'questions' | 'unknown' | 'binary' | 'oversized' | 'malformed';
    };

export type EventKind = StormEvent['kind'];
export const EVENT_KINDS = ['crash', 'stop', 'relay-restart', 'partition', 'flood'] as const;

/** `partition outage`, as the summary and the line of a step have it. */
export const nameOf = (event: StormEvent): string =>
  event.kind === 'stop' ? 'stop' : `${event.kind} ${event.how}`;

export const isRestart = (event: StormEvent): event is StormEvent & { readonly kind: 'crash' | 'stop' } =>
  event.kind === 'crash' || event.kind === 'stop';

/** How long the relay or the way to it is away, in milliseconds. */
export const awayMs = (event: StormEvent): number | undefined => {
  if (event.kind === 'relay-restart') return event.downMs;
  return event.kind === 'partition' ? event.forMs : undefined;
};

/** Whether the sessions of the agents that it does not end are to be the same ones afterwards. */
export const isBorne = (event: StormEvent): boolean => {
  switch (event.kind) {
    case 'crash':
    case 'stop':
      return true;
    case 'relay-restart':
      return false;
    case 'partition':
      return event.how === 'blink';
    case 'flood':
      return event.how !== 'oversized' && event.how !== 'malformed';
  }
};
