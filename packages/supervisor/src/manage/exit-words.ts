/** How a service ended, in words: the two exit codes of SERVICE_STATUS. Pure. */
import type { ServiceStatus } from './service-manager.ts';
import { WIN32, describeWin32 } from './win32-error.ts';

/** Our own service-specific code, as `machine.ts` reports it. */
const WORKER_LEFT = 1;

type Codes = Pick<ServiceStatus, 'win32ExitCode' | 'serviceExitCode'>;

export const describeExit = ({ win32ExitCode, serviceExitCode }: Codes): string => {
  switch (win32ExitCode) {
    case 0:
      return 'stopped as it was asked to';
    case WIN32.serviceSpecificError:
      return serviceExitCode === WORKER_LEFT
        ? 'the worker ended without being asked to (1066 / 1)'
        : `failed with code ${serviceExitCode} of its own (1066)`;
    case WIN32.processAborted:
      return 'the supervisor vanished: crashed or ended by force (1067)';
    case WIN32.serviceNeverStarted:
      return 'not started since Windows was';
    default:
      return describeWin32(win32ExitCode);
  }
};
