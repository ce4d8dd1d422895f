/** What is wrong with a command line, in the words for whoever has typed it. A value is never repeated: it may be a secret. */
import { nearestKey } from '@guruconnect/shared/config-hint';
import { secretless } from '@guruconnect/shared/secretless';
import { UsageError } from '@guruconnect/shared/usage-error';
import { type CommandDescription, COMMON_OPTIONS } from './command-description.ts';
import { COMMANDS, wordsAfter } from './command-table.ts';
import { optionsOf, visibleOptions } from './options.ts';

const helpOf = (path: string): string => `"guruconnect ${path === '' ? '' : `${path} `}--help"`;

/** @param meant what there is like it, if anything. */
const hint = (meant: string | undefined, path: string): string =>
  meant === undefined ? `try ${helpOf(path)}` : `did you mean "${meant}"?`;

/** `--name` of `--name=value`, `-n` of `-nvalue`. */
const flagOf = (argument: string): string =>
  argument.startsWith('--') ? (argument.split('=', 1)[0] ?? '') : argument.slice(0, 2);

/** @param argument as it was typed. */
export const unknownOption = (argument: string, command: CommandDescription | undefined): UsageError => {
  const flag = flagOf(argument);
  const options = command === undefined ? COMMON_OPTIONS : visibleOptions(command);
  if ([...options, { name: 'help' }].some(({ name }) => flag === `--${name}`)) {
    return new UsageError(`option '${flag}' takes no value`);
  }
  const names = [...options.map(({ name }) => name), 'help', ...(command === undefined ? ['version'] : [])];
  const meant = flag.startsWith('--') ? nearestKey(flag, names) : undefined;
  return new UsageError(`unknown option '${flag}': ${hint(meant && `--${meant}`, command?.name ?? '')}`);
};

/** The last of `words` that is an option with a value, as it is called. */
const lastValued = (words: readonly string[], command: CommandDescription): string | undefined => {
  const { own, agent } = optionsOf(command);
  const flags = [...own, ...agent]
    .filter(({ value }) => value !== undefined)
    .flatMap(({ name, short }) => [`--${name}`, ...(short === undefined ? [] : [`-${short}`])]);
  return words.map(flagOf).findLast((flag) => flags.includes(flag));
};

/**
 * Behind an option's value it is not repeated: it may be the rest of a password with a space in it.
 * @param words the whole command line, the command first.
 */
export const unexpectedArgument = (
  argument: string,
  words: readonly string[],
  command: CommandDescription,
): UsageError => {
  const given = words.slice(command.name.split(' ').length);
  const flag = lastValued(given.slice(0, given.indexOf(argument)), command);
  return new UsageError(
    flag === undefined
      ? `unexpected argument '${secretless(argument)}': try ${helpOf(command.name)}`
      : `unexpected argument behind '${flag}' and its value: a value with spaces needs quotes`,
  );
};

const missingValue = (flag: string, value: string, why: string): UsageError =>
  new UsageError(`option '${flag}' needs a value: ${flag}=<${value}>${why}`);

export const noCommand = (): UsageError => new UsageError(`no command: try ${helpOf('')}`);

const isFlag = (word: string): boolean => word.startsWith('-');

/** @throws UsageError where there is no such command. Flags before it are the parser's. */
export const requireCommand = (words: readonly string[]): void => {
  let path = '';
  for (const word of words) {
    const known = wordsAfter(COMMANDS, path);
    if (known.length === 0 || isFlag(word)) break;
    if (!known.includes(word)) {
      const [where, meant] = [
        path === '' ? '' : `${path}: `,
        nearestKey(word, path === '' ? [...known, 'help'] : known),
      ];
      const full = meant && `${path} ${meant}`.trim();
      throw new UsageError(`${where}unknown command "${secretless(word)}": ${hint(full, path)}`);
    }
    path = `${path} ${word}`.trim();
  }
  if (words.some(isFlag)) return;
  const missing = wordsAfter(COMMANDS, path);
  if (missing.length === 0) return;
  if (path === '') throw noCommand();
  throw new UsageError(`${path}: no command: ${missing.map((word) => `"${path} ${word}"`).join(' or ')}`);
};

/**
 * A value that looks like an option is one whose value was forgotten: with `--relay --data x` nobody means a relay called
 * `--data`. The parser would take it.
 * @throws UsageError
 */
export const requireValues = (args: readonly string[], command: CommandDescription): void => {
  const { own, agent } = optionsOf(command);
  const valued = new Map([...own, ...agent].map((option) => [`--${option.name}`, option.value]));
  const end = args.indexOf('--');
  const given = end === -1 ? args : args.slice(0, end);
  for (let at = 0; at < given.length; at += 1) {
    const [flag = '', next] = given.slice(at);
    const value = valued.get(flag);
    if (value === undefined) continue;
    if (next === undefined) throw missingValue(flag, value, '');
    if (next.length > 1 && isFlag(next)) {
      throw missingValue(flag, value, ', in this form where it begins with a dash');
    }
    at += 1;
  }
};
