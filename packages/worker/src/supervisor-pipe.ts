/** The worker's end of the pipe: the hello out, the stop in. The end of the pipe is a stop as well. */
import { type Socket, connect } from 'node:net';
import { createLineSplitter } from '@guruconnect/shared/lines';
import {
  type Bootstrap,
  MAX_LINE_BYTES,
  PIPE_VERSION,
  type StopReason,
  type WorkerMessage,
  encode,
  parseBootstrap,
  parseSupervisorMessage,
} from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { within } from '@guruconnect/shared/within';

export interface SupervisorPipe {
  /** Aborted with a {@link StopReason}. */
  readonly signal: AbortSignal;
  send(message: WorkerMessage): void;
  /** Lets go of the pipe, once everything sent has been handed over. */
  close(): void;
}

const firstLine = async (input: NodeJS.ReadStream): Promise<string | undefined> => {
  const lines = createLineSplitter(MAX_LINE_BYTES);
  for await (const chunk of input as AsyncIterable<Buffer>) {
    const line = lines.push(chunk)?.[0];
    if (line !== undefined) return line;
  }
  return undefined;
};

/** The supervisor's first and only line on stdin. @throws Error where it is missing, late or not of this version. */
export const readBootstrap = async (input: NodeJS.ReadStream): Promise<Bootstrap> => {
  const line = await within(firstLine(input), TIMING.bootstrap);
  if (line === undefined) throw new Error('no bootstrap line came on stdin');
  const bootstrap = parseBootstrap(line);
  if (bootstrap === undefined) throw new Error('the bootstrap line on stdin is not of this version');
  return bootstrap;
};

const opened = (socket: Socket): Promise<true> =>
  new Promise((resolve, reject) => {
    socket.once('connect', () => resolve(true)).once('error', reject);
  });

/** Connects and says hello. */
export const joinSupervisor = async ({ pipe, token }: Bootstrap): Promise<SupervisorPipe> => {
  const socket = connect(pipe);
  if ((await within(opened(socket), TIMING.bootstrap)) === undefined) {
    throw new Error("the supervisor's pipe does not answer");
  }
  const stop = new AbortController();
  const abort = (reason: StopReason): void => {
    if (!stop.signal.aborted) stop.abort(reason);
  };
  const lines = createLineSplitter(MAX_LINE_BYTES);
  socket.on('data', (chunk: Buffer) => {
    const complete = lines.push(chunk);
    // Deaf from here on: the end of the pipe is the only stop that is left, so it has to come.
    if (complete === undefined) socket.destroy();
    for (const line of complete ?? []) {
      const message = parseSupervisorMessage(line);
      if (message !== undefined) abort(message.reason);
    }
  });
  // An error is always followed by 'close', and 'close' is the message.
  socket.on('error', () => undefined);
  socket.on('close', () => {
    abort('supervisor-gone');
  });
  const send = (message: WorkerMessage): void => {
    if (socket.writable) socket.write(encode(message));
  };
  send({ kind: 'hello', version: PIPE_VERSION, token, pid: process.pid });
  return {
    signal: stop.signal,
    send,
    close: () => {
      socket.destroySoon();
    },
  };
};
