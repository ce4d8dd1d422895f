import type { StallPoint } from './events.ts';

/**
 * What the relay does wrong on purpose. Plain data, replaced as a whole by `relay.inject`; `{}` is a healthy relay.
 * Each applies to what happens from then on: an agent already held up stays held up until it gives up.
 */
export type Faults = {
  /** Answers every enrolment like this, whatever its token. */
  readonly refuseEnroll?: Refusal;
  /** Answers every session upgrade like this, whatever its credential. */
  readonly refuseSession?: Refusal;
  /**
   * `enroll`: takes the request and never answers. `upgrade`: the same for the session. `welcome`: opens the session and
   * never answers `hello`. `ack`: never answers `heartbeat`. `close`: never answers the agent's close frame, nor ends TCP.
   */
  readonly stall?: readonly StallPoint[];
};

/** `status` 200-599. `retryAfter`: the Retry-After header as it stands (RFC 9110 section 10.2.3). `body`: else an error. */
export type Refusal = { readonly status: number; readonly retryAfter?: string; readonly body?: string };

export const stalls = (faults: Faults, point: StallPoint): boolean => faults.stall?.includes(point) ?? false;
