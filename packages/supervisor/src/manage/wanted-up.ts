/** Whether a service is meant to be running: what is put back after a failure has to be put back to that. */
import type { ManagePorts } from './ports.ts';
import { WIN32 } from './win32-error.ts';

/** It runs, or would be started again by its recovery; not one that was stopped on purpose. @throws Win32Error */
export const isWantedUp = async ({ manager, stopNote }: ManagePorts): Promise<boolean> => {
  const { state, win32ExitCode } = await manager.status();
  if (state !== 'stopped') return true;
  const failed = win32ExitCode !== 0 && win32ExitCode !== WIN32.serviceNeverStarted;
  return failed && !(await stopNote.isThere());
};
