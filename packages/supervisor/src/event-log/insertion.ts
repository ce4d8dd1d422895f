/** What may be inserted into an event's text: Event Viewer reads it once more, and so does whoever searches the log. Pure. */
import { printable } from '@guruconnect/shared/printable';
import { scrubLines } from '@guruconnect/shared/last-words';

/**
 * UTF-16 units; Windows takes 31,839 of them. All the strings of an event have to fit into one record of some 60 KiB.
 * @see https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-reporteventw
 */
export const MAX_INSERTION = 1_000;

/**
 * Expanded anew in what has been inserted: `%1` (for ever, where it is %1 itself), `%%5`, a parameter file's, and `%{…}`, an object
 * of the directory's. Microsoft's way out is the space.
 */
const EXPANDED = /%(?=[\d%{])/g;

/** Whole characters, with the sign that something is missing. */
const cut = (text: string): string => {
  if (text.length <= MAX_INSERTION) return text;
  const kept = text.slice(0, MAX_INSERTION - 1);
  return `${/[\uD800-\uDBFF]$/.test(kept) ? kept.slice(0, -1) : kept}…`;
};

/** Without a credential, a character that could steer or hide anything, and what would be expanded; {@link MAX_INSERTION} at most. */
export const insertion = (text: string): string =>
  cut(printable(scrubLines([text.replaceAll(/\s+/g, ' ').trim()]).join('')).replace(EXPANDED, '% '));
