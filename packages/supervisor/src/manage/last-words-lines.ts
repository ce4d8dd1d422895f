/** The last words as a person reads them. Pure. */
import { formatDuration } from '../duration.ts';
import type { LastWordsFact } from './last-words-fact.ts';
import type { Line } from './status-report.ts';

/** Of what it went through a person sees the end; `--json` has all of it. */
const SHOWN_EPISODES = 4;

const between = (from: number, to: number): string => formatDuration(Math.max(0, to - from || 0));

/** @param now milliseconds since the Unix epoch. */
export const lastWordsLines = (words: LastWordsFact | undefined, now: number): readonly Line[] => {
  if (words === undefined) return [];
  const { reason, at, livedMs, line, history = [] } = words;
  const end = Date.parse(at);
  const lived = livedMs === undefined ? '' : `, after ${formatDuration(livedMs)}`;
  const said = line === undefined ? '' : `: ${line}`;
  return [
    ['last words', `${reason}, ${between(end, now)} ago${lived}${said}`, 'bad'],
    ...history
      .slice(-SHOWN_EPISODES)
      .map((one): Line => ['', `${between(Date.parse(one.at), end)} before: ${one.what}`, 'plain']),
  ];
};
