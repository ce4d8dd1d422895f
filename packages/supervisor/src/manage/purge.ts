/** `uninstall --purge`: what the agent has made is removed, and nothing that is somebody else's. */
import { existsSync, readdirSync, rmSync, rmdirSync } from 'node:fs';
import { join } from 'node:path';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { EXIT } from '@guruconnect/shared/exit-codes';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { Report } from './outcome-words.ts';

const remove = (folder: string, names: readonly string[]): void => {
  for (const name of names.filter(isOwnFile)) rmSync(join(folder, name), { recursive: true });
  if (names.every(isOwnFile)) rmdirSync(folder);
};

/**
 * Names like `logs` are common: only in the folder of the service that was installed, or where there is nothing else, they
 * are the agent's. Never throws: the service is gone by now, and that has to be said.
 */
export const purge = ({
  data,
  installedData,
}: {
  data: string;
  installedData: string | undefined;
}): Report => {
  try {
    const names = existsSync(data) ? readdirSync(data) : undefined;
    if (names === undefined)
      return { lines: [`${data}: not there`], code: EXIT.ok, facts: { data, purged: false } };
    if (data !== installedData && !names.every(isOwnFile)) {
      return {
        lines: [`error: ${data}: not the service's, and holds other things: nothing was removed`],
        code: EXIT.failed,
        facts: { data, purged: false },
      };
    }
    remove(data, names);
    return {
      lines: [`${data}: credential, configuration and logs removed`],
      code: EXIT.ok,
      facts: { data, purged: true },
    };
  } catch (error) {
    return {
      lines: [`error: ${data}: not removed: ${messageOf(error)}`],
      code: EXIT.failed,
      facts: { data, purged: false },
    };
  }
};
