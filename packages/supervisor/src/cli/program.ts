/** The commands as commander has them. */
import type { OptionDescription } from '@guruconnect/shared/option-description';
import { Argument, Command, type CommanderError, Option, type OutputConfiguration } from 'commander';
import { type CommandDescription, COMMON_OPTIONS } from './command-description.ts';
import { COMMANDS, FAMILIES } from './command-table.ts';
import { PROGRAM_SECTIONS, helpSections } from './help.ts';
import { type HelpLook, dressHelp } from './help-look.ts';
import { optionsOf } from './options.ts';

const PROGRAM = 'guruconnect';
const CONFIGURATION = 'Configuration, over [its variable] and over the file:';
const OF_A_FAMILY = '<command> [options]';

const toOption = ({ name, short, value, summary, hidden }: OptionDescription): Option => {
  const flags = `${short === undefined ? '' : `-${short}, `}--${name}${value === undefined ? '' : ` <${value}>`}`;
  const option = new Option(flags, summary).hideHelp(hidden === true);
  // A switch like any other: with `--no-start` commander would have a `start` that is on.
  option.negate = false;
  return option;
};

const addOptions = (command: Command, description: CommandDescription): void => {
  const { own, agent } = optionsOf(description);
  for (const option of own) command.addOption(toOption(option));
  for (const option of agent) command.addOption(toOption(option).helpGroup(CONFIGURATION));
};

/** What the program is made with. */
export interface Parts {
  readonly look: HelpLook;
  readonly output: OutputConfiguration;
  /** Instead of an end of the process. @param command none: the program, or a family. @throws always */
  readonly ended: (error: CommanderError, command: CommandDescription | undefined) => never;
  /** Is told of the command that was named. */
  readonly chosen: (command: Command, description: CommandDescription) => void;
}

const sentence = (text: string): string => `${text.replace(/^./, (letter) => letter.toUpperCase())}.`;

/** What every command has, the program and the families among them. */
const newCommand = (name: string, { output, ended }: Parts, description?: CommandDescription): Command =>
  new Command(name)
    .configureOutput(output)
    .exitOverride((error) => ended(error, description))
    .helpOption('-h, --help', 'show this')
    .helpCommand(false);

const buildCommand = (description: CommandDescription, parts: Parts): Command => {
  const { name, summary, more, group, operands = [] } = description;
  const command = newCommand(name.split(' ').at(-1) ?? name, parts, description)
    .summary(summary)
    .description([sentence(summary), ...(more === undefined ? [] : [more])].join(' '))
    .usage(['[options]', ...operands.map((operand) => `<${operand.name}>`)].join(' '))
    .allowExcessArguments()
    .helpGroup(group)
    .action(() => {
      parts.chosen(command, description);
    });
  for (const { name: operand, choices = [] } of operands) {
    command.addArgument(new Argument(`[${operand}]`, choices.join(', ')));
  }
  addOptions(command, description);
  dressHelp(command, helpSections(description), parts.look);
  return command;
};

/** All of it, for one parse. */
export const buildProgram = (parts: Parts): Command => {
  const program = newCommand(PROGRAM, parts)
    .usage(OF_A_FAMILY)
    .enablePositionalOptions()
    .addOption(new Option('-V, --version').hideHelp());
  for (const option of COMMON_OPTIONS) program.addOption(toOption({ ...option, hidden: true }));
  program.addHelpOption(new Option('-h, --help').hideHelp());
  dressHelp(program, PROGRAM_SECTIONS, parts.look);
  const families = new Map<string, Command>();
  const familyOf = (name: string, group: string): Command => {
    const known = families.get(name);
    if (known !== undefined) return known;
    const family = newCommand(name, parts)
      .description(sentence(FAMILIES[name] ?? name))
      .usage(OF_A_FAMILY)
      .helpGroup(group);
    dressHelp(family, [], parts.look);
    families.set(name, family);
    program.addCommand(family);
    return family;
  };
  for (const description of COMMANDS) {
    const [first = '', second] = description.name.split(' ');
    const parent = second === undefined ? program : familyOf(first, description.group);
    parent.addCommand(buildCommand(description, parts));
  }
  return program;
};
