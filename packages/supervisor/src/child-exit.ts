/** How a child ended, with its last words: what it wrote to stderr before that. */
import type { Readable } from 'node:stream';
import { scrubLines } from '@guruconnect/shared/last-words';
import { TIMING } from '@guruconnect/shared/timing';
import type { Child, ChildEnd } from './child.ts';
import type { WorkerExit } from './host.ts';
import { createTail } from './tail.ts';

const LAST_WORDS_BYTES = 8 * 1024;
const LAST_WORDS_LINES = 20;

/** Resolves when the stream has ended, or the time for it is over: a descendant may hold it open for ever. */
const readOut = (stream: Readable): Promise<void> =>
  new Promise((resolve) => {
    const bound = setTimeout(resolve, TIMING.lastWords);
    const done = (): void => {
      clearTimeout(bound);
      resolve();
    };
    if (stream.closed) done();
    else stream.once('close', done);
  });

const exitOf = (pid: number | undefined, end: ChildEnd, lines: readonly string[]): WorkerExit =>
  end.kind === 'exited'
    ? { pid, code: end.code, signal: end.signal, lastWords: lines }
    : { pid, code: undefined, signal: undefined, lastWords: [end.why] };

/**
 * The exit comes from the process; its stderr has a bounded time on top.
 * @param secrets what is not passed on of its last words, looked for once it has ended.
 * @param heard all that it writes, as it comes: it is read at once, however much it is, and so never blocks the child.
 */
export const childExit = async (
  { pid, stderr, ended }: Child,
  secrets: () => readonly string[],
  heard: (chunk: Uint8Array) => void = () => undefined,
): Promise<WorkerExit> => {
  const tail = createTail(LAST_WORDS_BYTES, LAST_WORDS_LINES);
  stderr
    ?.on('error', () => undefined)
    .on('data', (chunk: Uint8Array) => {
      tail.push(chunk);
      heard(chunk);
    });
  const end = await ended;
  if (stderr !== undefined) await readOut(stderr);
  stderr?.destroy();
  return exitOf(pid, end, scrubLines(tail.lines(), secrets()));
};
