/** One session with the relay: what is said over its socket, and how it ends. */
import type { Clock } from '@guruconnect/shared/clock';
import { printable } from '@guruconnect/shared/printable';
import {
  type AgentMessage,
  CLOSE,
  MAX_BUFFERED_BYTES,
  type RelayMessage,
  SESSION_REFUSAL,
  parseRelayMessage,
} from '@guruconnect/shared/relay-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';
import { createHeart } from './heart.ts';
import { lossOfClose, lossOfError, lossOfStatus } from './loss.ts';
import { troubleOf } from './network/trouble.ts';
import type { Loss } from './reconnect.ts';
import type { Socket, SocketEnd, SocketEvents } from './web-socket.ts';

type Hello = Omit<Extract<AgentMessage, { kind: 'hello' }>, 'kind'>;
type Status = Omit<Extract<AgentMessage, { kind: 'status' }>, 'kind' | 'id'>;

export type SessionEvent =
  | { readonly kind: 'opened'; readonly windowMs: number }
  | { readonly kind: 'round-trip'; readonly ms: number }
  | { readonly kind: 'received' }
  | { readonly kind: 'sent' }
  /** A message of a kind that this version does not know. */
  | { readonly kind: 'unknown' }
  /** The upgrade was refused with 401 or 403. */
  | { readonly kind: 'rejected'; readonly status: number }
  | { readonly kind: 'closed'; readonly why: string; readonly loss: Loss };

export interface Session {
  /** Finds out at once whether the relay still answers; `closed` follows where it does not. */
  probe(): void;
  /** Starts the closing handshake; `closed` follows. */
  close(code: number, reason: string): void;
  /** Lets go at once. No event follows. */
  drop(): void;
  /** Bytes on the wire so far. */
  traffic(): { readonly received: number; readonly sent: number };
}

export interface SessionOptions {
  readonly dial: (on: SocketEvents) => Socket;
  readonly clock: Clock;
  /** Milliseconds since the Unix epoch. */
  readonly wallNow: () => number;
  readonly hello: () => Hello;
  /** Answers `status-request`. */
  readonly status: () => Status;
}

/** RFC 6455 section 7.1.5: there was no close frame. */
const CLOSE_MISSING = 1006;
const REFUSED: ReadonlySet<number> = new Set([401, 403]);

type Ended = Extract<SessionEvent, { kind: 'rejected' | 'closed' }>;

const eventOfEnd = (end: SocketEnd, wallNow: number): Ended => {
  switch (end.kind) {
    case 'refused': {
      const { status, retryAfter, date } = end;
      if (REFUSED.has(status)) return { kind: 'rejected', status };
      const why = `the relay answered with status ${status}`;
      return { kind: 'closed', why, loss: lossOfStatus(status, retryAfter, date, wallNow) };
    }
    case 'closed': {
      const why = `${end.code} ${printable(end.reason)}`.trim();
      return { kind: 'closed', why, loss: lossOfClose(end.code, end.reason) };
    }
    case 'failed':
      return { kind: 'closed', why: troubleOf(end.error), loss: lossOfError(end.error) };
    default:
      return unreachable(end);
  }
};

/** What the agent does with the relay's messages. */
const createConversation = (
  options: SessionOptions,
  on: (event: SessionEvent) => void,
  send: (message: AgentMessage) => void,
  lost: () => void,
) => {
  const heart = createHeart(options.clock, (seq) => send({ kind: 'heartbeat', seq }), lost);
  let welcomed = false;
  const welcome = ({ heartbeatMs, reconnectWindowMs = 0 }: RelayMessage & { kind: 'welcome' }): void => {
    if (welcomed) return;
    welcomed = true;
    on({ kind: 'opened', windowMs: reconnectWindowMs });
    heart.start(heartbeatMs);
  };
  const take = (message: RelayMessage): void => {
    switch (message.kind) {
      case 'welcome':
        welcome(message);
        return;
      case 'heartbeat-ack': {
        const ms = heart.acknowledge(message.seq);
        if (ms !== undefined) on({ kind: 'round-trip', ms });
        return;
      }
      case 'status-request':
        send({ kind: 'status', id: message.id, ...options.status() });
        return;
      case 'session.open':
        send({ kind: 'session.refused', id: message.id, reason: SESSION_REFUSAL });
        return;
      default:
        unreachable(message);
    }
  };
  return { take, heart };
};

/** Opens a session. Exactly one of `rejected` and `closed` ends it, unless it is dropped; `opened` may precede. */
export const openSession = (options: SessionOptions, on: (event: SessionEvent) => void): Session => {
  let ended = false;
  let gaveUp: Ended | undefined;
  const giveUp = (why: string, loss: Loss): void => {
    gaveUp ??= { kind: 'closed', why, loss };
    socket.terminate();
  };
  /** A relay that sends and does not read would have us keep the answers for ever. */
  const isHeard = (): boolean => {
    if (socket.buffered() <= MAX_BUFFERED_BYTES) return true;
    giveUp('the relay does not read what it is sent', { kind: 'session' });
    return false;
  };
  const send = (message: AgentMessage): void => {
    if (!socket.isOpen() || !isHeard()) return;
    socket.send(JSON.stringify(message));
    on({ kind: 'sent' });
  };
  const { take, heart } = createConversation(options, on, send, () => {
    giveUp(CLOSE.heartbeatLost.reason, { kind: 'network' });
  });
  const end = (event: Ended | undefined): void => {
    if (ended) return;
    ended = true;
    heart.stop();
    if (event !== undefined) on(event);
  };
  const socket = options.dial({
    open: () => {
      send({ kind: 'hello', ...options.hello() });
    },
    text: (frame) => {
      // What comes after a close frame of ours does not count any more.
      if (ended || !socket.isOpen()) return;
      on({ kind: 'received' });
      const message = parseRelayMessage(frame);
      if (message.kind === 'malformed') socket.close(CLOSE.badMessage.code, CLOSE.badMessage.reason);
      else if (message.kind === 'unknown') on(message);
      else take(message);
    },
    ping: (data) => {
      if (isHeard()) socket.pong(data);
    },
    end: (how) => {
      // What the relay has said counts, also where it has not ended the connection after it and was given up.
      const isSaid = how.kind === 'closed' && how.code !== CLOSE_MISSING;
      end((isSaid ? undefined : gaveUp) ?? eventOfEnd(how, options.wallNow()));
    },
  });

  return {
    probe: heart.probe,
    close: (code, reason) => {
      socket.close(code, reason);
    },
    drop: () => {
      end(undefined);
      socket.terminate();
    },
    traffic: () => socket.traffic(),
  };
};
