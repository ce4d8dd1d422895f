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
  /** The interval that `welcome` announces, 1000 to 300000; default 20000. */
  readonly heartbeatMs?: number;
  /** Silence after which a session is closed with 4000; default 3 heartbeats. */
  readonly heartbeatLostMs?: number;
  /** Time for `hello` to come before 1002; default 10000. */
  readonly helloMs?: number;
  /** Time for an agent to answer a close frame before TCP is ended; default 1000. */
  readonly closeMs?: number;
  /** The machines enrolled; default a new one. Pass a former relay's to play its restart. */
  readonly registry?: Registry;
  /** The faults to begin with; default none. */
  readonly faults?: Faults;
  /** Called for each event as it happens, after it is in `events`. */
  readonly onEvent?: (event: RelayEvent) => void;
};

/** The heartbeat interval in milliseconds; throws RangeError where `welcome` could not carry it. */
export const heartbeatOf = ({ heartbeatMs = 20_000 }: RelayOptions): number => {
  const fits = Number.isInteger(heartbeatMs) && heartbeatMs >= 1000 && heartbeatMs <= 300_000;
  if (fits) return heartbeatMs;
  throw new RangeError(`heartbeatMs ${heartbeatMs}: an integer from 1000 to 300000 is wanted`);
};
