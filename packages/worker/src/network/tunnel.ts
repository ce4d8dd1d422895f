/** CONNECT: a tunnel through an HTTP proxy (RFC 9110 section 9.3.6). */
import { once } from 'node:events';
import { type IncomingMessage, request as httpRequest } from 'node:http';
import type { Socket } from 'node:net';
import { proxyAnswerless, proxyRefusal } from './trouble.ts';

/** Of the header, as Node counts it. */
const MAX_HEADER_BYTES = 16_384;
/** Of everything until the header ends: Node does not count the empty lines in front of it. */
const MAX_ANSWER_BYTES = 65_536;

export interface TunnelOptions {
  /** User and password are taken from it, percent-decoded. */
  readonly proxy: URL;
  /** `host:port`, an IPv6 address in brackets. */
  readonly authority: string;
  /** Whether the peer at the far end may be the first to speak: in TLS it may not. */
  readonly peerMaySpeak: boolean;
  readonly signal: AbortSignal;
}

/** Basic (RFC 7617). */
const credentials = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === '' && password === '') return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` };
};

/** Ends the connection to whoever sends more than an answer. @returns what takes the bound away again */
const limit = (socket: Socket): (() => void) => {
  let read = 0;
  const count = (chunk: Buffer): void => {
    read += chunk.length;
    if (read > MAX_ANSWER_BYTES) socket.destroy();
  };
  socket.on('data', count);
  return () => {
    socket.off('data', count);
  };
};

const ask = async (
  socket: Socket,
  { proxy, authority, signal }: TunnelOptions,
): Promise<readonly [IncomingMessage, Socket, Buffer]> => {
  const request = httpRequest({
    method: 'CONNECT',
    path: authority,
    headers: { Host: authority, ...credentials(proxy) },
    maxHeaderSize: MAX_HEADER_BYTES,
    createConnection: () => socket,
  });
  // It may fail once more after the first time.
  request.on('error', () => undefined).end();
  const unlimit = limit(socket);
  try {
    return (await once(request, 'connect', { signal })) as [IncomingMessage, Socket, Buffer];
  } catch (error) {
    throw proxyAnswerless(error);
  } finally {
    unlimit();
  }
};

/**
 * Opens a tunnel over a connection to the proxy; on an error the connection is the caller's to end. A body is never read.
 *
 * @throws ProxyRefusal for an answer that is no 2xx; Error where there is no answer, none that is HTTP, or one that is too long
 */
export const openTunnel = async (socket: Socket, options: TunnelOptions): Promise<Socket> => {
  const [{ statusCode = 0 }, tunnel, head] = await ask(socket, options);
  if (statusCode < 200 || statusCode > 299) throw proxyRefusal(statusCode);
  if (head.length === 0) return tunnel;
  if (!options.peerMaySpeak) throw proxyAnswerless();
  tunnel.unshift(head);
  return tunnel;
};
