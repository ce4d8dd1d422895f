// The least that an agent can be: `bare-agent.js URL CREDENTIAL`, a `ws` client that says hello and beats.
import { hostname } from 'node:os';
import { randomUUID } from 'node:crypto';
import { WebSocket } from 'ws';
import { PATH, SUBPROTOCOL, type Said } from '../ground/wire.ts';

const [, , url = '', credential = ''] = process.argv;
const socket = new WebSocket(`${url}${PATH}`, [SUBPROTOCOL], {
  headers: { authorization: `Bearer ${credential}` },
  perMessageDeflate: false,
});
let seq = 0;
socket.on('open', () => {
  const hello = { kind: 'hello', machineId: randomUUID(), hostname: hostname() };
  socket.send(JSON.stringify({ ...hello, platform: process.platform, agentVersion: '0' }));
});
socket.on('message', (data: Buffer) => {
  const said = JSON.parse(data.toString('utf8')) as Said;
  if (said.kind === 'welcome')
    setInterval(() => {
      seq += 1;
      socket.send(JSON.stringify({ kind: 'heartbeat', seq }));
    }, said.heartbeatMs);
});
process.on('SIGTERM', () => {
  socket.close(1001);
  socket.on('close', () => process.exit());
});
