// A pipe of Node's with JSON lines: the end that asks.
import { connect } from 'node:net';
import { QUESTION, askOnCommand } from './question.ts';
import { onLine } from './raw-lines.ts';

const socket = connect(process.argv[2] ?? '');
let id = 0;
let answered = (): void => undefined;
socket.on('error', () => undefined);
onLine(socket, () => {
  answered();
});
askOnCommand(
  () =>
    new Promise<void>((resolve) => {
      answered = resolve;
      id += 1;
      socket.write(`${JSON.stringify({ ...QUESTION, id })}\n`);
    }),
);
