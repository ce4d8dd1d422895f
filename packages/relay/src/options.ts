import { MAX_HEARTBEAT_MS } from '@guruconnect/shared/relay-protocol';
import type { RelayEvent } from './events.ts';
import type { Faults } from './faults.ts';
import type { Registry } from './registry.ts';

/** Durations in milliseconds. */
export type RelayOptions = {
  /** TCP port, 0 for a free one. */
  readonly port: number;
  /** Address to listen on; default 127.0.0.1. The relay has no TLS: anything but loopback wants a TLS proxy in front. */
  readonly host?: string;
  /** Tokens that enrol a machine, each of RFC 6750's `b64token` characters. */
  readonly enrollTokens: readonly string[];
  /** The interval that `welcome` announces, 1000 to 30000; default 15000. */
  readonly heartbeatMs?: number;
  /** Silence after which a session is closed with 4000; default 15 s more than an interval: 45 s at the most. */
  readonly heartbeatLostMs?: number;
  /** Time for `hello` to come before 1002; default 10000. */
  readonly helloMs?: number;
  /** Time for an agent to answer a close frame before TCP is ended; default 1000. */
  readonly closeMs?: number;
  /** Sessions that may be opened in a second; whoever comes beyond them gets 503 and a slot. Default 2000. */
  readonly sessionsPerSecond?: number;
  /** The window that `welcome` announces for returning; default: the machines enrolled over `sessionsPerSecond`. */
  readonly reconnectWindowMs?: number;
  /** The machines enrolled; default a new one. Pass a former relay's to play its restart. */
  readonly registry?: Registry;
  /** The faults to begin with; default none. */
  readonly faults?: Faults;
  /** Called for each event as it happens, after it is in `events`. */
  readonly onEvent?: (event: RelayEvent) => void;
};

/** The heartbeat interval in milliseconds; throws RangeError where `welcome` could not carry it. */
export const heartbeatOf = ({ heartbeatMs = 15_000 }: RelayOptions): number => {
  const fits = Number.isInteger(heartbeatMs) && heartbeatMs >= 1000 && heartbeatMs <= MAX_HEARTBEAT_MS;
  if (fits) return heartbeatMs;
  throw new RangeError(`heartbeatMs ${heartbeatMs}: an integer from 1000 to ${MAX_HEARTBEAT_MS} is wanted`);
};

/** Time for a heartbeat to come after its interval, in milliseconds. */
export const HEARTBEAT_GRACE_MS = 15_000;

/** Sessions in a second; throws RangeError for what is no positive number. */
export const rateOf = ({ sessionsPerSecond = 2000 }: RelayOptions): number => {
  if (Number.isFinite(sessionsPerSecond) && sessionsPerSecond > 0) return sessionsPerSecond;
  throw new RangeError(`sessionsPerSecond ${sessionsPerSecond}: a positive number is wanted`);
};
