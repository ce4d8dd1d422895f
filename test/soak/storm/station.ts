/** The relay of a storm, with its restarts: one registry and one port, whoever listens at it. */
import { EventEmitter, once } from 'node:events';
import {
  type Relay,
  type RelayEvent,
  type SessionClosed,
  createRegistry,
  startRelay,
} from '@guruconnect/relay';
import { HEARTBEAT_MS, WINDOW_MS } from './schedule.ts';

export interface Online {
  readonly agentId: string;
  readonly sessionId: string;
  readonly at: number;
}

export interface Station {
  readonly port: number;
  relay(): Relay;
  /** The last session that an agent has come online with. */
  last(agentId: string): Online | undefined;
  /** How a session has ended. */
  closed(sessionId: string): SessionClosed | undefined;
  /** An agent's first session from `from` on, one that is there already included; `undefined` where there is none in time. */
  online(isMeant: (agentId: string) => boolean, from: number, withinMs: number): Promise<Online | undefined>;
  /** @param backInMs what is announced. @param crash sessions are reset instead. */
  down(how: { readonly backInMs?: number; readonly crash?: boolean }): Promise<void>;
  up(): Promise<void>;
}

export const openStation = async (token: string): Promise<Station> => {
  const registry = createRegistry();
  const came = new EventEmitter().setMaxListeners(0);
  const lasts = new Map<string, Online>();
  const ends = new Map<string, SessionClosed>();
  const onEvent = (event: RelayEvent): void => {
    if (event.kind === 'session-closed') ends.set(event.sessionId, event);
    if (event.kind !== 'session-online') return;
    const { agentId, sessionId } = event;
    lasts.set(agentId, { agentId, sessionId, at: performance.now() });
    came.emit('online');
  };
  const start = (port: number): Promise<Relay> =>
    startRelay({
      port,
      enrollTokens: [token],
      registry,
      heartbeatMs: HEARTBEAT_MS,
      reconnectWindowMs: WINDOW_MS,
      onEvent,
    });
  let relay = await start(0);
  const { port } = relay;

  const online: Station['online'] = async (isMeant, from, withinMs) => {
    const late = AbortSignal.timeout(Math.max(0, Math.ceil(withinMs)));
    for (;;) {
      const found = [...lasts.values()].find(({ agentId, at }) => isMeant(agentId) && at >= from);
      if (found !== undefined) return found;
      try {
        await once(came, 'online', { signal: late });
      } catch {
        return undefined;
      }
    }
  };
  return {
    port,
    relay: () => relay,
    last: (agentId) => lasts.get(agentId),
    closed: (sessionId) => ends.get(sessionId),
    online,
    down: ({ backInMs, crash = false }) => {
      if (crash) relay.drop('reset');
      return relay.close(backInMs);
    },
    up: async () => {
      relay = await start(port);
    },
  };
};
