/** Bytes in, lines out: the framing of the pipe and of the worker's stdin. Pure but for what it has not yet passed on. */

export interface LineSplitter {
  /** @returns the lines that `chunk` completes, without their newline; `undefined` once a line is too long. */
  push(chunk: Uint8Array): readonly string[] | undefined;
}

const NEWLINE = 0x0a;

/**
 * @param maxBytes the longest line accepted, without its newline. Invalid UTF-8 becomes U+FFFD and is left to the parser.
 */
export const createLineSplitter = (maxBytes: number): LineSplitter => {
  let rest = Buffer.alloc(0);
  let broken = false;
  return {
    push: (chunk) => {
      if (broken) return undefined;
      const lines: string[] = [];
      let data = rest.length === 0 ? Buffer.from(chunk) : Buffer.concat([rest, chunk]);
      for (let end = data.indexOf(NEWLINE); end !== -1; end = data.indexOf(NEWLINE)) {
        if (end > maxBytes) break;
        lines.push(data.toString('utf8', 0, end));
        data = data.subarray(end + 1);
      }
      const pending = data.indexOf(NEWLINE) === -1 ? data.length : maxBytes + 1;
      broken = pending > maxBytes;
      rest = broken ? Buffer.alloc(0) : Buffer.from(data);
      return broken ? undefined : lines;
    },
  };
};
