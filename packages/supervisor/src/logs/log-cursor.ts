/** A place in a log that is being written: gives what has been added since, wherever a rotation has put it. */
import { fstatSync } from 'node:fs';
import { readPiece } from './file-lines.ts';
import type { LogEntry } from './log-entry.ts';
import {
  type LogPlace,
  type OpenFile,
  closeFile,
  idOf,
  openFile,
  openLog,
  openRotated,
} from './log-files.ts';
import { entriesOf } from './log-reader.ts';

export interface LogCursor {
  /** What is there now and has not been given. @throws the system's error */
  news(): Generator<LogEntry, void>;
  close(): void;
}

/** With the time of a line in them, they are like no others. */
const MARK_BYTES = 256;

/** The last bytes before a place: while they are the same, what is before it has not been touched. */
const endBefore = (fd: number, at: number): Buffer => readPiece(fd, Math.max(0, at - MARK_BYTES), at);

/** The newest of the rotated files, which the log was copied into before it was emptied. */
const copyOf = (place: LogPlace, bytes: number): OpenFile | undefined => {
  const rotated = openRotated(place);
  const [copy] = rotated.slice(-1);
  rotated.filter((file) => file !== copy).forEach(closeFile);
  if (copy === undefined || copy.size >= bytes) return copy;
  closeFile(copy);
  return undefined;
};

/** The files that came after this one, oldest first. Where it is not among them any more, the current one alone. */
const successors = (place: LogPlace, { id }: OpenFile): readonly OpenFile[] => {
  const { rotated, current } = openLog(place);
  const at = rotated.findIndex((file) => file.id === id);
  const after = at === -1 ? [] : rotated.slice(at + 1);
  rotated.filter((file) => !after.includes(file)).forEach(closeFile);
  return current === undefined ? after : [...after, current];
};

/** @param file the current one, where there is one; the cursor closes it. @param from where in it. */
export const openCursor = (place: LogPlace, file: OpenFile | undefined, from: number): LogCursor => {
  const near = { time: 0 };
  let current = file;
  let at = from;
  let mark = file === undefined ? Buffer.alloc(0) : endBefore(file.fd, at);

  /** A copy is the same bytes at the same places. */
  function* copied(): Generator<LogEntry, void> {
    const copy = copyOf(place, at);
    if (copy !== undefined) {
      yield* entriesOf(copy.fd, at, copy.size, near);
      closeFile(copy);
    }
    at = 0;
  }
  function* rest({ fd }: OpenFile): Generator<LogEntry, void> {
    // It may have been emptied and have grown again since.
    if (!endBefore(fd, at).equals(mark)) yield* copied();
    at = yield* entriesOf(fd, at, fstatSync(fd).size, near);
    mark = endBefore(fd, at);
  }
  function* moveOn(from: OpenFile): Generator<LogEntry, void> {
    const after = successors(place, from);
    closeFile(from);
    current = after.at(-1);
    at = 0;
    mark = Buffer.alloc(0);
    for (const next of after) {
      at = yield* entriesOf(next.fd, 0, fstatSync(next.fd).size, near);
      if (next === current) mark = endBefore(next.fd, at);
      else closeFile(next);
    }
  }
  return {
    *news() {
      current ??= openFile(place.path);
      if (current === undefined) return;
      // Asked first: then nobody adds to it any more, and all of the rest is read.
      const isMoved = idOf(place.path) !== current.id;
      yield* rest(current);
      if (isMoved) yield* moveOn(current);
    },
    close: () => {
      if (current !== undefined) closeFile(current);
      current = undefined;
    },
  };
};
