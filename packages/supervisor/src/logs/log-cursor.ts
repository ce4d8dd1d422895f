/** A place in a log that is being written: gives what has been added since, wherever a rotation has put it. */
import { fstatSync } from 'node:fs';
import { type ReadBytes, bytesOf, readPiece } from './file-lines.ts';
import type { LogEntry } from './log-entry.ts';
import { type LogPlace, type OpenFile, closeFile, idOf, openLog, openRotated } from './log-files.ts';
import { entriesOf } from './log-reader.ts';

export interface LogCursor {
  /** What is there now and has not been given. @throws the system's error */
  news(): Generator<LogEntry, void>;
  close(): void;
}

/** With the time of a line in them, they are like no others. */
const MARK_BYTES = 256;

/** The last bytes before a place: while they are there, what is before it has not been touched. */
interface Mark {
  readonly at: number;
  readonly bytes: Buffer;
}

const BEGINNING: Mark = { at: 0, bytes: Buffer.alloc(0) };

const markAt = (fd: number, at: number): Mark => ({
  at,
  bytes: readPiece(fd, Math.max(0, at - MARK_BYTES), at),
});

const isUntouched = (fd: number, { at, bytes }: Mark): boolean => markAt(fd, at).bytes.equals(bytes);

/** Of what was read, and not of what is in the file by now: it may be emptied, and grow again, at any moment. */
const moved = ({ at, bytes }: Mark, from: number, piece: Buffer): Mark => {
  const further = piece.subarray(at - from);
  return { at: at + further.length, bytes: Buffer.concat([bytes, further]).subarray(-MARK_BYTES) };
};

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

export interface CursorStart {
  /** The current file, where there is one; the cursor closes it. */
  readonly file: OpenFile | undefined;
  /** Where in it. */
  readonly from: number;
  /** The rotated files that are not to be given. */
  readonly known: readonly Pick<OpenFile, 'id'>[];
}

export const openCursor = (place: LogPlace, { file, from, known }: CursorStart): LogCursor => {
  const near = { time: 0 };
  let current = file;
  let at = from;
  let mark = file === undefined ? BEGINNING : markAt(file.fd, at);

  /** Nothing where the file was emptied before: what is read now is at another place. */
  const read =
    (fd: number): ReadBytes =>
    (from, to) => {
      const piece = readPiece(fd, from, to);
      if (!isUntouched(fd, mark)) return piece.subarray(0, 0);
      mark = moved(mark, from, piece);
      return piece;
    };
  /** A copy is the same bytes at the same places. */
  function* copied(): Generator<LogEntry, void> {
    const copy = copyOf(place, at);
    if (copy === undefined) return;
    yield* entriesOf(bytesOf(copy.fd), at, copy.size, near);
    closeFile(copy);
  }
  function* rest({ fd }: OpenFile): Generator<LogEntry, void> {
    at = yield* entriesOf(read(fd), at, fstatSync(fd).size, near);
    if (isUntouched(fd, mark)) return;
    yield* copied();
    at = 0;
    mark = BEGINNING;
    at = yield* entriesOf(read(fd), at, fstatSync(fd).size, near);
  }
  /** The last of them is the current one. */
  function* take(after: readonly OpenFile[]): Generator<LogEntry, void> {
    current = after.at(-1);
    at = 0;
    mark = BEGINNING;
    for (const next of after) {
      const bytes = next === current ? read(next.fd) : bytesOf(next.fd);
      at = yield* entriesOf(bytes, 0, fstatSync(next.fd).size, near);
      if (next !== current) closeFile(next);
    }
  }
  function* moveOn(from: OpenFile): Generator<LogEntry, void> {
    const after = successors(place, from);
    // Between two files: by this one the next is found.
    if (after.length === 0) return;
    closeFile(from);
    yield* take(after);
  }
  /** The first one may have been rotated since the last look, and not for the first time. */
  function* begin(): Generator<LogEntry, void> {
    const { rotated, current: found } = openLog(place);
    const wanted = rotated.filter(({ id }) => found !== undefined && known.every((one) => one.id !== id));
    rotated.filter((one) => !wanted.includes(one)).forEach(closeFile);
    if (found !== undefined) yield* take([...wanted, found]);
  }
  return {
    *news() {
      if (current === undefined) {
        yield* begin();
        return;
      }
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
