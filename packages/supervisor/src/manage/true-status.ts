/** The status of a service, and whether its process is there at all: the SCM may not have noticed its end yet. */
import type { ServiceManager, ServiceStatus } from './service-manager.ts';
import { WIN32 } from './win32-error.ts';

const isGone = async (manager: ServiceManager): Promise<boolean> => {
  const process = await manager.process();
  if (process === undefined) return true;
  try {
    return await process.ended(0);
  } finally {
    process.close();
  }
};

/** What a process that vanished is called once it is noticed. */
const vanished = (status: ServiceStatus): ServiceStatus => ({
  ...status,
  state: 'stopped',
  controlsAccepted: 0,
  win32ExitCode: WIN32.processAborted,
  pid: 0,
});

/** A service that is being started need not have its process yet. */
const hasNone = ({ state, pid }: ServiceStatus): boolean => pid === 0 && state === 'running';

/** As the SCM tells it, but a service whose process is gone is one that has ended. @throws Win32Error */
export const trueStatus = async (manager: ServiceManager): Promise<ServiceStatus> => {
  const status = await manager.status();
  if (status.state === 'stopped') return status;
  // Who may not look at the process has to believe the SCM.
  const gone = hasNone(status) || (status.pid !== 0 && (await isGone(manager).catch(() => false)));
  if (!gone) return status;
  // It may have ended as it should between the two looks.
  const again = await manager.status();
  return again.state === status.state && again.pid === status.pid ? vanished(again) : again;
};
