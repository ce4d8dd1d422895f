/** Which part of an image path is the program, told as CreateProcess tells it. Pure. */
import { isProgramQuoted, quoteCommandLine, splitCommandLine } from './command-line.ts';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';

/**
 * `safe`: in quotes, or without a space, so that nothing can be planted in front of it. `open`: it has one (CWE-428), and is
 * known all the same. `untold`: it may be one of several. `parts` begin with the program.
 */
export type ImagePath =
  { readonly kind: 'safe' | 'open'; readonly parts: readonly string[] } | { readonly kind: 'untold' };

/** Where a program may end: of a line without quotes Windows tries one after the other. */
const ENDS = /\.exe(?=[ \t]|$)/gi;

const upToCommand = (line: string): string => {
  const at = line.search(new RegExp(`[ \\t]"?${SERVICE_RUN_ARG}"?([ \\t]|$)`));
  return at === -1 ? line : line.slice(0, at);
};

/** @see https://learn.microsoft.com/windows/win32/api/processthreadsapi/nf-processthreadsapi-createprocessw on `lpApplicationName` */
export const readImagePath = (line: string): ImagePath => {
  if (isProgramQuoted(line)) return { kind: 'safe', parts: splitCommandLine(line) };
  const [end, ...others] = [...upToCommand(line).matchAll(ENDS)];
  if (end === undefined || others.length > 0) return { kind: 'untold' };
  const at = end.index + end[0].length;
  const program = line.slice(0, at);
  const parts = splitCommandLine(`"${program}"${line.slice(at)}`);
  return { kind: /[ \t]/.test(program) ? 'open' : 'safe', parts };
};

/** The same program with the same arguments, in quotes; `undefined` where that is not needed, or not known. */
export const requoted = (line: string): string | undefined => {
  const read = readImagePath(line);
  return read.kind === 'open' ? quoteCommandLine(read.parts) : undefined;
};

/** The program alone, to be shown: what follows it may be a secret. */
export const programPart = (line: string): string => {
  const read = readImagePath(line);
  return read.kind === 'untold' ? `${splitCommandLine(line)[0] ?? ''} …` : (read.parts[0] ?? '');
};
