/** What the help says beside the options of a command: examples and exit codes. Pure. */
import { exitCodesOf } from '@guruconnect/shared/exit-codes';
import { type CommandDescription, COMMON_OPTIONS, type Example } from './command-description.ts';

export type HelpSection =
  /** Terms and what they mean, beside each other. */
  | {
      readonly kind: 'terms';
      readonly title: string;
      readonly items: readonly (readonly [term: string, description: string])[];
    }
  /** As they are. */
  | { readonly kind: 'lines'; readonly title: string; readonly lines: readonly string[] };

const examplesOf = (examples: readonly Example[]): HelpSection => ({
  kind: 'lines',
  title: 'Examples:',
  lines: examples.flatMap(({ what, line }) => [`${what}:`, `  ${line}`]),
});

/** @param command none: the codes that all commands have. */
const exitCodes = (command = ''): HelpSection => ({
  kind: 'terms',
  title: 'Exit codes:',
  items: exitCodesOf(command).map(({ code, meaning }) => [String(code), meaning]),
});

export const helpSections = ({ name, examples }: CommandDescription): readonly HelpSection[] => [
  examplesOf(examples),
  exitCodes(name),
];

const PROGRAM_EXAMPLES: readonly Example[] = [
  { line: 'guruconnect status', what: 'whether this machine can be reached' },
  { line: 'guruconnect install --help', what: 'the options of a command, and examples' },
];

/** Of the program as a whole: its commands stand before its options. */
export const PROGRAM_SECTIONS: readonly HelpSection[] = [
  {
    kind: 'terms',
    title: 'Options:',
    items: [
      ['-h, --help', 'show this, or the help of a command'],
      ['-V, --version', 'version, commit and Node'],
      ...COMMON_OPTIONS.map(({ name, summary }) => [`--${name}`, summary] as const),
    ],
  },
  examplesOf(PROGRAM_EXAMPLES),
  exitCodes(),
];
