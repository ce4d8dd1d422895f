/** Writes down how a worker ended that nobody had asked to, for the next one to tell the relay. */
import { systemClock } from '@guruconnect/shared/clock';
import { scrubHistory, scrubLines, writeLastWords } from '@guruconnect/shared/last-words';
import type { Episode, LastWords } from '@guruconnect/shared/relay-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';
import { type EndFacts, endReason } from './end-reason.ts';
import { remember } from './history.ts';
import type { Notice, WorkerExit, WorkerFault } from './host.ts';

/** One moment on two clocks: what is told is the wall's, what is measured must not jump. */
export interface Moment {
  readonly at: Date;
  /** Monotonic milliseconds. */
  readonly ms: number;
}

/** What has been seen of a worker so far. */
export interface Sight extends Pick<EndFacts, 'killedAfter' | 'hang'> {
  /** A stop was asked for: its end is nothing to tell. */
  readonly asked: boolean;
  readonly fault?: WorkerFault;
  /** Monotonic milliseconds. */
  readonly spawnedAt?: number;
  readonly history: readonly Episode[];
}

export const NOTHING_SEEN: Sight = { asked: false, history: [] };

const note = (sight: Sight, notice: Notice, ms: number): Sight => {
  switch (notice.kind) {
    case 'transition':
      return notice.control === undefined ? sight : { ...sight, asked: true };
    case 'fault':
      return { ...sight, fault: notice.fault };
    case 'killed': {
      // What it was killed again for is that it had been killed.
      if (sight.killedAfter !== undefined) return sight;
      return { ...sight, killedAfter: notice.after, ...(notice.hang !== undefined && { hang: notice.hang }) };
    }
    case 'spawned':
      return { ...sight, spawnedAt: ms };
    case 'beat':
    case 'exited':
    case 'failed':
    case 'silent':
    case 'stranger':
    case 'wrote':
      return sight;
    default:
      return unreachable(notice);
  }
};

/** What is seen with a notice. Pure. */
export const see = (sight: Sight, notice: Notice, { at, ms }: Moment): Sight => ({
  ...note(sight, notice, ms),
  history: remember(sight.history, notice, at.toISOString()),
});

/** @returns `undefined` for an end that was asked for. Pure. */
export const lastWordsOf = (sight: Sight, exit: WorkerExit, { at, ms }: Moment): LastWords | undefined => {
  const { asked, fault, spawnedAt, history, ...facts } = sight;
  if (asked) return undefined;
  const { pid, code, signal, lastWords } = exit;
  return {
    reason: endReason({ ...facts, ...(fault !== undefined && { faultCode: fault.code }), exit }),
    at: at.toISOString(),
    ...(code !== undefined && { exitCode: code }),
    ...(signal !== undefined && { signal }),
    ...(pid !== undefined && spawnedAt !== undefined && { livedMs: Math.round(ms - spawnedAt) }),
    lines: scrubLines([...lastWords, ...(fault === undefined ? [] : [fault.message])]),
    history: scrubHistory(history),
  };
};

export interface Witness {
  /** @returns the last words, once, with the exit that nobody had asked for. */
  notice(notice: Notice): LastWords | undefined;
}

/** @param dataDir where the words are kept. */
export const createWitness = (dataDir: string): Witness => {
  let sight = NOTHING_SEEN;
  return {
    notice: (notice) => {
      const now = { at: new Date(), ms: systemClock.now() };
      sight = see(sight, notice, now);
      if (notice.kind !== 'exited') return undefined;
      const words = lastWordsOf(sight, notice.exit, now);
      if (words !== undefined) writeLastWords(dataDir, words);
      return words;
    },
  };
};
