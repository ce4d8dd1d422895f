/**
 * Command lines as Windows splits them. Pure.
 * @see https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments
 */

/** Backslashes are ordinary characters except in front of a quote, and the closing quote is one. */
const quoteArgument = (argument: string): string =>
  `"${argument.replace(/(\\*)"/g, '$1$1\\"').replace(/(\\+)$/, '$1$1')}"`;

/**
 * A command line that is split into exactly these parts, every one of them in quotes: an unquoted program with a space in
 * its path lets whoever can write `C:\Program.exe` become LocalSystem (CWE-428).
 */
export const quoteCommandLine = ([program = '', ...args]: readonly string[]): string =>
  // The rules for the program differ: it ends at the next quote, and backslashes are never escapes.
  [`"${program}"`, ...args.map(quoteArgument)].join(' ');

/** Whether the program of a command line is in quotes, as it has to be. */
export const isProgramQuoted = (line: string): boolean => line.startsWith('"');

/** Odd: the quote is a character of its own; even: it opens or closes. In both cases half of them are meant. */
const BACKSLASHES_AND_QUOTE = /^(\\*)"/;

interface Argument {
  readonly text: string;
  readonly rest: string;
}

const takeArgument = (line: string): Argument => {
  let [text, rest, quoted] = ['', line, false];
  while (rest !== '') {
    const match = BACKSLASHES_AND_QUOTE.exec(rest);
    const backslashes = match?.[1]?.length ?? 0;
    if (match !== null) {
      text += '\\'.repeat(Math.floor(backslashes / 2));
      rest = rest.slice(match[0].length);
      if (backslashes % 2 === 1) text += '"';
      else quoted = !quoted;
    } else if (!quoted && /^[ \t]/.test(rest)) {
      break;
    } else {
      // A run of backslashes is taken as a whole: its end decides what they mean.
      const [run = ''] = /^(\\+|.)/s.exec(rest) ?? [];
      text += run;
      rest = rest.slice(run.length);
    }
  }
  return { text, rest };
};

/** The parts of a command line. A program without quotes ends at the first space, as far as can be told from the text. */
export const splitCommandLine = (line: string): readonly string[] => {
  const program = /^"([^"]*)"?|^[^ \t]*/.exec(line);
  const parts = [program?.[1] ?? program?.[0] ?? ''];
  let rest = line.slice(program?.[0].length ?? 0).trimStart();
  while (rest !== '') {
    const argument = takeArgument(rest);
    parts.push(argument.text);
    rest = argument.rest.trimStart();
  }
  return parts;
};

/** The value of `--name` among arguments, or `undefined`; the last one counts. */
export const optionOf = (args: readonly string[], name: string): string | undefined => {
  const at = args.lastIndexOf(`--${name}`);
  const joined = args.findLast((arg) => arg.startsWith(`--${name}=`));
  return at === -1 ? joined?.slice(name.length + 3) : args[at + 1];
};
