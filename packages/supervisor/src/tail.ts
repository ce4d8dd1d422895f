/** The last lines of a stream, within bounds: what a process said before it died. */

export interface Tail {
  push(chunk: Uint8Array): void;
  lines(): readonly string[];
}

/** A line of V8's native stack: there can be dozens below the one that says why. */
const NATIVE_FRAME = /^\s*\d+: (0x)?[0-9a-fA-F]{8,}/;

/** Keeps at most `maxBytes` of the stream's end and at most `maxLines` of its lines. */
export const createTail = (maxBytes: number, maxLines: number): Tail => {
  let end = Buffer.alloc(0);
  return {
    push: (chunk) => {
      end = Buffer.from(Buffer.concat([end, chunk]).subarray(-maxBytes));
    },
    lines: () =>
      end
        .toString('utf8')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '' && !NATIVE_FRAME.test(line))
        .slice(-maxLines),
  };
};
