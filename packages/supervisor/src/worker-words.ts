/**
 * What a worker writes to its stderr and lives on: warnings of Node's and of native code, which would be lost with no death to tell of
 * them. What comes right before its end is its last words, and not told twice.
 */
import type { Clock } from '@guruconnect/shared/clock';
import { scrubLines } from '@guruconnect/shared/last-words';
import { TIMING } from '@guruconnect/shared/timing';
import { createTail } from './tail.ts';

const MOST_BYTES = 4 * 1024;
const MOST_LINES = 10;

export interface WorkerWords {
  /** The last of them. */
  readonly lines: readonly string[];
  /** All that was written since the last time, what is not among the lines included. */
  readonly bytes: number;
}

export interface WordsListener {
  push(chunk: Uint8Array): void;
  /** The worker has ended. */
  stop(): void;
}

/**
 * However much is written, `tell` hears of it once a minute, and a few kilobytes are kept.
 * @param secrets what is not passed on, looked for when there is something to tell.
 */
export const listenToWords = (
  clock: Clock,
  secrets: () => readonly string[],
  tell: (words: WorkerWords) => void,
): WordsListener => {
  const tail = createTail(MOST_BYTES, MOST_LINES);
  let bytes = 0;
  let toldAt = -Infinity;
  let timer: ReturnType<Clock['after']> | undefined;
  const say = (): void => {
    timer = undefined;
    // A line that is still being written may be half a secret.
    const lines = scrubLines(tail.lines(false), secrets());
    if (lines.length === 0) return;
    const words = { lines, bytes };
    tail.forget();
    bytes = 0;
    toldAt = clock.now();
    tell(words);
  };
  return {
    push: (chunk) => {
      tail.push(chunk);
      bytes += chunk.length;
      const pause = toldAt + TIMING.workerWordsAgain - clock.now();
      timer ??= clock.after(Math.max(TIMING.workerWords, pause), say);
    },
    stop: () => timer?.cancel(),
  };
};
