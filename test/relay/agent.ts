/** An agent made of bare parts, so that a test can do each step of the protocol wrongly. */
import { once } from 'node:events';
import { request, type IncomingHttpHeaders, type IncomingMessage } from 'node:http';
import type { Relay } from '@guruconnect/relay';
import { ENROLL_PATH, SESSION_PATH, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { WebSocket } from 'ws';

/** Bound of every wait, in milliseconds. */
export const SOON = 20_000;
export const TOKEN = 'enroll_of-a-test';
export const FACTS = {
  machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
  hostname: 'FRONT-DESK',
  platform: 'win32 10.0.19045 x64',
  agentVersion: '0.1.0',
} as const;
export const HELLO = { kind: 'hello', ...FACTS } as const;

export const origin = (relay: Relay): string => relay.url.replace('ws:', 'http:');

/** One enrolment request; what is not given is right. */
export const postEnroll = (relay: Relay, init: RequestInit = {}): Promise<Response> =>
  fetch(origin(relay) + ENROLL_PATH, {
    method: 'POST',
    headers: { authorization: `Bearer ${TOKEN}`, 'content-type': 'application/json' },
    body: JSON.stringify(FACTS),
    ...init,
  });

/** Enrols a machine; the identity it got. */
export const enrolled = async (relay: Relay, machineId: string = FACTS.machineId) => {
  const answer = await postEnroll(relay, { body: JSON.stringify({ ...FACTS, machineId }) });
  return (await answer.json()) as { agentId: string; credential: string };
};

const upgradeHeaders = {
  connection: 'Upgrade',
  upgrade: 'websocket',
  'sec-websocket-version': '13',
  'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
  'sec-websocket-protocol': SUBPROTOCOLS[0],
};

export type Refused = {
  readonly status: number | undefined;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
};

/** The answer to an upgrade that is refused; a header given as undefined is left out. Rejects if it is accepted. */
export const refusedUpgrade = async (
  relay: Relay,
  headers: Record<string, string | undefined>,
  { path = SESSION_PATH, method = 'GET' } = {},
): Promise<Refused> => {
  const all: Record<string, string | undefined> = { ...upgradeHeaders, ...headers };
  const sent = Object.entries(all).filter(([, value]) => value !== undefined);
  const client = request(origin(relay) + path, { method, headers: Object.fromEntries(sent), agent: false });
  client.on('upgrade', () => client.destroy(new Error('the upgrade was accepted')));
  const [response] = (await once(client.end(), 'response')) as [IncomingMessage];
  let body = '';
  for await (const chunk of response) body += String(chunk);
  return { status: response.statusCode, headers: response.headers, body };
};

export interface Agent {
  readonly socket: WebSocket;
  /** Resolves when the relay resets TCP; the library keeps that to itself. */
  readonly wasReset: Promise<void>;
  send(message: unknown): void;
  /** The relay's next message, parsed. */
  next(): Promise<Record<string, unknown>>;
  readonly closed: Promise<{ readonly code: number; readonly reason: string }>;
}

/** Opens a session; `hello` is not said yet. */
export const connect = async (relay: Relay, credential: string): Promise<Agent> => {
  const socket = new WebSocket(relay.url + SESSION_PATH, [...SUBPROTOCOLS], {
    headers: { authorization: `Bearer ${credential}` },
    handshakeTimeout: SOON,
  });
  const inbox: Record<string, unknown>[] = [];
  socket.on('message', (data: Buffer) =>
    inbox.push(JSON.parse(data.toString('utf8')) as Record<string, unknown>),
  );
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.on('close', (code, reason) => {
      resolve({ code, reason: reason.toString('utf8') });
    });
  });
  const wasReset = new Promise<void>((resolve) => {
    socket.on('upgrade', (response) => {
      response.socket.on('error', (error: NodeJS.ErrnoException) => {
        if (error.code === 'ECONNRESET') resolve();
      });
    });
  });
  await once(socket, 'open');
  return {
    socket,
    closed,
    wasReset,
    send: (message) => {
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    },
    async next() {
      if (inbox.length === 0) await once(socket, 'message', { signal: AbortSignal.timeout(SOON) });
      return inbox.shift() ?? {};
    },
  };
};

/** Enrols, connects and says hello: an agent that is online. */
export const online = async (relay: Relay, machineId?: string) => {
  const identity = await enrolled(relay, machineId);
  const agent = await connect(relay, identity.credential);
  agent.send(HELLO);
  const { sessionId } = await agent.next();
  return { ...agent, ...identity, sessionId: String(sessionId) };
};
