/** What the helpers of the network's tests share: servers on loopback that end with their test. */
import { once } from 'node:events';
import { type AddressInfo, type Server, type Socket, connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { Test } from 'tap';

/** Listens on this address, which is loopback's if nothing else is said. @returns the port, the sockets that are open, and what closes the server and all of them. */
export const listen = async (t: Test, server: Server, port = 0, host = '127.0.0.1') => {
  const open = new Set<Socket>();
  server.on('connection', (socket: Socket) => {
    open.add(socket.on('error', () => undefined));
    socket.on('close', () => open.delete(socket));
  });
  const close = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => {
        resolve();
      });
      for (const socket of open) socket.destroy();
    });
  t.teardown(close);
  server.listen(port, host);
  await once(server, 'listening');
  return { port: (server.address() as AddressInfo).port, open, close };
};

/** Leads a connection on to a port of this machine, until either end is gone. @returns the port it comes from there. */
export const leadOn = async (from: Duplex, port: number): Promise<number> => {
  const to = connect(port, '127.0.0.1');
  await once(to, 'connect');
  for (const [one, other] of [
    [from, to],
    [to, from],
  ] as const) {
    one.on('error', () => undefined);
    one.on('close', () => other.destroy());
  }
  // An HTTP server's socket stays half open else, and nobody would see that its client has gone.
  from.on('end', () => from.destroy());
  from.pipe(to).pipe(from);
  return to.localPort ?? 0;
};
