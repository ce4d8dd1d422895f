import { createServer, type Server } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { CLOSE, MAX_SLOT_MS } from '@guruconnect/shared/relay-protocol';
import { reasonWithSlot } from '@guruconnect/shared/retry-after';
import { createAdmission } from './admission.ts';
import type { CloseReason, SessionRefused, Status } from './conversation.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import type { Faults } from './faults.ts';
import { serveHttp } from './http.ts';
import { HEARTBEAT_GRACE_MS, heartbeatOf, rateOf, type RelayOptions } from './options.ts';
import { createRegistry, type Registry } from './registry.ts';
import { tokenMatcher } from './secrets.ts';
import { createSessions, type Sessions } from './sessions.ts';
import type { Cut, SessionInfo } from './session.ts';

export interface Relay extends Pick<EventLog, 'events' | 'waitFor'> {
  /** `ws://host:port`: the relay's origin, without a path. */
  readonly url: string;
  readonly port: number;
  readonly registry: Registry;
  /** The sessions open now, oldest first. */
  sessions(): readonly SessionInfo[];
  /** Replaces the faults as a whole; `{}` heals. */
  inject(faults: Faults): void;
  /** Drops every session: with a close frame, or at the TCP level with none. */
  drop(how: CloseReason | Cut): void;
  /** Makes an agent's credential invalid and closes its session with 4003; false if it had no credential. */
  revoke(agentId: string): boolean;
  /** Sends one frame as it stands (bytes go as a binary frame). Throws RangeError if there is no such session. */
  sendRaw(sessionId: string, frame: string | Uint8Array): void;
  /** Sends `status-request` and gives the answer. Rejects if there is no such session, or after `timeoutMs`. */
  requestStatus(sessionId: string, timeoutMs: number): Promise<Status>;
  /** Sends `session.open` and gives the refusal. Rejects as `requestStatus` does. */
  openRemote(sessionId: string, timeoutMs: number): Promise<SessionRefused>;
  /**
   * Closes every session with 1012, then ends whatever is left after `closeMs`. The same promise every time.
   * @param backInMs when the relay will be back: each session is told a slot from then on, one after the other.
   */
  close(backInMs?: number): Promise<void>;
}

/** Starts a relay. Rejects with the system's error (EADDRINUSE, EACCES), or RangeError for an option out of range. */
export const startRelay = async (options: RelayOptions): Promise<Relay> => {
  const heartbeatMs = heartbeatOf(options);
  const rate = rateOf(options);
  const closeMs = options.closeMs ?? 1000;
  const registry = options.registry ?? createRegistry();
  const log = createEventLog(options.onEvent);
  let faults = options.faults ?? {};
  const sessions = createSessions({
    heartbeatMs,
    heartbeatLostMs: options.heartbeatLostMs ?? heartbeatMs + HEARTBEAT_GRACE_MS,
    windowMs: () =>
      options.reconnectWindowMs ?? Math.min(MAX_SLOT_MS, Math.round((1000 * registry.size()) / rate)),
    helloMs: options.helloMs ?? 10_000,
    closeMs,
    faults: () => faults,
    record: log.record,
  });
  const isEnrollToken = tokenMatcher(options.enrollTokens);
  const server = createServer();
  const sockets = trackSockets(server);
  serveHttp(server, {
    registry,
    sessions,
    isEnrollToken,
    admission: createAdmission(rate),
    faults: () => faults,
    record: log.record,
  });
  const { address, port, family } = await listen(server, options);
  let closed: Promise<void> | undefined;
  return {
    ...operate(sessions, registry),
    url: `ws://${family === 'IPv6' ? `[${address}]` : address}:${port}`,
    port,
    registry,
    events: log.events,
    waitFor: log.waitFor,
    inject: (next) => void (faults = next),
    close: (backInMs) =>
      (closed ??= shutDown(server, sockets, sessions, slotReasons(backInMs, 1000 / rate)).finally(log.end)),
  };
};

const operate = (sessions: Sessions, registry: Registry) => ({
  sessions: () => sessions.all().map((session) => session.info()),
  drop: (how: CloseReason | Cut) => {
    for (const session of sessions.all()) {
      if (typeof how === 'string') session.cut(how);
      else session.close(how);
    }
  },
  revoke: (agentId: string) => {
    const held = registry.revoke(agentId);
    sessions.closeAgent(agentId, CLOSE.revoked);
    return held;
  },
  sendRaw: (sessionId: string, frame: string | Uint8Array) => {
    sessions.get(sessionId).send(frame);
  },
  requestStatus: sessions.requestStatus,
  openRemote: sessions.openRemote,
});

// Every connection, the upgraded and the stalled included: node:http forgets those.
const trackSockets = (server: Server): ReadonlySet<Socket> => {
  const sockets = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.once('close', () => sockets.delete(socket));
  });
  return sockets;
};

const listen = (server: Server, { port, host = '127.0.0.1' }: RelayOptions): Promise<AddressInfo> =>
  new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ port, host, exclusive: true }, () => {
      server.off('error', reject);
      // A TCP server's address is never a string.
      resolve(server.address() as AddressInfo);
    });
  });

/** The close reason of each session in turn. */
const slotReasons = (backInMs: number | undefined, stepMs: number): (() => CloseReason) => {
  let slot = backInMs ?? 0;
  return () => {
    if (backInMs === undefined) return CLOSE.relayRestart;
    const reason = reasonWithSlot(CLOSE.relayRestart.reason, Math.round(slot));
    slot += stepMs;
    return { ...CLOSE.relayRestart, reason };
  };
};

const shutDown = async (
  server: Server,
  sockets: ReadonlySet<Socket>,
  sessions: Sessions,
  nextReason: () => CloseReason,
): Promise<void> => {
  const ended = new Promise<void>((resolve) =>
    server.close(() => {
      resolve();
    }),
  );
  for (const session of sessions.all()) session.close(nextReason());
  // Bounded: each session ends its own TCP connection after `closeMs`.
  await sessions.drained();
  for (const socket of sockets) socket.destroy();
  await ended;
};
