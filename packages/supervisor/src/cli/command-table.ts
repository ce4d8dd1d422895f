/** Every command there is. A new one is an entry here, or in the list that it belongs to, and nothing else. */
import { AGENT_COMMANDS } from './agent-commands.ts';
import type { CommandDescription } from './command-description.ts';
import { SERVICE_COMMANDS } from './service-commands.ts';

/** In the order of the help. */
export const COMMANDS: readonly CommandDescription[] = [...SERVICE_COMMANDS, ...AGENT_COMMANDS];

/** What the first words of two-word commands stand for. */
export const FAMILIES: Readonly<Record<string, string>> = { config: 'look at the configuration' };

/** The words that may follow these, each once, in the order of the table. */
export const wordsAfter = (commands: readonly CommandDescription[], path: string): readonly string[] => {
  const prefix = path === '' ? '' : `${path} `;
  const names = commands.map(({ name }) => name).filter((name) => name.startsWith(prefix));
  return [...new Set(names.map((name) => name.slice(prefix.length).split(' ', 1)[0] ?? ''))];
};
