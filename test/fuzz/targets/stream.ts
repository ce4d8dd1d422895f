/** An input as a stream of bytes: how long a line may be, where the stream is cut into chunks, and what is in it. */
import { MAX_LINE_BYTES } from '@guruconnect/shared/pipe-protocol';

export interface Stream {
  /** Longest line in bytes. */
  readonly limit: number;
  /** Ends of all chunks but the last one, in rising order. */
  readonly cuts: readonly number[];
  readonly bytes: Buffer;
  /** Which of a target's parsers is the first line's: one for each line is enough, and several times as fast as all. */
  readonly turn: number;
}

/** Short ones are reached by short inputs; the last one is the product's. */
const LIMITS = [8, 40, 600, MAX_LINE_BYTES];
const HEADER_BYTES = 3;
const CUT_BYTES = 2;

/** Long lines are slow, so that they are one in some: blanks in front up to the product's limit want three bits and not one. */
const isPadded = (flags: number, limit: number): boolean =>
  (flags & 4) !== 0 && (limit < MAX_LINE_BYTES || (flags & 0x1c) === 0x1c);

/**
 * Three bytes: the limit (bits 0 and 1), whether blanks stand in front (bit 2), so many that the slack in the second byte is left of the
 * limit, and whose turn it is (bits 6 and 7); then how many cuts there are, two bytes for each, and what is in the stream.
 */
export const readStream = (input: Buffer): Stream => {
  const [flags = 0, slack = 0, wanted = 0] = input;
  const limit = LIMITS[flags & 3] ?? 0;
  const count = Math.min(wanted & 15, Math.floor(Math.max(0, input.length - HEADER_BYTES) / CUT_BYTES));
  const start = HEADER_BYTES + count * CUT_BYTES;
  const body = input.subarray(start);
  const blanks = isPadded(flags, limit) ? Math.max(0, limit - slack) : 0;
  const bytes = blanks === 0 ? body : Buffer.concat([Buffer.alloc(blanks, ' '), body]);
  const cuts = Array.from(
    { length: count },
    (_cut, at) => input.readUInt16LE(HEADER_BYTES + at * CUT_BYTES) % (bytes.length + 1),
  );
  return { limit, cuts: cuts.sort((a, b) => a - b), bytes, turn: flags >> 6 };
};

/** A stream with one cut in the middle. @param limit index of one */
export const writeStream = (limit: number, bytes: Buffer, turn = 0): Buffer =>
  Buffer.concat([Buffer.from([limit | (turn << 6), 0, 1, bytes.length >> 1, 0]), bytes]);
