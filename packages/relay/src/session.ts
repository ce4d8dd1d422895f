import { randomUUID } from 'node:crypto';
import type { Socket } from 'node:net';
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import type { WebSocket } from 'ws';
import { captureClose } from './close-frame.ts';
import type { CloseReason, SessionRefused, Status } from './conversation.ts';
import type { HelloFacts } from './events.ts';
import {
  closeLive,
  expectEnd,
  factsOf,
  ignoreClose,
  sendFrame,
  take,
  within,
  type Live,
  type SessionHouse,
} from './live.ts';

/** A session as it is now. `unknown`: well-formed messages of a kind that this version does not know. */
export type SessionInfo = {
  readonly sessionId: string;
  readonly agentId: string;
  readonly online: boolean;
  readonly hello?: HelloFacts;
  readonly heartbeats: number;
  readonly unknown: number;
};

/** `reset` sends TCP RST; `fin` ends TCP with no close frame. */
export type Cut = 'reset' | 'fin';

export interface Session {
  readonly sessionId: string;
  readonly agentId: string;
  info(): SessionInfo;
  /** Starts the close handshake; TCP ends with the agent's answer, or without it after `closeMs`. */
  close(reason: CloseReason): void;
  cut(how: Cut): void;
  /** Sends one frame as it stands: text, or binary for bytes. */
  send(frame: string | Uint8Array): void;
  /** Calls back with the answers of this id; the returned function forgets it. */
  onAnswer(id: number, listener: (answer: Status | SessionRefused) => void): () => void;
}

/** Takes over an upgraded connection. `onClosed` runs once, after `session-closed` is recorded. */
export const openSession = (
  link: WebSocket,
  tcp: Socket,
  agentId: string,
  house: SessionHouse,
  onClosed: () => void,
): Session => {
  const sessionId = randomUUID();
  const awaited: Live['awaited'] = new Map();
  const counts = { heartbeats: 0, unknown: 0 };
  const live: Live = {
    sessionId,
    agentId,
    link,
    house,
    awaited,
    phase: 'awaiting-hello',
    closing: false,
    ...counts,
  };
  within(live, house.helloMs, () => {
    closeLive(live, CLOSE.protocolError);
  });
  listen(live, onClosed);
  return {
    sessionId,
    agentId,
    info: () => infoOf(live),
    close: (reason) => {
      closeLive(live, reason);
    },
    cut: (how) => (how === 'reset' ? tcp.resetAndDestroy() : tcp.destroy()),
    send: (frame) => {
      sendFrame(live, frame);
    },
    onAnswer(id, listener) {
      awaited.set(id, listener);
      return () => void awaited.delete(id);
    },
  };
};

const listen = (live: Live, onClosed: () => void): void => {
  const { link, house, sessionId } = live;
  const sent = captureClose(link, () => ignoreClose(live));
  link.on('message', (data, isBinary) => {
    take(live, data, isBinary);
  });
  // The library has closed the session already (1002, 1007 or 1009); `code` is its name for the violation.
  link.on('error', (error: Error & { code?: string }) => {
    house.record({ kind: 'message-malformed', sessionId, why: error.code ?? 'protocol violation' });
    expectEnd(live);
  });
  link.addEventListener('close', ({ code, reason, wasClean }) => {
    clearTimeout(live.deadline);
    const ended = code === 1006 ? (sent() ?? { code, reason }) : { code, reason };
    house.record({ kind: 'session-closed', sessionId, ...ended, wasClean });
    onClosed();
  });
};

const infoOf = ({ sessionId, agentId, phase, hello, heartbeats, unknown }: Live): SessionInfo => ({
  sessionId,
  agentId,
  online: phase === 'online',
  ...(hello === undefined ? {} : { hello: factsOf(hello) }),
  heartbeats,
  unknown,
});
