/** One session with the relay over a WebSocket. The only file that knows `ws`. */
import type { IncomingMessage } from 'node:http';
import type { Clock } from '@guruconnect/shared/clock';
import { createAlarm } from '@guruconnect/shared/clock';
import {
  type AgentMessage,
  CLOSE,
  type EnrollRequest,
  MAX_BUFFERED_BYTES,
  MAX_MESSAGE_BYTES,
  type RelayMessage,
  SUBPROTOCOL,
  parseRelayMessage,
} from '@guruconnect/shared/relay-protocol';
import { printable } from '@guruconnect/shared/printable';
import { TIMING } from '@guruconnect/shared/timing';
import { unreachable } from '@guruconnect/shared/unreachable';
import { WebSocket } from 'ws';
import { type Route, troubleOf } from './network.ts';

export type SessionEvent =
  | { readonly kind: 'opened' }
  | { readonly kind: 'round-trip'; readonly ms: number }
  /** The upgrade was refused with 401 or 403. */
  | { readonly kind: 'rejected'; readonly status: number }
  | { readonly kind: 'closed'; readonly why: string };

export interface Session {
  /** Starts the closing handshake; `closed` follows. */
  close(code: number, reason: string): void;
  /** Lets go at once. No event follows. */
  drop(): void;
}

export interface SessionOptions {
  readonly url: URL;
  readonly credential: string;
  readonly route: Route;
  readonly facts: EnrollRequest;
  readonly clock: Clock;
  /** Answers `status-request`. */
  readonly status: () => {
    readonly uptimeMs: number;
    readonly reconnects: number;
    readonly roundTripMs?: number;
  };
}

const REFUSED: ReadonlySet<number | undefined> = new Set([401, 403]);

const dial = ({ url, credential, route }: SessionOptions): WebSocket =>
  new WebSocket(url, [SUBPROTOCOL], {
    headers: { authorization: `Bearer ${credential}` },
    maxPayload: MAX_MESSAGE_BYTES,
    perMessageDeflate: false,
    // Ours looks first whether the relay reads.
    autoPong: false,
    followRedirects: false,
    ...route.options,
  });

/** Heartbeats and their acknowledgements: what proves the link in both directions. */
const createHeart = (options: SessionOptions, send: (message: AgentMessage) => void, lost: () => void) => {
  const alarm = createAlarm(options.clock);
  let seq = 0;
  let acknowledged = 0;
  let sentAt = 0;
  const beat = (): void => {
    sentAt = options.clock.now();
    seq += 1;
    send({ kind: 'heartbeat', seq });
    alarm.set(TIMING.heartbeatAck, lost);
  };
  return {
    beat,
    stop: alarm.off,
    /** @returns the round trip in milliseconds, or `undefined` for an older heartbeat and for a second answer. */
    acknowledge: (answered: number, intervalMs: number): number | undefined => {
      if (answered !== seq || answered === acknowledged) return undefined;
      acknowledged = answered;
      alarm.set(intervalMs, beat);
      return options.clock.now() - sentAt;
    },
  };
};

/** What the agent does with the relay's messages. */
const createConversation = (
  options: SessionOptions,
  on: (event: SessionEvent) => void,
  send: (message: AgentMessage) => void,
  lost: () => void,
) => {
  const heart = createHeart(options, send, lost);
  let heartbeatMs: number | undefined;
  const welcome = (intervalMs: number): void => {
    if (heartbeatMs !== undefined) return;
    heartbeatMs = intervalMs;
    on({ kind: 'opened' });
    heart.beat();
  };
  const take = (message: RelayMessage): void => {
    switch (message.kind) {
      case 'welcome':
        welcome(message.heartbeatMs);
        return;
      case 'heartbeat-ack': {
        const ms = heartbeatMs === undefined ? undefined : heart.acknowledge(message.seq, heartbeatMs);
        if (ms !== undefined) on({ kind: 'round-trip', ms });
        return;
      }
      case 'status-request':
        send({ kind: 'status', id: message.id, ...options.status() });
        return;
      default:
        unreachable(message);
    }
  };
  return { take, stop: heart.stop };
};

/** A refused upgrade as an event. */
const refusal = (status: number): SessionEvent =>
  REFUSED.has(status)
    ? { kind: 'rejected', status }
    : { kind: 'closed', why: `the relay answered with status ${status}` };

/** Opens a session. Exactly one of `rejected` and `closed` ends it, unless it is dropped; `opened` may precede. */
export const openSession = (options: SessionOptions, on: (event: SessionEvent) => void): Session => {
  const socket = dial(options);
  let ended = false;
  let trouble: string | undefined;
  const giveUp = (why: string): void => {
    trouble = why;
    socket.terminate();
  };
  /** A relay that sends and does not read would have us keep the answers for ever. */
  const isHeard = (): boolean => {
    if (socket.bufferedAmount <= MAX_BUFFERED_BYTES) return true;
    giveUp('the relay does not read what it is sent');
    return false;
  };
  const send = (message: AgentMessage): void => {
    if (socket.readyState === WebSocket.OPEN && isHeard()) socket.send(JSON.stringify(message));
  };
  const conversation = createConversation(options, on, send, () => {
    giveUp(CLOSE.heartbeatLost.reason);
  });
  socket.on('ping', (data) => {
    if (isHeard()) socket.pong(data);
  });
  const end = (event: SessionEvent | undefined): void => {
    if (ended) return;
    ended = true;
    conversation.stop();
    if (event !== undefined) on(event);
  };

  socket.on('open', () => {
    send({ kind: 'hello', ...options.facts });
  });
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    // What comes after a close frame of ours does not count any more.
    if (ended || isBinary || socket.readyState !== WebSocket.OPEN) return;
    const message = parseRelayMessage(data.toString('utf8'));
    if (message.kind === 'malformed') socket.close(CLOSE.badMessage.code, CLOSE.badMessage.reason);
    else if (message.kind !== 'unknown') conversation.take(message);
  });
  socket.on('unexpected-response', (_request, response: IncomingMessage) => {
    response.destroy();
    end(refusal(response.statusCode ?? 0));
    socket.terminate();
  });
  socket.on('error', (error) => {
    trouble ??= troubleOf(error);
  });
  socket.on('close', (code, reason) => {
    options.route.release();
    end({ kind: 'closed', why: trouble ?? `${code} ${printable(reason.toString('utf8'))}`.trim() });
  });

  return {
    close: (code, reason) => {
      socket.close(code, reason);
    },
    drop: () => {
      end(undefined);
      socket.terminate();
    },
  };
};
