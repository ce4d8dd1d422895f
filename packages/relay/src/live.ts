import {
  CLOSE,
  MAX_BUFFERED_BYTES,
  parseAgentMessage,
  type RelayMessage,
} from '@guruconnect/shared/relay-protocol';
import type { RawData, WebSocket } from 'ws';
import {
  react,
  type CloseReason,
  type Hello,
  type Phase,
  type Reaction,
  type SessionRefused,
  type Status,
} from './conversation.ts';
import type { HelloFacts, RelayEvent } from './events.ts';
import { stalls, type Faults } from './faults.ts';

/** What a session needs of its relay. Durations in milliseconds. */
export type SessionHouse = {
  /** The interval that `welcome` announces. */
  readonly heartbeatMs: number;
  /** Silence after which a session counts as lost. */
  readonly heartbeatLostMs: number;
  /** The window that `welcome` announces. */
  readonly windowMs: () => number;
  /** Time for `hello` to come. */
  readonly helloMs: number;
  /** Time for the agent to answer a close frame before TCP is ended. */
  readonly closeMs: number;
  readonly faults: () => Faults;
  readonly record: (event: RelayEvent) => void;
};

/** An open session from within: what `session.ts` shows of it, `take` and the timer move on. */
export type Live = {
  readonly sessionId: string;
  readonly agentId: string;
  readonly link: WebSocket;
  readonly house: SessionHouse;
  readonly awaited: Map<number, (answer: Status | SessionRefused) => void>;
  phase: Phase;
  closing: boolean;
  hello?: Hello;
  heartbeats: number;
  unknown: number;
  /** The one timer of a session: for `hello`, then between heartbeats, then for the end of the close handshake. */
  deadline?: NodeJS.Timeout;
};

/** True if a fault has the agent's close frame ignored; nothing more is then expected of the session. */
export const ignoreClose = (live: Live): boolean => {
  if (live.closing || !stalls(live.house.faults(), 'close')) return false;
  clearTimeout(live.deadline);
  live.house.record({ kind: 'stalled', point: 'close' });
  return true;
};

/** Takes one message. */
export const take = (live: Live, data: RawData, isBinary: boolean): void => {
  const { house, sessionId } = live;
  if (live.closing) return;
  if (isBinary) {
    house.record({ kind: 'message-malformed', sessionId, why: 'binary frame' });
    closeLive(live, CLOSE.binary);
    return;
  }
  // The default `binaryType` delivers one Buffer.
  const message = parseAgentMessage((data as Buffer).toString('utf8'));
  if (message.kind === 'malformed') house.record({ kind: 'message-malformed', sessionId, why: message.why });
  else house.record({ kind: 'message', sessionId, message });
  perform(live, react(live.phase, message));
};

const perform = (live: Live, reaction: Reaction): void => {
  switch (reaction.kind) {
    case 'welcome':
      welcome(live, reaction.hello);
      return;
    case 'ack':
      acknowledge(live, reaction.seq);
      return;
    case 'status':
      live.awaited.get(reaction.status.id)?.(reaction.status);
      return;
    case 'session-refused':
      live.awaited.get(reaction.refused.id)?.(reaction.refused);
      return;
    case 'ignore':
      live.unknown += 1;
      return;
    case 'close':
      closeLive(live, reaction.close);
      return;
  }
};

const welcome = (live: Live, hello: Hello): void => {
  const { house, sessionId, agentId } = live;
  clearTimeout(live.deadline);
  if (stalls(house.faults(), 'welcome')) {
    house.record({ kind: 'stalled', point: 'welcome' });
    return;
  }
  live.phase = 'online';
  live.hello = hello;
  sendMessage(live, {
    kind: 'welcome',
    sessionId,
    heartbeatMs: house.heartbeatMs,
    reconnectWindowMs: house.windowMs(),
  });
  expectHeartbeat(live);
  house.record({ ...factsOf(hello), kind: 'session-online', sessionId, agentId });
};

const acknowledge = (live: Live, seq: number): void => {
  live.heartbeats += 1;
  expectHeartbeat(live);
  if (stalls(live.house.faults(), 'ack')) {
    live.house.record({ kind: 'stalled', point: 'ack' });
    return;
  }
  sendMessage(live, { kind: 'heartbeat-ack', seq });
};

const expectHeartbeat = (live: Live): void => {
  within(live, live.house.heartbeatLostMs, () => {
    closeLive(live, CLOSE.heartbeatLost);
  });
};

/** Sets the one timer anew. */
export const within = (live: Live, ms: number, otherwise: () => void): void => {
  clearTimeout(live.deadline);
  live.deadline = setTimeout(otherwise, ms);
};

/** Starts the close handshake, once. */
export const closeLive = (live: Live, { code, reason }: CloseReason): void => {
  if (live.closing) return;
  expectEnd(live);
  live.link.close(code, reason);
};

/** The close handshake is on: it ends in time, or TCP does. */
export const expectEnd = (live: Live): void => {
  live.closing = true;
  within(live, live.house.closeMs, () => {
    live.link.terminate();
  });
};

const sendMessage = (live: Live, message: RelayMessage): void => {
  sendFrame(live, JSON.stringify(message));
};

/** Sends a frame as it stands. */
export const sendFrame = ({ link }: Live, frame: string | Uint8Array): void => {
  if (link.bufferedAmount > MAX_BUFFERED_BYTES) link.terminate();
  // The callback keeps a write to a socket that has just gone from throwing; `session-closed` tells of it.
  else link.send(frame, () => {});
};

/** A `hello` without its kind; its schema has dropped the fields that this version does not know. */
export const factsOf = ({ kind: _kind, ...facts }: Hello): HelloFacts => facts;
