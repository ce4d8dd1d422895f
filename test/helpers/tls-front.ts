/** TLS in front of the embedded relay, which has none of its own. */
import { type TLSSocket, createServer } from 'node:tls';
import type { Relay } from '@guruconnect/relay';
import type { Test } from 'tap';
import { serverIdentity } from './certificates.ts';
import { leadOn, listen } from './sockets.ts';

export const tlsFront = async (t: Test, relay: Relay, name: Parameters<typeof serverIdentity>[0]) => {
  /** The TCP port of each who came, whether or not TLS was agreed upon. */
  const peers: number[] = [];
  const server = createServer(serverIdentity(name), (socket: TLSSocket) => {
    void leadOn(socket, relay.port);
  });
  server.on('connection', ({ remotePort = 0 }: { readonly remotePort?: number }) => peers.push(remotePort));
  server.on('tlsClientError', () => undefined);
  const { port } = await listen(t, server);
  return { url: `wss://127.0.0.1:${port}`, urlByName: `wss://localhost:${port}`, port, peers };
};
