/**
 * On Linux the kernel ends the worker with its supervisor, and all that it has started; on Windows a job object does. Elsewhere the
 * pipe's end has to do.
 */
import { constants } from 'node:os';
import { setTimeout as pause } from 'node:timers/promises';
import { loadChild } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';

/** Node and libuv have no use for it. A signal that can be handled: SIGKILL would reach this process alone, and not its group. */
const PARENT_DEATH = constants.signals.SIGUSR2;

/** @throws Error when the supervisor is already gone: its death would not be signalled any more. */
export const dieWithSupervisor = (supervisorPid: number): void => {
  const addon = loadChild();
  if (addon === undefined) return;
  addon.killGroupOnSignal(PARENT_DEATH);
  addon.setParentDeathSignal(PARENT_DEATH);
  if (process.ppid !== supervisorPid) throw new Error('the supervisor has gone before the worker was up');
};

/**
 * To be awaited before a worker leaves whose pipe has ended: the pipe ends a moment before the signal comes, and who has left by then leaves
 * its descendants behind. Where the supervisor lives, nothing comes, and the worker leaves with its own exit code.
 */
export const awaitParentDeath = async (): Promise<void> => {
  if (loadChild() !== undefined) await pause(TIMING.parentDeath);
};
