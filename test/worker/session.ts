/** A session under test, and a relay made of bare parts that can say anything. */
import { once } from 'node:events';
import type { IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type RelayOptions, startRelay } from '@guruconnect/relay';
import { type Clock, systemClock } from '@guruconnect/shared/clock';
import { SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { openRoute } from '@guruconnect/worker/network/route';
import { type SessionEvent, type SessionOptions, openSession } from '@guruconnect/worker/session';
import { dial } from '@guruconnect/worker/web-socket';
import type { Test } from 'tap';
import { type WebSocket, WebSocketServer } from 'ws';
import { FACTS, TOKEN } from '../relay/agent.ts';
import { createInbox } from './inbox.ts';

/** A healthy relay with one machine enrolled. */
export const relayWithMachine = async (t: Test, options: Partial<RelayOptions> = {}) => {
  const relay = await startRelay({ port: 0, enrollTokens: [TOKEN], closeMs: 200, ...options });
  t.teardown(relay.close);
  return { relay, ...relay.registry.enrol(FACTS.machineId) };
};

export const kindIs =
  (kind: string) =>
  (item: { readonly kind?: unknown }): boolean =>
    item.kind === kind;

/** What ends a session. */
export const isEnd = ({ kind }: SessionEvent): boolean => kind === 'closed' || kind === 'rejected';

export const CREDENTIAL = `cak_${'S3cr3t'.repeat(7)}`;
const TRAFFIC: ReadonlySet<string> = new Set(['received', 'sent', 'unknown']);
export const WELCOME = { kind: 'welcome', sessionId: 's', heartbeatMs: 20_000 };

/** Opens a session and collects its events. It is let go of with the test. */
export const open = (
  t: Test,
  relayUrl: string,
  credential: string,
  clock: Clock = systemClock,
  status: SessionOptions['status'] = () => ({ uptimeMs: 5125, reconnects: 3, roundTripMs: 0.5 }),
) => {
  const inbox = createInbox<SessionEvent>();
  const traffic: string[] = [];
  const session = openSession(
    {
      dial: (on) =>
        dial(new URL(relayUrl + SESSION_PATH), credential, openRoute({ relay: relayUrl }).options, on),
      hello: () => FACTS,
      wallNow: Date.now,
      clock,
      status,
    },
    (event) => {
      if (TRAFFIC.has(event.kind)) traffic.push(event.kind);
      else inbox.put(event);
    },
  );
  t.teardown(session.drop);
  return { session, inbox, traffic };
};

export interface RawLink {
  readonly socket: WebSocket;
  readonly request: IncomingMessage;
  readonly messages: ReturnType<typeof createInbox<Record<string, unknown>>>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
  say(...frames: (string | Uint8Array | object)[]): void;
}

/** A WebSocket server that does nothing by itself; `link` is the first session, complete with its hello. */
export const rawRelay = async (t: Test, subprotocol: string | false = SUBPROTOCOLS[0]) => {
  const server = new WebSocketServer({ host: '127.0.0.1', port: 0, handleProtocols: () => subprotocol });
  t.teardown(() => {
    for (const client of server.clients) client.terminate();
    server.close();
  });
  const links = createInbox<RawLink>();
  server.on('connection', (socket, request) => {
    const messages = createInbox<Record<string, unknown>>();
    socket.on('message', (data: Buffer) => {
      messages.put(JSON.parse(data.toString('utf8')) as Record<string, unknown>);
    });
    socket.on('error', () => undefined);
    const closed = new Promise<{ code: number; reason: string }>((resolve) => {
      socket.on('close', (code, reason) => {
        resolve({ code, reason: reason.toString('utf8') });
      });
    });
    const say: RawLink['say'] = (...frames) => {
      for (const frame of frames) {
        const raw = typeof frame === 'string' || frame instanceof Uint8Array;
        socket.send(raw ? frame : JSON.stringify(frame));
      }
    };
    links.put({ socket, request, messages, closed, say });
  });
  await once(server, 'listening');
  return {
    url: `ws://127.0.0.1:${(server.address() as AddressInfo).port}`,
    link: async (): Promise<RawLink> => {
      const link = await links.next(() => true);
      await link.messages.next(({ kind }) => kind === 'hello');
      return link;
    },
  };
};
