/** pino, in one place. Lines are written synchronously: the last one before a death is the one that matters. */
import { dirname } from 'node:path';
import { type DestinationStream, type Logger, pino } from 'pino';
import { makeFolder } from './make-folder.ts';

export type Log = Logger;

/** Never in a log, whoever logs it. The first fence is not to hand them over at all. */
const SECRETS = ['credential', 'token', 'enrollToken', 'authorization', 'proxy'];
const REDACT = SECRETS.flatMap((key) => [key, `*.${key}`, `*.*.${key}`]);

/** What cannot be written is kept for better days, up to so much; then it is dropped. */
const MAX_UNWRITTEN_BYTES = 64 * 1024;

/** A file that takes what it can: a disk that is full must not end the agent that somebody needs to mend it. */
const tolerantFile = (path: string): DestinationStream => {
  makeFolder(dirname(path), 0o700);
  const file = pino.destination({ dest: path, sync: true, maxLength: MAX_UNWRITTEN_BYTES });
  file.on('error', () => undefined);
  return {
    write: (line) => {
      try {
        file.write(line);
      } catch {
        // There is nowhere left to say it.
      }
    },
  };
};

/** JSON lines to `destination`; a path is opened for appending, its folder made. @throws where that cannot be. */
export const createLog = (name: string, level: string, destination: string | DestinationStream): Log =>
  pino(
    { name, level, redact: REDACT, timestamp: pino.stdTimeFunctions.isoTime },
    typeof destination === 'string' ? tolerantFile(destination) : destination,
  );

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
