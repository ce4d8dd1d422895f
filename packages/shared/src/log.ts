/** pino, in one place. Lines are written synchronously: the last one before a death is the one that matters. */
import { type DestinationStream, type Logger, pino } from 'pino';
import { type LogTrouble, openLogFile } from './log-file.ts';

export type Log = Logger;

/** Never in a log, whoever logs it. The first fence is not to hand them over at all. */
const SECRETS = ['credential', 'token', 'enrollToken', 'authorization', 'proxy'];
const REDACT = SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** What becomes of the log is a line of it. */
const sayTrouble = (log: Log, trouble: LogTrouble): void => {
  if (trouble.kind === 'lost') log.warn({ lines: trouble.lines }, 'lines of this log were lost');
  else
    log.warn({ why: trouble.why }, 'this log cannot be rotated: it grows to its limit, then lines are lost');
};

const create = (name: string, level: string, destination: DestinationStream): Log =>
  pino({ name, level, redact: REDACT, timestamp: pino.stdTimeFunctions.isoTime }, destination);

/**
 * JSON lines to `destination`; a path is a {@link openLogFile} of its own: a disk that is full, or a file that cannot be opened, must not
 * end the agent that somebody needs to mend it.
 */
export const createLog = (name: string, level: string, destination: string | DestinationStream): Log => {
  if (typeof destination !== 'string') return create(name, level, destination);
  const file = openLogFile(destination, {
    trouble: (trouble) => {
      sayTrouble(log, trouble);
    },
  });
  const log = create(name, level, file);
  return log;
};

/** A log that goes nowhere: better than a service that does not start because a disk is full. */
export const silentLog = (): Log => pino({ enabled: false });

/** The logs of a log's parts, each made once. */
const parts = new WeakMap<Log, Map<string, Log>>();

/** The log of one part of a program: every line of it says which. */
export const partLog = (log: Log, part: string): Log => {
  const known = parts.get(log) ?? new Map<string, Log>();
  parts.set(log, known);
  const child = known.get(part) ?? log.child({ part });
  known.set(part, child);
  return child;
};

/** Of the log and of all its parts: pino's children follow their parent where they were not given a level of their own. */
export const setLogLevel = (log: Log, level: string): void => {
  log.level = level;
};
