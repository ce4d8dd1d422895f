/** The options of a command as its parser, its help and its completion have them. Pure. */
import { AGENT_OPTIONS, type AgentOption } from '@guruconnect/shared/agent-options';
import { ENVIRONMENT } from '@guruconnect/shared/environment';
import type { OptionDescription } from '@guruconnect/shared/option-description';
import { type CommandDescription, COMMON_OPTIONS } from './command-description.ts';

const pick = (names: readonly string[]): readonly AgentOption[] =>
  AGENT_OPTIONS.filter(({ name }) => names.includes(name));

const VARIABLES: Readonly<Record<string, string | undefined>> = ENVIRONMENT;

/** With the variable that has the same meaning. */
const withVariable = (option: AgentOption): OptionDescription => {
  const variable = VARIABLES[option.key];
  return variable === undefined ? option : { ...option, summary: `${option.summary} [${variable}]` };
};

export interface CommandOptions {
  /** The command's own, and everybody's. */
  readonly own: readonly OptionDescription[];
  /** The agent's. */
  readonly agent: readonly OptionDescription[];
}

/** Hidden ones as well. */
export const optionsOf = ({
  options = [],
  agent = [],
  tolerated = [],
  isBare,
}: CommandDescription): CommandOptions => ({
  own: [...options, ...(isBare === true ? [] : COMMON_OPTIONS)],
  agent: [
    ...pick(agent).map(withVariable),
    ...pick(tolerated).map((option) => ({ ...option, hidden: true })),
  ],
});

/** All of them, without those that are nobody's business. */
export const visibleOptions = (command: CommandDescription): readonly OptionDescription[] => {
  const { own, agent } = optionsOf(command);
  return [...own, ...agent].filter(({ hidden }) => hidden !== true);
};
