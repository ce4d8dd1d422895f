/** What a command is: all that its parser, its help and its completion are made of, and how it is run. */
import type { AgentOptionName, OptionValues } from '@guruconnect/shared/agent-options';
import type { AgentOptions } from '@guruconnect/shared/config';
import type { ExitCode } from '@guruconnect/shared/exit-codes';
import type { OptionDescription } from '@guruconnect/shared/option-description';

/** `guruconnect worker`, which the launcher knows where to find. */
export type RunWorker = (args: readonly string[]) => Promise<ExitCode>;

/** A command line that has been understood. */
export interface Invocation {
  /** What follows the command's name, as it was typed, but for `--verbose`. */
  readonly args: readonly string[];
  /** The agent's options. */
  readonly options: AgentOptions;
  /** All options that were given, by their names. */
  readonly own: OptionValues;
  readonly operands: readonly string[];
  readonly runWorker: RunWorker;
}

/** A word that is no option. All of them may be left out as far as the parser is concerned. */
export interface OperandDescription {
  readonly name: string;
  readonly choices?: readonly string[];
}

export interface Example {
  /** As it is typed, quotes and all: a test parses it. */
  readonly line: string;
  readonly what: string;
}

export interface CommandDescription {
  /** A word, or two parted by a space where it is one of a family. */
  readonly name: string;
  /** The heading of the help that it stands below. */
  readonly group: string;
  /** One line, in small letters. */
  readonly summary: string;
  /** What else there is to know, in sentences. */
  readonly more?: string;
  readonly operands?: readonly OperandDescription[];
  readonly options?: readonly OptionDescription[];
  /** The agent's options that mean something here. */
  readonly agent?: readonly AgentOptionName[];
  /** Those that are taken as well, and not worth a word. */
  readonly tolerated?: readonly AgentOptionName[];
  /** Run without a parser, as a rule: it takes nothing but its own options. */
  readonly isBare?: true;
  /** One at least. */
  readonly examples: readonly Example[];
  /** Its module is loaded here, and not before. @throws whatever went wrong: who has called tells it. */
  readonly run: (invocation: Invocation) => Promise<ExitCode>;
}

/** Taken by every command that is not bare. */
export const COMMON_OPTIONS = [
  { name: 'verbose', summary: 'what is behind an error: stack, causes, Windows error code' },
] as const satisfies readonly OptionDescription[];

export const QUIET = {
  name: 'quiet',
  short: 'q',
  summary: 'the result only, without what is waited for',
} as const;
export const JSON_OUTPUT = { name: 'json', summary: 'the result for programs, on stdout' } as const;
