/** TLS in front of the embedded relay, which has none of its own. */
import { type TLSSocket, type TlsOptions, createServer } from 'node:tls';
import type { Relay } from '@guruconnect/relay';
import type { Test } from 'tap';
import { serverIdentity } from './certificates.ts';
import { leadOn, listen } from './sockets.ts';

type Named = Parameters<typeof serverIdentity>[0];

/** `shown` is one of the kept certificates, or what `tls.createServer` takes; `at` where it listens, default a port of 127.0.0.1. */
export const tlsFront = async (
  t: Test,
  relay: Pick<Relay, 'port'>,
  shown: Named | TlsOptions,
  at: { readonly port?: number; readonly host?: string } = {},
) => {
  /** The TCP port of each who came, whether or not TLS was agreed upon. */
  const peers: number[] = [];
  /** The bytes that came inside TLS, from everybody together. */
  const told = { bytes: 0 };
  /** The name that each asked for by SNI. */
  const asked: (string | false | null)[] = [];
  const identity = typeof shown === 'string' ? serverIdentity(shown) : shown;
  const server = createServer(identity, (socket: TLSSocket) => {
    asked.push(socket.servername);
    // Not before it is led on: what is read then would be lost to the relay.
    void leadOn(socket, relay.port).then(() =>
      socket.on('data', ({ length }: Buffer) => (told.bytes += length)),
    );
  });
  server.on('connection', ({ remotePort = 0 }: { readonly remotePort?: number }) => peers.push(remotePort));
  server.on('tlsClientError', () => undefined);
  const { port, open, close } = await listen(t, server, at.port, at.host);
  return {
    url: `wss://127.0.0.1:${port}`,
    urlByName: `wss://localhost:${port}`,
    port,
    peers,
    told,
    asked,
    open,
    close,
    /** From the next connection on. */
    show: (next: TlsOptions): void => {
      server.setSecureContext(next);
    },
    /** Resets every connection that is open. */
    reset: (): void => {
      for (const socket of open) socket.resetAndDestroy();
    },
  };
};
