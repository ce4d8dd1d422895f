/** What can be completed, out of the table of the commands: the same for every shell. Pure. */
import type { OptionDescription } from '@guruconnect/shared/option-description';
import type { CommandDescription } from '../command-description.ts';
import { FAMILIES, wordsAfter } from '../command-table.ts';
import { visibleOptions } from '../options.ts';

/** A word and what it does. */
export interface Word {
  readonly word: string;
  readonly summary: string;
}

/** What may come after a command, or after a part of one. */
export interface Place {
  /** The words so far, without the program: `''`, `config`, `config check`. */
  readonly path: string;
  /** Commands, or what a command takes. */
  readonly words: readonly Word[];
  readonly options: readonly OptionDescription[];
}

const HELP: OptionDescription = { name: 'help', short: 'h', summary: 'show the help' };
const PROGRAM_OPTIONS: readonly OptionDescription[] = [
  HELP,
  { name: 'version', summary: 'version, commit and Node' },
];

const wordsOf = (commands: readonly CommandDescription[], path: string): readonly Word[] =>
  wordsAfter(commands, path).map((word) => {
    const full = `${path} ${word}`.trim();
    const command = commands.find(({ name }) => name === full);
    return { word, summary: command?.summary ?? FAMILIES[full] ?? '' };
  });

const placeOf = (command: CommandDescription): Place => ({
  path: command.name,
  words: (command.operands ?? []).flatMap(({ name, choices = [] }) =>
    choices.map((word) => ({ word, summary: name })),
  ),
  options: [...visibleOptions(command), HELP],
});

/** The beginning, the families, and every command. */
export const placesOf = (commands: readonly CommandDescription[]): readonly Place[] => [
  {
    path: '',
    words: [...wordsOf(commands, ''), { word: 'help', summary: 'show the help of a command' }],
    options: PROGRAM_OPTIONS,
  },
  ...Object.keys(FAMILIES).map((path) => ({ path, words: wordsOf(commands, path), options: [HELP] })),
  ...commands.map(placeOf),
];

/** Every option that has a value, once: the same name means the same everywhere. */
export const valuedOptions = (places: readonly Place[]): readonly OptionDescription[] => {
  const valued = places.flatMap(({ options }) => options.filter(({ value }) => value !== undefined));
  return [...new Map(valued.map((option) => [option.name, option])).values()];
};
