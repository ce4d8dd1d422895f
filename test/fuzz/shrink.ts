/** The shortest input that still fails, as far as leaving bytes out gets. */
const MAX_TRIES = 5_000;

/** @param fails of the input given it is known that it does. */
export const shrink = (input: Buffer, fails: (input: Buffer) => boolean): Buffer => {
  let best = input;
  let tries = MAX_TRIES;
  for (let size = Math.ceil(best.length / 2); size >= 1; size = Math.floor(size / 2)) {
    for (let at = 0; at < best.length && tries > 0;) {
      const shorter = Buffer.concat([best.subarray(0, at), best.subarray(at + size)]);
      tries -= 1;
      if (fails(shorter)) best = shorter;
      else at += size;
    }
  }
  return best;
};
