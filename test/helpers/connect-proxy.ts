/** An HTTP proxy that knows CONNECT and nothing else, and can do it wrongly. */
import { createServer } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { Duplex } from 'node:stream';
import type { Test } from 'tap';
import { serverIdentity } from './certificates.ts';
import { leadOn, listen } from './sockets.ts';

export interface ProxyOptions {
  readonly port?: number;
  /** Address that it listens on; default 127.0.0.1. */
  readonly host?: string;
  /** `user:password` that it asks for. */
  readonly user?: string;
  /** Its own certificate, where it is to be reached by https. */
  readonly identity?: Parameters<typeof serverIdentity>[0];
  /** What it does with a CONNECT instead of its work. */
  readonly instead?: (socket: Duplex) => void;
}

/** Wherever it is asked to connect to, it connects to that port of this machine. */
export const startProxy = async (t: Test, options: ProxyOptions = {}) => {
  const { port, host = '127.0.0.1', user, identity, instead } = options;
  const asked: string[] = [];
  /** The ports that its own connections come from. */
  const ports: number[] = [];
  const wanted = user === undefined ? undefined : `Basic ${Buffer.from(user).toString('base64')}`;
  const server = identity === undefined ? createServer() : createTlsServer(serverIdentity(identity));
  server.on('tlsClientError', () => undefined);
  server.on('connect', ({ url = '', headers }, socket: Duplex) => {
    asked.push(url);
    socket.on('error', () => undefined);
    if (instead !== undefined) {
      socket.resume().on('end', () => socket.destroy());
      instead(socket);
      return;
    }
    if (headers['proxy-authorization'] !== wanted) {
      socket.end('HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n');
      return;
    }
    leadOn(socket, Number(url.split(':').at(-1))).then(
      (local) => {
        ports.push(local);
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
      },
      () => socket.end('HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n'),
    );
  });
  const listening = await listen(t, server, port, host);
  return {
    ...listening,
    asked,
    ports,
    address: `${host.includes(':') ? `[${host}]` : host}:${listening.port}`,
  };
};
