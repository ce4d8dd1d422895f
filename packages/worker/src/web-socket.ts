/** A WebSocket to the relay, as little of it as a session needs. The only file that knows `ws`. */
import type { IncomingMessage } from 'node:http';
import type { Socket as TcpSocket } from 'node:net';
import { MAX_MESSAGE_BYTES, SUBPROTOCOLS } from '@guruconnect/shared/relay-protocol';
import { WebSocket } from 'ws';
import type { RouteOptions } from './network/route.ts';

/** How a socket ended. */
export type SocketEnd =
  /** The upgrade was answered with another status than 101. */
  | {
      readonly kind: 'refused';
      readonly status: number;
      readonly retryAfter: string | undefined;
      readonly date: string | undefined;
    }
  /** 1006 is an end without a close frame, 1005 one without a code (RFC 6455 section 7.1.5). */
  | { readonly kind: 'closed'; readonly code: number; readonly reason: string }
  | { readonly kind: 'failed'; readonly error: unknown };

export interface SocketEvents {
  open(): void;
  /** A text frame; binary ones are passed over. */
  text(frame: string): void;
  ping(data: Uint8Array): void;
  /** Once, and nothing after it. */
  end(end: SocketEnd): void;
}

export interface Socket {
  isOpen(): boolean;
  /** Bytes that are waiting to be sent. */
  buffered(): number;
  /** Bytes on the wire so far, TLS and upgrade included. */
  traffic(): { readonly received: number; readonly sent: number };
  send(frame: string): void;
  pong(data: Uint8Array): void;
  /** Starts the closing handshake; `end` follows. */
  close(code: number, reason: string): void;
  /** Ends TCP at once; `end` follows. */
  terminate(): void;
}

const options = (credential: string, route: RouteOptions) => ({
  headers: { authorization: `Bearer ${credential}` },
  maxPayload: MAX_MESSAGE_BYTES,
  perMessageDeflate: false,
  // The session looks first whether the relay reads.
  autoPong: false,
  followRedirects: false,
  ...route,
});

const listen = (socket: WebSocket, on: SocketEvents): void => {
  let ended = false;
  let error: unknown;
  const end = (how: SocketEnd): void => {
    if (ended) return;
    ended = true;
    on.end(how);
  };
  socket.on('open', on.open);
  socket.on('ping', on.ping);
  socket.on('message', (data: Buffer, isBinary: boolean) => {
    if (!isBinary) on.text(data.toString('utf8'));
  });
  socket.on('unexpected-response', (_request, response: IncomingMessage) => {
    response.destroy();
    end({
      kind: 'refused',
      status: response.statusCode ?? 0,
      retryAfter: response.headers['retry-after'],
      date: response.headers.date,
    });
    socket.terminate();
  });
  socket.on('error', (cause) => {
    error ??= cause;
  });
  socket.on('close', (code, reason) => {
    end(
      error === undefined
        ? { kind: 'closed', code, reason: reason.toString('utf8') }
        : { kind: 'failed', error },
    );
  });
};

/** Opens a socket. Never throws; what goes wrong is its end. */
export const dial = (url: URL, credential: string, route: RouteOptions, on: SocketEvents): Socket => {
  const socket = new WebSocket(url, [...SUBPROTOCOLS], options(credential, route));
  let tcp: TcpSocket | undefined;
  socket.on('upgrade', (response) => {
    tcp = response.socket;
  });
  listen(socket, on);
  return {
    isOpen: () => socket.readyState === WebSocket.OPEN,
    buffered: () => socket.bufferedAmount,
    traffic: () => ({ received: tcp?.bytesRead ?? 0, sent: tcp?.bytesWritten ?? 0 }),
    send: (frame) => {
      socket.send(frame);
    },
    pong: (data) => {
      socket.pong(data);
    },
    close: (code, reason) => {
      socket.close(code, reason);
    },
    terminate: () => {
      socket.terminate();
    },
  };
};
