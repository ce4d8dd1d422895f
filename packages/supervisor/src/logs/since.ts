/** Points in time as people write them. Pure. */
import { UsageError } from '@guruconnect/shared/usage-error';

const UNITS: Readonly<Record<string, number>> = {
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

const AGO = /^(\d{1,6})([smhdw])$/;
const DAY = /^\d{4}-\d\d-\d\d$/;
const MOMENT = /^\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?(?:Z|[+-]\d\d:?\d\d)?$/;

/**
 * `10m`, `2h`, `3d`: so long ago; `2026-11-26`, `2026-11-26T10:00`: local time, unless an offset says otherwise.
 * @returns milliseconds since the epoch. @throws UsageError
 */
export const parseSince = (text: string, now: number): number => {
  const [, count = '', unit = ''] = AGO.exec(text) ?? [];
  const ago = UNITS[unit];
  if (ago !== undefined) return now - Number(count) * ago;
  // A date alone would be UTC's.
  const at = DAY.test(text)
    ? Date.parse(`${text}T00:00`)
    : MOMENT.test(text)
      ? Date.parse(text.replace(' ', 'T'))
      : NaN;
  if (!Number.isNaN(at)) return at;
  throw new UsageError(
    `--since: neither a time ago (30s, 10m, 2h, 3d) nor a date (2026-11-26T10:00): ${text}`,
  );
};
