/** A line of a log, as far as it has to be understood to be put in its place. Pure. */
import type { LogLevel } from '@guruconnect/shared/log-levels';

export const LOG_PARTS = ['supervisor', 'worker'] as const;
export type LogPart = (typeof LOG_PARTS)[number];

export interface LogEntry {
  /** As it is in the file, without its newline. */
  readonly text: string;
  /** Milliseconds since the epoch. */
  readonly time: number;
  /** pino's number; none where the line is damaged. */
  readonly level: number | undefined;
}

/** What pino begins every line with. A line of megabytes is not parsed for that. */
const HEAD = /^\{"level":(\d{1,3}),"time":"([^"]{1,40})"/;

/** @param near the time of the line beside it, which a damaged one is given. */
export const readEntry = (text: string, near: number): LogEntry => {
  const [, level = '', time = ''] = HEAD.exec(text) ?? [];
  const at = Date.parse(time);
  return Number.isNaN(at) ? { text, time: near, level: undefined } : { text, time: at, level: Number(level) };
};

const NUMBERS: Readonly<Record<LogLevel, number>> = { error: 50, warn: 40, info: 30, debug: 20 };

export interface LogFilter {
  /** Milliseconds since the epoch. */
  readonly since: number | undefined;
  /** The least severe. */
  readonly level: LogLevel | undefined;
}

/** A damaged line may be anything, and is shown. */
export const isWanted = (entry: LogEntry, { since, level }: LogFilter): boolean =>
  (since === undefined || entry.time >= since) &&
  (level === undefined || entry.level === undefined || entry.level >= NUMBERS[level]);
