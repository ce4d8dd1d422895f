/** Tells a second Ctrl-C from the same one arriving twice: from the terminal, and forwarded by npm. */

/** Nobody presses a key twice on purpose within so many milliseconds. */
const SAME_PRESS_MS = 150;

/** @param now monotonic milliseconds. @returns for every arrival, whether it is a second press. */
export const createPresses = (now: () => number): (() => boolean) => {
  let first: number | undefined;
  return () => {
    first ??= now();
    return now() - first > SAME_PRESS_MS;
  };
};
