/** `guruconnect completion`: a script for a shell, made of the table of the commands. It starts no program at a Tab. */
import { nearestKey } from '@guruconnect/shared/config-hint';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { UsageError } from '@guruconnect/shared/usage-error';
import type { Invocation } from './command-description.ts';
import { COMMANDS } from './command-table.ts';
import { bashCompletion } from './completion/bash.ts';
import { fishCompletion } from './completion/fish.ts';
import { type Place, placesOf } from './completion/model.ts';
import { powershellCompletion } from './completion/powershell.ts';
import { SHELLS, type Shell } from './completion/shells.ts';
import { zshCompletion } from './completion/zsh.ts';

const NAMES = ['guruconnect', 'guruconnect.exe'];

const SCRIPTS: Readonly<Record<Shell, (places: readonly Place[], names: readonly string[]) => string>> = {
  bash: bashCompletion,
  zsh: zshCompletion,
  fish: fishCompletion,
  powershell: powershellCompletion,
};

/** @throws UsageError for a shell that there is no script for. */
export const completionScript = (name: string | undefined): string => {
  const shell = SHELLS.find((known) => known === name);
  if (shell !== undefined) return SCRIPTS[shell](placesOf(COMMANDS), NAMES);
  const all = SHELLS.join(', ');
  if (name === undefined) throw new UsageError(`completion: no shell: one of ${all}`);
  const meant = nearestKey(name, SHELLS);
  throw new UsageError(
    `completion: unknown shell "${name}": ${meant === undefined ? `one of ${all}` : `did you mean "${meant}"?`}`,
  );
};

export const runCompletion = ({ operands }: Pick<Invocation, 'operands'>): Promise<ExitCode> => {
  process.stdout.write(completionScript(operands[0]));
  return Promise.resolve(EXIT.ok);
};
