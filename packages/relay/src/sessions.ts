import type { Socket } from 'node:net';
import { CLOSE } from '@guruconnect/shared/relay-protocol';
import type { WebSocket } from 'ws';
import type { CloseReason, SessionRefused, Status } from './conversation.ts';
import type { SessionHouse } from './live.ts';
import { openSession, type Session } from './session.ts';

/** The sessions of a relay: at most one open per agent, and those that are closing. */
export interface Sessions {
  /** Takes an upgraded connection over; the agent's older session is closed with 4001. */
  open(link: WebSocket, tcp: Socket, agentId: string): void;
  all(): readonly Session[];
  /** Throws RangeError if there is none. */
  get(sessionId: string): Session;
  closeAgent(agentId: string, reason: CloseReason): void;
  /** Sends `status-request` and gives the answer. Rejects if there is no such session, or after `timeoutMs`. */
  requestStatus(sessionId: string, timeoutMs: number): Promise<Status>;
  /** Sends `session.open` and gives the refusal. Rejects as `requestStatus` does. */
  openRemote(sessionId: string, timeoutMs: number): Promise<SessionRefused>;
  /** Resolves when no session is left. */
  drained(): Promise<void>;
}

export const createSessions = (house: SessionHouse): Sessions => {
  const sessions = new Map<string, Session>();
  /** Each agent's newest: the others are closing. Were all of them looked at, each newcomer would cost as much as there are agents. */
  const newest = new Map<string, Session>();
  const onDrained = new Set<() => void>();
  let requests = 0;

  const all = (): Session[] => [...sessions.values()];
  const get = (sessionId: string): Session => {
    const session = sessions.get(sessionId);
    if (session === undefined) throw new RangeError(`session ${sessionId}: not open`);
    return session;
  };
  const closeAgent = (agentId: string, reason: CloseReason): void => {
    newest.get(agentId)?.close(reason);
  };
  const forget = (session: Session): void => {
    sessions.delete(session.sessionId);
    if (newest.get(session.agentId) === session) newest.delete(session.agentId);
    if (sessions.size > 0) return;
    for (const resolve of onDrained) resolve();
    onDrained.clear();
  };

  return {
    all,
    get,
    closeAgent,
    open(link, tcp, agentId) {
      closeAgent(agentId, CLOSE.superseded);
      const session = openSession(link, tcp, agentId, house, () => {
        forget(session);
      });
      sessions.set(session.sessionId, session);
      newest.set(agentId, session);
      house.record({ kind: 'session-opened', sessionId: session.sessionId, agentId });
    },
    // Async, so that an unknown session rejects.
    async requestStatus(sessionId, timeoutMs) {
      return awaitAnswer(get(sessionId), 'status-request', (requests += 1), timeoutMs) as Promise<Status>;
    },
    async openRemote(sessionId, timeoutMs) {
      return awaitAnswer(
        get(sessionId),
        'session.open',
        (requests += 1),
        timeoutMs,
      ) as Promise<SessionRefused>;
    },
    drained: () =>
      sessions.size === 0 ? Promise.resolve() : new Promise((resolve) => onDrained.add(resolve)),
  };
};

const ANSWERS = { 'status-request': 'status', 'session.open': 'session.refused' } as const;

const awaitAnswer = (
  session: Session,
  kind: keyof typeof ANSWERS,
  id: number,
  timeoutMs: number,
): Promise<Status | SessionRefused> =>
  new Promise((resolve, reject) => {
    const giveUp = (): void => {
      forget();
      reject(new Error(`session ${session.sessionId}: no ${ANSWERS[kind]} within ${timeoutMs} ms`));
    };
    const timer = setTimeout(giveUp, timeoutMs);
    const forget = session.onAnswer(id, (answer) => {
      if (answer.kind !== ANSWERS[kind]) return;
      clearTimeout(timer);
      forget();
      resolve(answer);
    });
    session.send(JSON.stringify({ kind, id }));
  });
