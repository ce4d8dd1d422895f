/** Command lines, understood: by commander, and in our own words. Nothing is printed or run here. */
import { type OptionValues, agentOptionsOf } from '@guruconnect/shared/agent-options';
import type { AgentOptions } from '@guruconnect/shared/config';
import { UsageError } from '@guruconnect/shared/usage-error';
import { type Command, CommanderError } from 'commander';
import { type CommandDescription, COMMON_OPTIONS } from './command-description.ts';
import { COMMANDS } from './command-table.ts';
import type { HelpLook } from './help-look.ts';
import { buildProgram } from './program.ts';
import { noCommand, requireCommand, requireValues, unexpectedArgument, unknownOption } from './usage.ts';

export type CommandLine =
  | {
      readonly kind: 'run';
      readonly command: CommandDescription;
      readonly options: AgentOptions;
      readonly own: OptionValues;
      readonly operands: readonly string[];
    }
  /** A help, to be shown. */
  | { readonly kind: 'help'; readonly text: string };

const VERSION_FLAGS = ['-V', '--version'];
const VERBOSE_FLAG = `--${COMMON_OPTIONS[0].name}`;
const HELP_WORD = 'help';
const DEFAULT_WIDTH = 80;
/** A help that was asked for; what commander shows unasked is an error. */
const HELP_ASKED = 'commander.helpDisplayed';

/** The first thing that is wrong, as commander names it. Its text holds what was typed, a value among it. */
const explain = (error: CommanderError, command: CommandDescription | undefined): UsageError => {
  const [, quoted = ''] = /'([^]*)'/.exec(error.message) ?? [];
  switch (error.code) {
    case 'commander.unknownOption':
      return unknownOption(quoted, command);
    case 'commander.help':
      return noCommand();
    default:
      return new UsageError(error.message.replace(/^error: /, ''));
  }
};

const valuesOf = (command: Command): OptionValues =>
  Object.fromEntries(
    command.options.map((option) => [
      option.name(),
      command.getOptionValue(option.attributeName()) as OptionValues[string],
    ]),
  );

const commandOf = (words: readonly string[]): CommandDescription | undefined =>
  COMMANDS.find(({ name }) => name === words.slice(0, name.split(' ').length).join(' '));

/** From the first word on that is another one. */
const behind = (word: string, words: readonly string[]): readonly string[] => {
  const at = words.findIndex((other) => other !== word);
  return at === -1 ? [] : words.slice(at);
};

/** `help a b` is `a b --help`, and `--version` is `version`. */
const commandFirst = ([first, ...rest]: readonly string[]): readonly string[] => {
  if (first === undefined) return [];
  if (first === HELP_WORD) return [...behind(HELP_WORD, rest), '--help'];
  return VERSION_FLAGS.includes(first) ? ['version', ...rest] : [first, ...rest];
};

/** The command first: a `--verbose` before it, however often, is one of the command's own options. */
const inOrder = (args: readonly string[]): readonly string[] => {
  const words = commandFirst(behind(VERBOSE_FLAG, args));
  if (args[0] !== VERBOSE_FLAG) return words;
  const flag = words.findIndex((word) => word.startsWith('-'));
  const at = flag === -1 ? words.length : flag;
  return [...words.slice(0, at), VERBOSE_FLAG, ...words.slice(at)];
};

interface Chosen {
  readonly command: Command;
  readonly description: CommandDescription;
}

const understood = ({ command, description }: Chosen, words: readonly string[]): CommandLine => {
  const own = valuesOf(command);
  const options = agentOptionsOf(own);
  const [stranger] = command.args.slice(description.operands?.length ?? 0);
  if (stranger !== undefined) throw unexpectedArgument(stranger, words, description);
  return { kind: 'run', command: description, options, own, operands: command.args };
};

/** @param args without the program. @throws UsageError */
export const parseCommandLine = (args: readonly string[], look: HelpLook): CommandLine => {
  const words = inOrder(args);
  requireCommand(words);
  const named = commandOf(words);
  if (named !== undefined) requireValues(words, named);
  let text = '';
  let chosen: Chosen | undefined;
  const program = buildProgram({
    look,
    output: {
      writeOut: (part) => (text += part),
      writeErr: () => undefined,
      getOutHasColors: () => look.colors,
      getOutHelpWidth: () => look.width ?? DEFAULT_WIDTH,
    },
    ended: (error, command) => {
      throw error.code === HELP_ASKED ? error : explain(error, command);
    },
    chosen: (command, description) => {
      chosen = { command, description };
    },
  });
  try {
    program.parse(words, { from: 'user' });
  } catch (error) {
    if (error instanceof CommanderError) return { kind: 'help', text };
    throw error;
  }
  if (chosen === undefined) throw noCommand();
  return understood(chosen, words);
};
