/** When a relay would have an agent come back: a header of HTTP, or the end of a close frame's reason. Pure. */
import { MAX_SLOT_MS } from './relay-protocol.ts';

const bounded = (ms: number): number => Math.min(Math.max(0, ms), MAX_SLOT_MS);

const dateOf = (text: string | undefined): number | undefined => {
  // Only the one form of a date that may be sent: Date.parse takes half the world for one.
  if (!/^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT$/.test(text ?? '')) return undefined;
  const date = Date.parse(text ?? '');
  return Number.isNaN(date) ? undefined : date;
};

/** Now, as the answer's Date header has it: a machine's own clock may be hours wrong. @param now of this machine */
export const nowOfAnswer = (header: string | undefined, now: number): number => dateOf(header?.trim()) ?? now;

/**
 * @param header of Retry-After: seconds, or a date.
 * @param now milliseconds since the Unix epoch.
 * @returns milliseconds from 0 to 1 h; `undefined` for what is neither.
 * @see https://www.rfc-editor.org/rfc/rfc9110#section-10.2.3
 */
export const parseRetryAfter = (header: string | undefined, now: number): number | undefined => {
  const text = header?.trim() ?? '';
  if (/^\d{1,9}$/.test(text)) return bounded(Number(text) * 1000);
  const date = dateOf(text);
  return date === undefined ? undefined : bounded(date - now);
};

const SLOT = /(?:^|; )retry-after=(\d{1,7}(?:\.\d{1,3})?)$/;

/** @returns milliseconds of a close reason that ends in `retry-after=<seconds>`, from 0 to 1 h. */
export const slotOfReason = (reason: string): number | undefined => {
  const seconds = SLOT.exec(reason)?.[1];
  return seconds === undefined ? undefined : bounded(Math.round(Number(seconds) * 1000));
};

/** The reason with the slot, as {@link slotOfReason} reads it. */
export const reasonWithSlot = (reason: string, slotMs: number): string =>
  `${reason}; retry-after=${bounded(slotMs) / 1000}`.slice(0, 123);
