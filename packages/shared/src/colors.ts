/** Whether what is written is coloured, and how. */
import { styleText } from 'node:util';

type Environment = Readonly<Record<string, string | undefined>>;

const isSet = (value: string | undefined): boolean => value !== undefined && value !== '';

/**
 * Colours are for terminals. `NO_COLOR`, set to anything, takes them away; else `FORCE_COLOR` has them everywhere, or, as 0 or
 * false, nowhere. Of what Node itself makes of these variables, depending on its version, nothing is left to it.
 * @see https://no-color.org
 */
export const usesColors = ({ isTTY = false }: { readonly isTTY?: boolean }, env: Environment): boolean => {
  if (isSet(env['NO_COLOR'])) return false;
  const force = env['FORCE_COLOR'];
  if (force !== undefined) return force !== '0' && force !== 'false';
  return isTTY && env['TERM'] !== 'dumb';
};

export type Paint = (format: Parameters<typeof styleText>[0], text: string) => string;

/** @param colors as {@link usesColors} has it; without, the text stays as it is. */
export const painter =
  (colors: boolean): Paint =>
  (format, text) =>
    colors ? styleText(format, text, { validateStream: false }) : text;
