import type { AgentMessage, EnrollReason, LastWords, Machine } from '@guruconnect/shared/relay-protocol';

/** Where a stall fault holds the agent up; `faults.ts` says what each does. */
export type StallPoint = 'enroll' | 'upgrade' | 'welcome' | 'ack' | 'close';

/**
 * What happened at the relay, in the order it happened. Never holds a token or a credential, nor text that failed
 * validation. `why` is a fixed reason or a schema path, never the frame.
 */
export type RelayEvent =
  | {
      readonly kind: 'enrolled';
      readonly agentId: string;
      readonly machineId: string;
      readonly reason?: EnrollReason;
      /** A clone's: the machine whose disk it has a copy of. */
      readonly formerMachineId?: string;
    }
  /** Any answer of the enrolment endpoint but 201; `status` is HTTP's. */
  | { readonly kind: 'enroll-refused'; readonly status: number }
  /** Any answer of the session endpoint but 101; `status` is HTTP's. */
  | { readonly kind: 'session-refused'; readonly status: number }
  /** The upgrade is done; `hello` has not come yet. */
  | { readonly kind: 'session-opened'; readonly sessionId: string; readonly agentId: string }
  /** `hello` has come and `welcome` is on its way. */
  | ({ readonly kind: 'session-online'; readonly sessionId: string; readonly agentId: string } & HelloFacts)
  /** Every well-formed message, those of an unknown kind included. */
  | { readonly kind: 'message'; readonly sessionId: string; readonly message: AgentMessage | UnknownMessage }
  | { readonly kind: 'message-malformed'; readonly sessionId: string; readonly why: string }
  | SessionClosed
  /** A fault holds an agent up here; once for each request, upgrade, hello, heartbeat or close frame. */
  | { readonly kind: 'stalled'; readonly point: StallPoint };

/**
 * The end of a session. `code` is the agent's close code, or its echo of the relay's; where no close frame came, the
 * code that the relay had sent, else 1006 (RFC 6455 section 7.1.5). `wasClean`: both close frames were exchanged.
 */
export type SessionClosed = {
  readonly kind: 'session-closed';
  readonly sessionId: string;
  readonly code: number;
  readonly reason: string;
  readonly wasClean: boolean;
};

export type UnknownMessage = { readonly kind: 'unknown' };

/** What `hello` says of a machine: its own claims, checked for shape and length only. */
export type HelloFacts = {
  readonly machineId: string;
  readonly hostname: string;
  readonly platform: string;
  readonly agentVersion: string;
  readonly machine?: Machine | undefined;
  readonly clone?: boolean | undefined;
  readonly lost?: string | undefined;
  readonly lastWords?: LastWords | undefined;
};

export type EventOf<K extends RelayEvent['kind']> = Extract<RelayEvent, { readonly kind: K }>;

/** A predicate for `waitFor`: narrows to events of one kind. */
export const ofKind =
  <K extends RelayEvent['kind']>(kind: K) =>
  (event: RelayEvent): event is EventOf<K> =>
    event.kind === kind;
