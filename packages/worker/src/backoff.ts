/** How long to wait before trying again: exponential with full jitter. Pure. */
import { TIMING } from '@guruconnect/shared/timing';

/**
 * @param attempt 1 for the first wait after a loss, and up.
 * @param random from 0 to 1.
 * @returns milliseconds from 0 to `min(cap, first * 2^(attempt - 1))`.
 * @see https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export const backoffDelay = (attempt: number, random: number): number =>
  random * Math.min(TIMING.backoffCap, TIMING.backoffFirst * 2 ** Math.min(attempt - 1, 30));
