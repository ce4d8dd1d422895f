/**
 * What the relay answers to a message, as a total function of the session's phase. Malformed closes with 1007 in both.
 *
 * | phase \ message | hello      | heartbeat  | status     | session.refused | unknown |
 * | awaiting-hello  | welcome    | close 1002 | close 1002 | close 1002      | ignore  |
 * | online          | close 1002 | ack        | status     | session-refused | ignore  |
 *
 * Unknown kinds are ignored before `hello` too, so that a later version may put something in front of it; the time for
 * `hello` keeps running.
 */
import { CLOSE, type AgentMessage, type Parsed } from '@guruconnect/shared/relay-protocol';

export type Phase = 'awaiting-hello' | 'online';
export type CloseReason = { readonly code: number; readonly reason: string };
export type Hello = Extract<AgentMessage, { kind: 'hello' }>;
export type Status = Extract<AgentMessage, { kind: 'status' }>;
export type SessionRefused = Extract<AgentMessage, { kind: 'session.refused' }>;

export type Reaction =
  | { readonly kind: 'welcome'; readonly hello: Hello }
  | { readonly kind: 'ack'; readonly seq: number }
  | { readonly kind: 'status'; readonly status: Status }
  | { readonly kind: 'session-refused'; readonly refused: SessionRefused }
  | { readonly kind: 'ignore' }
  | { readonly kind: 'close'; readonly close: CloseReason };

const protocolError: Reaction = { kind: 'close', close: CLOSE.protocolError };

export const react = (phase: Phase, message: Parsed<AgentMessage>): Reaction => {
  if (message.kind === 'malformed') return { kind: 'close', close: CLOSE.badMessage };
  if (message.kind === 'unknown') return { kind: 'ignore' };
  if ((message.kind === 'hello') !== (phase === 'awaiting-hello')) return protocolError;
  switch (message.kind) {
    case 'hello':
      return { kind: 'welcome', hello: message };
    case 'heartbeat':
      return { kind: 'ack', seq: message.seq };
    case 'status':
      return { kind: 'status', status: message };
    case 'session.refused':
      return { kind: 'session-refused', refused: message };
  }
};
