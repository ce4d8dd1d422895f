/**
 * The supervisor's end of the pipe. Whoever connects is a stranger until a hello with the one-time token has come; the
 * first one that brings it is the worker, and from then on nobody else is listened to.
 */
import { timingSafeEqual } from 'node:crypto';
import { type Socket, createServer } from 'node:net';
import { createLineSplitter } from '@guruconnect/shared/lines';
import {
  type Beat,
  type Control,
  MAX_LINE_BYTES,
  PIPE_VERSION,
  encode,
  parseWorkerMessage,
} from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import type { WorkerFault } from './host.ts';
import { listen } from './listen.ts';
import { createPipeAddress } from './pipe-address.ts';

export interface BridgeCallbacks {
  /** The hello has come. */
  ready(): void;
  beat(beat: Beat): void;
  fault(fault: WorkerFault): void;
  /** The pipe has ended after the hello. */
  lost(): void;
}

export interface Bridge {
  /** What the worker connects to. */
  readonly path: string;
  /** Before the hello, the answer to it. */
  askStop(reason: Control): void;
  close(): void;
}

/** Strangers at a time; one more, and the oldest is turned away. */
const MAX_STRANGERS = 8;

const isToken = (given: string, token: string): boolean => {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
};

/** Calls back with every line. A line that is too long ends the connection. */
const onLines = (socket: Socket, onLine: (line: string) => void): void => {
  const splitter = createLineSplitter(MAX_LINE_BYTES);
  socket.on('data', (chunk: Buffer) => {
    const lines = splitter.push(chunk);
    if (lines === undefined) socket.destroy();
    for (const line of lines ?? []) if (!socket.destroyed) onLine(line);
  });
  // An error is always followed by 'close'.
  socket.on('error', () => undefined);
};

/** @throws Error where the pipe cannot be made. */
export const openBridge = async (token: string, on: BridgeCallbacks): Promise<Bridge> => {
  const address = createPipeAddress();
  const server = createServer();
  const strangers = new Set<Socket>();
  let worker: Socket | undefined;
  let asked: Control | undefined;

  const sendStop = (): void => {
    if (asked !== undefined) worker?.write(encode({ kind: 'stop', reason: asked }));
  };
  const admit = (socket: Socket): void => {
    worker = socket;
    strangers.delete(socket);
    for (const stranger of strangers) stranger.destroy();
    server.close();
    // The worker is in: what is left of the name is of no use to anybody.
    address.dispose();
    socket.on('close', on.lost);
    sendStop();
    on.ready();
  };
  const onLine = (socket: Socket, line: string): void => {
    const message = parseWorkerMessage(line);
    if (worker === undefined) {
      const known =
        message?.kind === 'hello' && message.version === PIPE_VERSION && isToken(message.token, token);
      if (known) admit(socket);
      else socket.destroy();
    } else if (worker === socket && message?.kind === 'beat') on.beat(message);
    else if (worker === socket && message?.kind === 'fault') on.fault(message);
  };

  server.on('connection', (socket) => {
    if (worker !== undefined) {
      socket.destroy();
      return;
    }
    // The oldest one goes: were it the newest, silent strangers could keep the worker out.
    if (strangers.size >= MAX_STRANGERS) strangers.values().next().value?.destroy();
    strangers.add(socket);
    // A bound on the whole of it, not on its silences: who drips bytes has no longer.
    const bound = setTimeout(() => strangers.has(socket) && socket.destroy(), TIMING.pipeHello);
    socket.on('close', () => {
      clearTimeout(bound);
      strangers.delete(socket);
    });
    onLines(socket, (line) => {
      onLine(socket, line);
    });
  });
  server.on('close', address.dispose);
  try {
    await listen(server, address.path);
  } catch (error) {
    address.dispose();
    throw error;
  }

  return {
    path: address.path,
    askStop: (reason) => {
      asked ??= reason;
      sendStop();
    },
    close: () => {
      for (const stranger of strangers) stranger.destroy();
      worker?.destroy();
      if (server.listening) server.close();
    },
  };
};
