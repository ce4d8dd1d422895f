/** Removing the service: disabled first, so that nothing that is queued starts it between the stop and the deletion. */
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { type ManagePorts, sleep } from './ports.ts';
import { ServiceError } from './service-error.ts';
import type { StartType } from './service-manager.ts';
import { startService } from './start-service.ts';
import { stopService } from './stop-service.ts';
import { isWantedUp } from './wanted-up.ts';
import { WIN32, isWin32 } from './win32-error.ts';

export interface Uninstalled {
  /** It was not installed. */
  readonly already: boolean;
  /** Why the source of the Event Log is registered still. */
  readonly eventSourceTrouble?: string;
}

const deleteOnce = async ({ manager }: ManagePorts): Promise<void> => {
  try {
    await manager.delete();
  } catch (error) {
    // Marked by somebody else, or gone meanwhile: what is left is to wait.
    if (!isWin32(error, WIN32.serviceMarkedForDelete, WIN32.serviceDoesNotExist)) throw error;
  }
};

/** Disabling is refused for a service that is marked for deletion: that one cannot be started any more either. */
const disable = async ({ manager }: ManagePorts): Promise<void> => {
  try {
    await manager.change({ startType: 'disabled' });
  } catch (error) {
    if (!isWin32(error, WIN32.serviceMarkedForDelete)) throw error;
  }
};

const isAbsent = async ({ manager }: ManagePorts): Promise<boolean> => {
  try {
    await manager.config();
    return false;
  } catch (error) {
    if (isWin32(error, WIN32.serviceDoesNotExist)) return true;
    // Marked for deletion, on the way there.
    if (isWin32(error, WIN32.serviceMarkedForDelete)) return false;
    throw error;
  }
};

/** Only 1060 says that it is gone. @returns whether it is, after at most {@link TIMING.deletion}. */
const awaitAbsence = async (ports: ManagePorts): Promise<boolean> => {
  const { clock, progress, manager } = ports;
  const end = clock.now() + TIMING.deletion;
  progress.step(`${manager.name} to be gone`, TIMING.deletion);
  while (!(await isAbsent(ports))) {
    if (clock.now() > end) return false;
    await sleep(clock, TIMING.statePoll);
  }
  return true;
};

/** It stays installed, so it must neither stay disabled nor, if it was up, stopped. */
const putBack = async (ports: ManagePorts, startType: StartType, wasUp: boolean): Promise<void> => {
  await ports.manager.change({ startType }).catch(() => undefined);
  if (wasUp) await startService(ports).catch(() => undefined);
};

const stopAndDelete = async (ports: ManagePorts): Promise<void> => {
  const { startType } = await ports.manager.config();
  const wasUp = await isWantedUp(ports);
  await disable(ports);
  try {
    await stopService(ports);
    await deleteOnce(ports);
  } catch (error) {
    await putBack(ports, startType, wasUp);
    throw error;
  }
};

/** Of a service that is gone. Events that were written keep their strings; their texts go with it. */
const forgetEventSource = async ({ eventSource }: ManagePorts, already: boolean): Promise<Uninstalled> => {
  try {
    await eventSource.unregister();
    return { already };
  } catch (error) {
    return { already, eventSourceTrouble: messageOf(error) };
  }
};

/** Idempotent. @throws Win32Error; ServiceError where the service is marked for deletion and does not go. */
export const uninstallService = async (ports: ManagePorts): Promise<Uninstalled> => {
  if (await isAbsent(ports)) return forgetEventSource(ports, true);
  await stopAndDelete(ports).catch((error: unknown) => {
    // Somebody else was quicker.
    if (!isWin32(error, WIN32.serviceDoesNotExist)) throw error;
  });
  if (await awaitAbsence(ports)) return forgetEventSource(ports, false);
  throw new ServiceError(
    `${ports.manager.name} is stopped and marked for deletion, but some program keeps it open ` +
      '(services.msc, Task Manager, a monitoring tool): close that; it goes with the next restart at the latest',
  );
};
