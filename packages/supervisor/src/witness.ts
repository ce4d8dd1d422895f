/** Writes down how a worker ended that nobody had asked to, for the next one to tell the relay. */
import { scrubLines, writeLastWords } from '@guruconnect/shared/last-words';
import { unreachable } from '@guruconnect/shared/unreachable';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import type { Notice, WorkerExit, WorkerFault } from './host.ts';

/** What has been seen of a worker so far. */
export interface Sight {
  /** A stop was asked for: its end is nothing to tell. */
  readonly asked: boolean;
  readonly fault?: WorkerFault;
  readonly killedAfter?: string;
}

/** What is seen with a notice. Pure. */
export const see = (sight: Sight, notice: Notice): Sight => {
  switch (notice.kind) {
    case 'transition':
      return notice.control === undefined ? sight : { ...sight, asked: true };
    case 'fault':
      return { ...sight, fault: notice.fault };
    case 'killed':
      return sight.killedAfter === undefined ? { ...sight, killedAfter: notice.after } : sight;
    case 'beat':
    case 'exited':
    case 'failed':
    case 'spawned':
      return sight;
    default:
      return unreachable(notice);
  }
};

const reasonOf = ({ fault, killedAfter }: Sight, { signal }: WorkerExit): string => {
  if (fault !== undefined) return fault.code;
  if (killedAfter !== undefined) return killedAfter === 'hung' ? 'hung' : `killed-after-${killedAfter}`;
  return signal === undefined ? 'exited' : 'signal';
};

/** @returns `undefined` for an end that was asked for. Pure. */
export const lastWordsOf = (sight: Sight, exit: WorkerExit, at: Date): LastWords | undefined => {
  if (sight.asked) return undefined;
  const { code, signal, lastWords } = exit;
  return {
    reason: reasonOf(sight, exit),
    at: at.toISOString(),
    ...(code !== undefined && { exitCode: code }),
    ...(signal !== undefined && { signal }),
    lines: scrubLines([...lastWords, ...(sight.fault === undefined ? [] : [sight.fault.message])]),
  };
};

/** @param dataDir where the words are kept. */
export const createWitness = (dataDir: string): { notice(notice: Notice): void } => {
  let sight: Sight = { asked: false };
  return {
    notice: (notice) => {
      sight = see(sight, notice);
      if (notice.kind !== 'exited') return;
      const words = lastWordsOf(sight, notice.exit, new Date());
      if (words !== undefined) writeLastWords(dataDir, words);
    },
  };
};
