/**
 * The supervisor's end of the pipe. Whoever comes in at the door is a stranger until a hello with the one-time token has come; the
 * first one that brings it is the worker, and from then on nobody else is listened to.
 */
import { timingSafeEqual } from 'node:crypto';
import type { Socket } from 'node:net';
import { createLineSplitter } from '@guruconnect/shared/lines';
import {
  type Beat,
  type Control,
  MAX_LINE_BYTES,
  PIPE_VERSION,
  encode,
  parseWorkerMessage,
} from '@guruconnect/shared/pipe-protocol';
import type { StoreAnswer, StoreRequest } from '@guruconnect/shared/store-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import type { Door } from './door.ts';
import type { WorkerFault } from './host.ts';

export interface BridgeCallbacks {
  /** The hello has come. */
  ready(): void;
  beat(beat: Beat): void;
  fault(fault: WorkerFault): void;
  /** Somebody came who is not the worker, and was turned away. */
  stranger(): void;
  /** A worker that may not touch the store. */
  asked(request: StoreRequest): void;
  /** The pipe has ended after the hello. */
  lost(): void;
}

export interface Bridge {
  /** Before the hello, the answer to it. */
  askStop(reason: Control): void;
  /** After the hello; what nobody is there for any more is dropped. */
  answer(answer: StoreAnswer): void;
  close(): void;
}

/** Strangers at a time; one more, and the oldest is turned away. */
const MAX_STRANGERS = 8;

const isToken = (given: string, token: string): boolean => {
  const a = Buffer.from(given);
  const b = Buffer.from(token);
  return a.length === b.length && timingSafeEqual(a, b);
};

const isOurs = (hello: { readonly version: number; readonly token: string }, token: string): boolean =>
  hello.version === PIPE_VERSION && isToken(hello.token, token);

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

/** And one turn of the event loop later: what has come while this process stood still is read before that. */
const after = (ms: number, act: () => void): NodeJS.Timeout => setTimeout(() => setImmediate(act), ms);

/** @param pid of the worker, which is not waited for yet. */
export const openBridge = (door: Door, pid: number, token: string, on: BridgeCallbacks): Bridge => {
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
    door.close();
    socket.on('close', on.lost);
    sendStop();
    on.ready();
  };
  const onLine = (socket: Socket, line: string): void => {
    const message = parseWorkerMessage(line);
    if (worker === undefined) {
      if (message?.kind === 'hello' && message.pid === pid && isOurs(message, token)) {
        admit(socket);
        return;
      }
      socket.destroy();
      on.stranger();
    } else if (worker !== socket || message === undefined || message.kind === 'hello') return;
    else if (message.kind === 'beat') on.beat(message);
    else if (message.kind === 'fault') on.fault(message);
    else on.asked(message);
  };
  const listenTo = (socket: Socket): void => {
    // The oldest one goes: were it the newest, silent strangers could keep the worker out.
    if (strangers.size >= MAX_STRANGERS) strangers.values().next().value?.destroy();
    strangers.add(socket);
    // A bound on the whole of it, not on its silences: who drips bytes has no longer.
    const bound = after(TIMING.pipeHello, () => {
      if (strangers.has(socket)) socket.destroy();
    });
    socket.on('close', () => {
      clearTimeout(bound);
      strangers.delete(socket);
    });
    onLines(socket, (line) => {
      onLine(socket, line);
    });
  };

  door.open(pid, {
    knock: (socket) => {
      if (worker === undefined) listenTo(socket);
      else socket.destroy();
    },
    stranger: on.stranger,
  });
  return {
    askStop: (reason) => {
      asked ??= reason;
      sendStop();
    },
    answer: (answer) => {
      if (worker?.writable === true) worker.write(encode(answer));
    },
    close: () => {
      for (const stranger of strangers) stranger.destroy();
      worker?.destroy();
      door.close();
    },
  };
};
