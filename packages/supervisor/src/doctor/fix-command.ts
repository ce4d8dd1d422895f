/** `guruconnect doctor --fix` on the real machine. */
import { readdirSync } from 'node:fs';
import { UsageError } from '@guruconnect/shared/usage-error';
import { isOwnFile } from '@guruconnect/shared/data-folder';
import { nativeEventSource } from '../event-log/native-source.ts';
import { ensureEventSource } from '../manage/event-source.ts';
import { WIN32, Win32Error } from '../manage/win32-error.ts';
import { planAccess } from '../worker-access.ts';
import type { Patient } from './doctor-command.ts';
import type { DoctorFacts } from './facts.ts';
import { type FixChoices, fix } from './fix.ts';
import type { WindowsParts } from './system-ports.ts';

const MISSING: readonly number[] = [0, WIN32.fileNotFound, WIN32.pathNotFound];

/** @throws UsageError for a folder that is shared with others; Win32Error */
const closeFolder = async (data: string, { addon }: WindowsParts, facts: DoctorFacts): Promise<void> => {
  const names = readdirSync(data);
  if (!names.every(isOwnFile))
    throw new UsageError(
      `${data}: holds other things as well: close it yourself, and the agent's files in it`,
    );
  const account = facts.inspection.config?.workerAccount ?? 'own';
  for (const { path, sddl } of planAccess(data, names, account)) {
    const error = await addon.protectFile(path, sddl);
    if (!MISSING.includes(error)) throw new Win32Error(error, 'SetSecurityInfo', path);
  }
};

/** @returns what was changed, or could not be, a line for each. @throws Win32Error */
export const runFix = (
  patient: Patient,
  windows: WindowsParts,
  choices: FixChoices,
): Promise<readonly string[]> =>
  fix(
    {
      manager: windows.manager,
      closeFolder: () => closeFolder(patient.options.data, windows, choices.facts),
      registerEventLog: () => ensureEventSource(nativeEventSource(windows.addon)),
    },
    choices,
  );
