/** What a worker went through while it lived: the service's states and the link's, the latest of them. Pure. */
import { MAX_HISTORY } from '@guruconnect/shared/last-words';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import type { Episode } from '@guruconnect/shared/relay-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';
import { describeLink } from './console-status.ts';
import { formatDuration } from './duration.ts';
import type { Notice } from './host.ts';

const LINK = 'link ';

const hangWords = (hang: string | undefined): string => (hang === undefined ? '' : ` (${hang})`);

const linkWords = (beat: Beat): string =>
  `${LINK}${describeLink(beat)}${beat.poolMisses === undefined ? '' : ', no thread of the pool answers'}`;

const linkNews = (history: readonly Episode[], beat: Beat): string | undefined => {
  const words = linkWords(beat);
  return history.findLast(({ what }) => what.startsWith(LINK))?.what === words ? undefined : words;
};

/** In words, or nothing where it is nothing new. */
const wordsOf = (history: readonly Episode[], notice: Notice): string | undefined => {
  switch (notice.kind) {
    case 'transition':
      return `service ${notice.to} (${notice.control ?? notice.event})`;
    case 'spawned':
      return notice.pid === undefined ? 'worker not started' : `worker started, pid ${notice.pid}`;
    case 'beat':
      return linkNews(history, notice.beat);
    case 'fault':
      return `fault ${notice.fault.code}`;
    case 'silent':
      return `not heard of for ${formatDuration(notice.forMs)}`;
    case 'stranger':
      return 'a stranger came to the pipe';
    case 'killed':
      return `killed after ${notice.after}${hangWords(notice.hang)}`;
    case 'wrote':
    case 'exited':
    case 'failed':
      return undefined;
    default:
      return unreachable(notice);
  }
};

/** The history with what a notice has to add to it. @param at RFC 3339. */
export const remember = (history: readonly Episode[], notice: Notice, at: string): readonly Episode[] => {
  const what = wordsOf(history, notice);
  return what === undefined ? history : [...history, { at, what }].slice(-MAX_HISTORY);
};
