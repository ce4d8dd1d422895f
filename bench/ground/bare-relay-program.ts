// A bare `ws` server that speaks just enough for an agent to be online; commands and news as those of relay-program.ts.
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { randomUUID } from 'node:crypto';
import { WebSocketServer, type WebSocket } from 'ws';
import { pace } from './pace.ts';
import type { RelayCommand, RelayNews } from './relay.ts';
import { type Said, SUBPROTOCOL } from './wire.ts';
import { collectedHeapBytes } from './collected.ts';

const HEARTBEAT_MS = 15_000;
const tell = (news: RelayNews): void => void process.send?.(news);
const sockets = new Set<WebSocket>();
let online = 0;
let awaited = Infinity;
/** What is done with an answer: one listener for all of a session. */
let answered = (): void => undefined;

const look = (): void => {
  if (online < awaited) return;
  awaited = Infinity;
  tell({ kind: 'online', at: Date.now() });
};

const take = (socket: WebSocket, { kind, seq }: Said): void => {
  if (kind === 'hello') {
    socket.send(JSON.stringify({ kind: 'welcome', sessionId: randomUUID(), heartbeatMs: HEARTBEAT_MS }));
    online += 1;
    look();
  } else if (kind === 'heartbeat') socket.send(JSON.stringify({ kind: 'heartbeat-ack', seq }));
  else answered();
};

const http = createServer((_request, response) => {
  // Whoever enrols gets a credential: nobody looks at it.
  const body = JSON.stringify({ agentId: randomUUID(), credential: `cak_${'x'.repeat(43)}` });
  response.writeHead(201, { 'content-type': 'application/json' }).end(body);
});
const server = new WebSocketServer({
  server: http,
  perMessageDeflate: false,
  clientTracking: false,
  handleProtocols: (offered) => (offered.has(SUBPROTOCOL) ? SUBPROTOCOL : false),
});
server.on('connection', (socket) => {
  sockets.add(socket);
  socket.on('message', (data: Buffer) => {
    take(socket, JSON.parse(data.toString('utf8')) as Said);
  });
  socket.on('error', () => undefined);
  socket.on('close', () => {
    sockets.delete(socket);
    online -= 1;
  });
});

/** Of the newest session. */
const askAll = (count: number, atOnce: number): Promise<number> =>
  new Promise((resolve) => {
    const [socket] = [...sockets].slice(-1);
    let asked = 0;
    let left = count;
    const from = performance.now();
    const ask = (): void => {
      if (asked >= count) return;
      asked += 1;
      socket?.send(JSON.stringify({ kind: 'status-request', id: asked }), () => undefined);
    };
    answered = () => {
      left -= 1;
      if (left === 0) resolve(performance.now() - from);
      else ask();
    };
    for (let i = 0; i < atOnce; i += 1) ask();
  });

const SETTLE_MS = 200;

/** Of the newest session. */
const askPaced = async (perSecond: number, ms: number): Promise<number> => {
  const [socket] = [...sockets].slice(-1);
  let [asked, answers] = [0, 0];
  answered = () => {
    answers += 1;
  };
  await pace(perSecond, ms, () => {
    asked += 1;
    socket?.send(JSON.stringify({ kind: 'status-request', id: asked }), () => undefined);
  });
  await new Promise((resolve) => setTimeout(resolve, SETTLE_MS));
  return answers;
};

const obey = async (command: RelayCommand): Promise<void> => {
  switch (command.kind) {
    case 'enrol':
      tell({
        kind: 'enrolled',
        credentials: Array.from({ length: command.count }, () => `cak_${'x'.repeat(43)}`),
      });
      return;
    case 'await':
      awaited = command.count;
      look();
      return;
    case 'collect':
      tell({ kind: 'collected', heapBytes: collectedHeapBytes() });
      return;
    case 'ask':
      tell({ kind: 'asked', ms: await askAll(command.count, command.atOnce) });
      return;
    case 'pace':
      tell({ kind: 'paced', answers: await askPaced(command.perSecond, command.ms) });
      return;
  }
};

process.on('message', (command: RelayCommand) => {
  void obey(command);
});
process.on('SIGTERM', () => process.exit());
process.on('disconnect', () => process.exit());
// As many as come at once may wait: the agents of a bench do.
http.listen({ port: 0, host: '127.0.0.1' }, () => {
  tell({ kind: 'listening', url: `ws://127.0.0.1:${(http.address() as AddressInfo).port}` });
});
