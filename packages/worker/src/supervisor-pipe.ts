/** The worker's end of the pipe: the hello out, the stop in. The end of the pipe is a stop as well. */
import { systemClock } from '@guruconnect/shared/clock';
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
import { settleable } from '@guruconnect/shared/settleable';
import type { StoreAnswer } from '@guruconnect/shared/store-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { within } from '@guruconnect/shared/within';
import { type Question, createQuestions } from './pipe-questions.ts';
import { connectSupervisor } from './supervisor-socket.ts';

export interface SupervisorPipe {
  /** Aborted with a {@link StopReason}. */
  readonly signal: AbortSignal;
  send(message: WorkerMessage): void;
  /** Rejects where the answer does not come in time, and where the supervisor has gone. */
  ask(question: Question): Promise<StoreAnswer>;
  /** Lets go of the pipe, once everything sent has been handed over. */
  close(): void;
  /** Resolves when it is closed, by whichever side. */
  readonly closed: Promise<undefined>;
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

/** Connects and says hello. */
export const joinSupervisor = async (bootstrap: Bootstrap): Promise<SupervisorPipe> => {
  const socket = await connectSupervisor(bootstrap);
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
      if (message?.kind === 'stop') abort(message.reason);
      else if (message !== undefined) questions.answer(message);
    }
  });
  // An error is always followed by 'close', and 'close' is the message.
  socket.on('error', () => undefined);
  const closed = settleable<undefined>();
  socket.on('close', () => {
    abort('supervisor-gone');
    questions.giveUp();
    closed.resolve(undefined);
  });
  const send = (message: WorkerMessage): void => {
    if (socket.writable) socket.write(encode(message));
  };
  const questions = createQuestions(systemClock, send);
  send({ kind: 'hello', version: PIPE_VERSION, token: bootstrap.token, pid: process.pid });
  return {
    signal: stop.signal,
    send,
    ask: questions.ask,
    close: () => {
      socket.destroySoon();
    },
    closed: closed.promise,
  };
};
