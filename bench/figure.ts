/** A number as people read it: a few significant digits, thousands apart. Pure. */

const DIGITS = 3;

export const figure = (value: number, digits = DIGITS): string => {
  if (!Number.isFinite(value)) return value > 0 ? 'never' : '-';
  const size = Math.abs(value);
  if (size >= 100) return Math.round(value).toLocaleString('en-US');
  if (size === 0) return '0';
  // Smaller than a thousandth is noise in every unit there is here.
  return size < 0.001 ? '<0.001' : String(Number(value.toPrecision(digits)));
};
