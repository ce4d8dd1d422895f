// A pipe of Node's with JSON lines: the end that answers.
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ready, startAsker } from './host.ts';
import { onLine } from './raw-lines.ts';

const folder = mkdtempSync(join(tmpdir(), 'gc-bench-'));
process.on('exit', () => {
  rmSync(folder, { recursive: true, force: true });
});
process.on('SIGTERM', () => process.exit());
const path = join(folder, 'raw.sock');
const server = createServer((socket) => {
  socket.on('error', () => undefined);
  onLine(socket, ({ id }) => {
    socket.write(`${JSON.stringify({ kind: 'stored', id })}\n`);
  });
  ready();
});
server.listen(path, () => {
  startAsker('raw-asker', [path]);
});
