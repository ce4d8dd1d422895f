/** Starting, until the service is Running or has said why not. */
import { type ManagePorts, sleep } from './ports.ts';
import { describeExit } from './exit-words.ts';
import { ServiceError } from './service-error.ts';
import { settle } from './settle.ts';
import { type Stopped, stopService } from './stop-service.ts';
import { WIN32, isWin32 } from './win32-error.ts';
import { TIMING } from '@guruconnect/shared/timing';

export interface Started {
  /** It was running already. */
  readonly already: boolean;
}

/** One StartService: `again` where it has been overtaken by another start, or the database is locked for a moment. */
const startOnce = async ({ manager }: ManagePorts): Promise<'started' | 'again'> => {
  try {
    await manager.start();
    return 'started';
  } catch (error) {
    if (isWin32(error, WIN32.serviceAlreadyRunning, WIN32.serviceDatabaseLocked)) return 'again';
    if (isWin32(error, WIN32.serviceDisabled)) {
      throw new ServiceError(
        `${manager.name} is disabled: "guruconnect install" makes it automatic again`,
        error,
      );
    }
    throw error;
  }
};

const failure = (name: string, why: string): ServiceError =>
  new ServiceError(`${name} did not start: ${why}; its log says more ("guruconnect status")`);

/**
 * Idempotent. A stop that is under way is waited for first, and a start is waited for and not doubled.
 * @throws Win32Error, 1060 where it is not installed; ServiceError where it is disabled, or did not come up.
 */
export const startService = async (ports: ManagePorts): Promise<Started> => {
  const { manager, clock, stopNote } = ports;
  const end = clock.now() + TIMING.settle;
  let asked = false;
  while (clock.now() <= end) {
    const { status, stuck } = await settle(ports, `${manager.name} to be running`);
    if (stuck) throw failure(manager.name, `it has stayed ${status.state} without progress`);
    if (status.state !== 'stopped') return { already: !asked };
    if (asked) throw failure(manager.name, describeExit(status));
    await stopNote.remove();
    asked = (await startOnce(ports)) === 'started';
    if (!asked) await sleep(clock, TIMING.statePoll);
  }
  throw failure(manager.name, 'the SCM did not take the start in time');
};

/** A service that does not run is started all the same. @returns how it stopped. @throws as {@link startService} */
export const restartService = async (ports: ManagePorts): Promise<Omit<Stopped, 'already'>> => {
  const { already: _, ...how } = await stopService(ports);
  await startService(ports);
  return how;
};
