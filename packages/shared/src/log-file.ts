/**
 * A log's file: written synchronously, so that the last line before a death is in it; rotated; and never a reason for anything to fail.
 *
 * pino's own file (sonic-boom) knows no rotation, and pino-roll rotates in a thread of its own, which the worker may not have and which
 * loses what it has not yet written when its process dies. What this does instead with each line is to look at the file, so that
 * nothing has to be known of what other processes do to it; for its name, which costs most, with the first line of several.
 */
import { closeSync, fstatSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { removeExpired, rotateLog } from './log-slots.ts';
import { makeFolder } from './make-folder.ts';
import { LOG_LIMITS, type LogLimits, type LogStep, stepFor } from './rotation.ts';
import { TIMING } from './timing.ts';
import { messageOf } from './usage-error.ts';

/** What cannot be written is kept for better days, up to so much; then lines are dropped. */
const MAX_UNWRITTEN_BYTES = 64 * 1024;
/** The first line's beginning, where its time is. */
const HEAD_BYTES = 256;
const TIME = /^\{"level":\d+,"time":"([^"]+)"/;

/** What somebody who reads the log should know of the log itself. */
export type LogTrouble =
  /** Said once, until it could be rotated after all. */
  { readonly kind: 'not-rotated'; readonly why: string } | { readonly kind: 'lost'; readonly lines: number };

export interface LogFile {
  /** One line, with its newline. Never throws. */
  write(line: string): void;
  /** Nothing is written after that. */
  close(): void;
}

export interface LogFileParts {
  readonly limits: LogLimits;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  readonly trouble: (trouble: LogTrouble) => void;
}

/** Not the time of its birth: Windows gives that of the former file to a new one of the same name. */
const firstTime = (path: string): number => {
  const file = openSync(path, 'r');
  try {
    const head = Buffer.alloc(HEAD_BYTES);
    const [, time = ''] = TIME.exec(head.toString('utf8', 0, readSync(file, head, 0, HEAD_BYTES, 0))) ?? [];
    return Date.parse(time);
  } finally {
    closeSync(file);
  }
};

interface Opened {
  readonly fd: number;
  readonly since: number;
}

/** @throws the system's error */
const open = (path: string, now: number): Opened => {
  makeFolder(dirname(path), 0o700);
  const fd = openSync(path, 'a', 0o600);
  try {
    const found = fstatSync(fd);
    const since = found.isFile() && found.size > 0 ? firstTime(path) : now;
    return { fd, since: Number.isNaN(since) ? now : since };
  } catch {
    return { fd, since: now };
  }
};

type Found = ReturnType<typeof look>;

const look = (fd: number) => fstatSync(fd, { bigint: true });

/** The same file by both: nobody has renamed or removed it. */
const isAt = ({ ino }: Found, path: string): boolean =>
  ino === statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

/** The file as it is on disk: opened, looked at, rotated. All of it may throw the system's errors. */
const createPlace = (path: string, { limits, now }: LogFileParts, onStuck: (why: string) => void) => {
  let file: Opened | undefined;
  const failed = { times: 0, at: 0 };
  /** Since when another process is about to rotate it: a moment, or for ever. */
  let busySince: number | undefined;
  let seenAt = -Infinity;

  const release = (): void => {
    const opened = file;
    file = undefined;
    if (opened !== undefined) closeSync(opened.fd);
  };
  const reopen = () => {
    release();
    file = open(path, now());
    seenAt = performance.now();
    return { ...file, found: look(file.fd) };
  };
  /** It may have been removed or renamed: nobody looks for what is written then. */
  const current = () => {
    if (file === undefined) return reopen();
    const found = look(file.fd);
    if (performance.now() - seenAt < TIMING.logName) return { ...file, found };
    if (!isAt(found, path)) return reopen();
    seenAt = performance.now();
    return { ...file, found };
  };
  // It must not open another process's new file, which would be rotated as well.
  const isOurs = (): boolean => file !== undefined && isAt(look(file.fd), path);
  const rotate = (): void => {
    try {
      const isMoved = rotateLog(path, { byCopy: failed.times > 0, isOurs }, limits);
      // Another process may have been first: then there is room in the new file.
      const isBusy = !isMoved && isOurs();
      busySince = isBusy ? (busySince ?? performance.now()) : undefined;
      if (isBusy) return;
      reopen();
      if (!isMoved) return;
      failed.times = 0;
      removeExpired(path, now(), limits);
    } catch (error) {
      failed.times += 1;
      failed.at = performance.now();
      // The first time it may be somebody who has it open for a moment.
      if (failed.times === 2) onStuck(messageOf(error));
    }
  };
  const mayRotate = (): boolean => {
    const pause = failed.times > 1 ? TIMING.logRotationStuck : TIMING.logRotation;
    return failed.times === 0 || performance.now() - failed.at >= pause;
  };
  const step = (bytes: number, may: boolean): LogStep => {
    const { found, since } = current();
    return found.isFile() ? stepFor({ size: Number(found.size), since }, bytes, now(), may, limits) : 'write';
  };
  return {
    /** @returns whether so many bytes may be written. */
    makeRoom: (bytes: number): boolean => {
      const first = step(bytes, mayRotate());
      if (first !== 'rotate') return first === 'write';
      rotate();
      const mayWait = busySince === undefined || performance.now() - busySince < TIMING.logRotation;
      return step(bytes, mayWait && mayRotate()) !== 'drop';
    },
    write: (bytes: Buffer): number => writeSync((file ?? reopen()).fd, bytes),
    open: () => {
      reopen();
      removeExpired(path, now(), limits);
    },
    release,
  };
};

const attempt = (work: () => void): void => {
  try {
    work();
  } catch {
    // There is no file now, and nowhere to say it. With the next line it is tried again.
  }
};

/**
 * Opens the file, or does so with the first line that it can be opened for, and makes its folder.
 * Two processes may write the same log: both append, and one of them finds that the other has rotated it.
 */
export const openLogFile = (path: string, given: Partial<LogFileParts> = {}): LogFile => {
  const parts = { limits: LOG_LIMITS, now: Date.now, trouble: () => undefined, ...given };
  let unwritten = Buffer.alloc(0);
  let lost = 0;
  let isTelling = false;

  /** Said in the log itself, however full that is. */
  const tell = (what: LogTrouble): void => {
    isTelling = true;
    parts.trouble(what);
    isTelling = false;
  };
  const place = createPlace(path, parts, (why) => {
    tell({ kind: 'not-rotated', why });
  });
  /** Where there is no file now, there may be one by the time that it is written. */
  const hasRoom = (bytes: number): boolean => {
    try {
      return place.makeRoom(bytes);
    } catch {
      return true;
    }
  };
  /** A line that is written in part is finished first: what follows it would be damaged as well. */
  const keep = (bytes: Buffer): void => {
    if (unwritten.length > 0 && unwritten.length + bytes.length > MAX_UNWRITTEN_BYTES) lost += 1;
    else unwritten = Buffer.concat([unwritten, bytes]);
  };
  const flush = (): void => {
    while (unwritten.length > 0) unwritten = unwritten.subarray(place.write(unwritten));
    if (lost === 0) return;
    const lines = lost;
    lost = 0;
    tell({ kind: 'lost', lines });
  };

  attempt(place.open);
  return {
    write: (line) => {
      const bytes = Buffer.from(line);
      if (!isTelling && !hasRoom(unwritten.length + bytes.length)) {
        lost += 1;
        return;
      }
      keep(bytes);
      attempt(flush);
    },
    close: place.release,
  };
};
