// `echo-client.js URL`: a bare `ws` client that answers whatever it gets with a text of the size of a status.
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { PATH, SUBPROTOCOL } from '../ground/wire.ts';

const socket = new WebSocket(`${process.argv[2] ?? ''}${PATH}`, [SUBPROTOCOL], { perMessageDeflate: false });
/** As the agent's own, digit for digit. */
const STATUS = JSON.stringify({
  ...{ kind: 'status', id: 1000, uptimeMs: 12345, reconnects: 0 },
  ...{ authFailures: 0, unknownMessages: 0, roundTripMs: 1.234567 },
});
socket.on('open', () => {
  socket.send(JSON.stringify({ kind: 'hello', machineId: randomUUID() }));
  socket.on('message', () => {
    socket.send(STATUS);
  });
});
socket.on('error', () => process.exit(1));
process.on('SIGTERM', () => process.exit());
