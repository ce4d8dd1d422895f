/** The last lines of a stream, within bounds: what a process said before it died. */

export interface Tail {
  push(chunk: Uint8Array): void;
  /** @param isOver also what has no end of a line yet. */
  lines(isOver?: boolean): readonly string[];
  /** All but what has no end of a line yet. */
  forget(): void;
}

/** A line of V8's native stack: there can be dozens below the one that says why. */
const NATIVE_FRAME = /^\s*\d+: (0x)?[0-9a-fA-F]{8,}/;

const NEWLINE = 0x0a;

/**
 * Keeps at most `maxBytes` of the stream's end and at most `maxLines` of its lines. Of a line that it has to cut nothing is told: half a secret
 * would not be found in it.
 */
export const createTail = (maxBytes: number, maxLines: number): Tail => {
  let end = Buffer.alloc(0);
  let isCut = false;
  const kept = (): Buffer => {
    if (!isCut) return end;
    const first = end.indexOf(NEWLINE);
    return first === -1 ? Buffer.from(`(a line of more than ${maxBytes} bytes)`) : end.subarray(first + 1);
  };
  return {
    push: (chunk) => {
      const whole = Buffer.concat([end, chunk]);
      const dropped = whole.length - maxBytes;
      if (dropped > 0) isCut = whole[dropped - 1] !== NEWLINE;
      end = Buffer.from(whole.subarray(-maxBytes));
    },
    lines: (isOver = true) =>
      (isOver ? kept() : kept().subarray(0, kept().lastIndexOf(NEWLINE) + 1))
        .toString('utf8')
        .split(/\r?\n/)
        .filter((line) => line.trim() !== '' && !NATIVE_FRAME.test(line))
        .slice(-maxLines),
    forget: () => {
      const at = end.lastIndexOf(NEWLINE);
      if (at === -1) return;
      end = Buffer.from(end.subarray(at + 1));
      isCut = false;
    },
  };
};
