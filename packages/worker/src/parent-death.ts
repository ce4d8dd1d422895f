/** On Linux the kernel ends the worker with its supervisor; on Windows a job object does, elsewhere the pipe's end. */
import { constants } from 'node:os';
import { loadParentDeath } from '@guruconnect/native';

/** @throws Error when the supervisor is already gone: its death would not be signalled any more. */
export const dieWithSupervisor = (supervisorPid: number): void => {
  const addon = loadParentDeath();
  if (addon === undefined) return;
  addon.setParentDeathSignal(constants.signals.SIGKILL);
  if (process.ppid !== supervisorPid) throw new Error('the supervisor has gone before the worker was up');
};
