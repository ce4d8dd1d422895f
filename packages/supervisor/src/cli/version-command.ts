/** `guruconnect version`, and `--version`. */
import { isAddonBuilt } from '@guruconnect/native';
import { BUILD } from '@guruconnect/shared/build';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import type { Invocation } from './command-description.ts';

export const runVersion = ({ own }: Pick<Invocation, 'own'>): Promise<ExitCode> => {
  const { version, commit, node } = BUILD;
  const addon = isAddonBuilt();
  process.stdout.write(
    own['json'] === true
      ? `${JSON.stringify({ ...BUILD, addon }, undefined, 2)}\n`
      : `guruconnect ${version}, commit ${commit}, Node ${node}, addon ${addon ? 'built' : 'not built'}\n`,
  );
  return Promise.resolve(EXIT.ok);
};
