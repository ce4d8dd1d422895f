/** The data folder, which holds secrets: LocalSystem's and the administrators', from before the first byte is in it. */
import { readdirSync } from 'node:fs';
import type { ManagerAddon } from '@guruconnect/native';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { UsageError } from '@guruconnect/shared/usage-error';
import { type ReadSecurity, intruder } from './path-safety.ts';
import { Win32Error } from './win32-error.ts';

/** Owned by the administrators; full access for LocalSystem and them, inherited by all that is made in it; nobody else. */
const ADMINISTRATORS_ONLY = 'O:BAG:BAD:P(A;OICI;FA;;;SY)(A;OICI;FA;;;BA)';
const ERROR_ALREADY_EXISTS = 183;

type Addon = Pick<ManagerAddon, 'makeProtectedFolder' | 'protectFile' | 'fileSecurity'>;

export const readSecurity =
  (addon: Pick<ManagerAddon, 'fileSecurity'>): ReadSecurity =>
  async (path) => {
    const { error, owner, aces } = await addon.fileSecurity(path);
    if (error !== 0) throw new Win32Error(error, 'GetNamedSecurityInfo', path);
    return { owner, entries: aces };
  };

const holdsOnlyOurs = (path: string): boolean => readdirSync(path).every(isOwnFile);

/** A folder that is somebody's already is not taken from them: it has to be safe as it is. */
const requireSafe = async (addon: Addon, path: string): Promise<void> => {
  const who = intruder(await readSecurity(addon)(path), 'code-folder');
  if (who === undefined) return;
  throw new UsageError(
    `${path}: holds other things already, and ${who} can write to it: name a folder of the agent's own (--data)`,
  );
};

const check = (error: number, operation: string, path: string): void => {
  if (error !== 0) throw new Win32Error(error, operation, path);
};

/** Makes the folder, or takes one that is empty or ours. @throws UsageError for a folder of somebody else's; Win32Error */
export const ensureProtectedFolder = async (addon: Addon, path: string): Promise<void> => {
  const made = await addon.makeProtectedFolder(path, ADMINISTRATORS_ONLY);
  if (made !== ERROR_ALREADY_EXISTS) {
    check(made, 'CreateDirectory', path);
    return;
  }
  if (!holdsOnlyOurs(path)) await requireSafe(addon, path);
  else check(await addon.protectFile(path, ADMINISTRATORS_ONLY), 'SetSecurityInfo', path);
};
