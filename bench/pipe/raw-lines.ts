/** JSON lines on a socket of Node's, as anybody would write them in ten lines. */
import type { Socket } from 'node:net';

export const onLine = (socket: Socket, take: (message: { readonly id: number }) => void): void => {
  let rest = '';
  socket.setEncoding('utf8').on('data', (text: string) => {
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    for (const line of lines) take(JSON.parse(line) as { readonly id: number });
  });
};
