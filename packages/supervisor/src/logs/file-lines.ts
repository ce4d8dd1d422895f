/** The lines of a file, from its beginning or from its end, a piece of it in memory at a time. */
import { readSync } from 'node:fs';

const PIECE_BYTES = 64 * 1024;
/** What is longer is no line of ours, and comes in several. */
const LONGEST_LINE = 256 * 1024;
const NEWLINE = 0x0a;

/** Shorter where the file is. @throws the system's error */
export const readPiece = (fd: number, from: number, to: number): Buffer => {
  const piece = Buffer.allocUnsafe(to - from);
  return piece.subarray(0, readSync(fd, piece, 0, piece.length, from));
};

/** Gives the bytes of a file between two places, fewer where they are not there. @throws the system's error */
export type ReadBytes = (from: number, to: number) => Buffer;

export const bytesOf =
  (fd: number): ReadBytes =>
  (from, to) =>
    readPiece(fd, from, to);

/** @returns where the line begins that has no end yet: `to`, if there is none. Empty lines are left out. */
export function* linesForward(read: ReadBytes, from: number, to: number): Generator<string, number> {
  let rest = Buffer.alloc(0);
  let at = from;
  while (at < to) {
    const piece = read(at, Math.min(to, at + PIECE_BYTES));
    // It has become shorter since.
    if (piece.length === 0) break;
    at += piece.length;
    let data = Buffer.concat([rest, piece]);
    for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE)) {
      if (end > 0) yield data.toString('utf8', 0, end);
      data = data.subarray(end + 1);
    }
    if (data.length > LONGEST_LINE) {
      yield data.toString('utf8');
      data = Buffer.alloc(0);
    }
    rest = data;
  }
  return at - rest.length;
}

/** The last line first. What has no newline behind it is one as well. */
export function* linesBackward(fd: number, size: number): Generator<string, void> {
  let rest = Buffer.alloc(0);
  for (let to = size; to > 0;) {
    const from = Math.max(0, to - PIECE_BYTES);
    let data = Buffer.concat([readPiece(fd, from, to), rest]);
    to = from;
    for (let at = data.lastIndexOf(NEWLINE); at !== -1; at = data.lastIndexOf(NEWLINE)) {
      if (at + 1 < data.length) yield data.toString('utf8', at + 1);
      data = data.subarray(0, at);
    }
    if (data.length > LONGEST_LINE) {
      yield data.toString('utf8');
      data = Buffer.alloc(0);
    }
    rest = data;
  }
  if (rest.length > 0) yield rest.toString('utf8');
}

/** @returns where the last line that has an end has it: `size`, as a rule. */
export const endOfLines = (fd: number, size: number): number => {
  for (let to = size; to > 0;) {
    const from = Math.max(0, to - PIECE_BYTES);
    const at = readPiece(fd, from, to).lastIndexOf(NEWLINE);
    if (at !== -1) return from + at + 1;
    to = from;
  }
  return 0;
};
