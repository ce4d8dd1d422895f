/** How a service ended, in words: the two exit codes of SERVICE_STATUS. Pure. */
import { SERVICE_CODE } from '../machine.ts';
import type { ServiceStatus } from './service-manager.ts';
import { WIN32, describeWin32 } from './win32-error.ts';

type Codes = Pick<ServiceStatus, 'win32ExitCode' | 'serviceExitCode'>;

const OWN_WORDS: Readonly<Record<number, string>> = {
  [SERVICE_CODE.failed]: 'the worker ended without being asked to (1066 / 1)',
  [SERVICE_CODE.hung]: 'the supervisor did not answer a stop in time and was ended (1066 / 2)',
};

/** Whether the addon had to end a supervisor that did not answer its stop. */
export const wasHung = ({ win32ExitCode, serviceExitCode }: Codes): boolean =>
  win32ExitCode === WIN32.serviceSpecificError && serviceExitCode === SERVICE_CODE.hung;

export const describeExit = ({ win32ExitCode, serviceExitCode }: Codes): string => {
  switch (win32ExitCode) {
    case 0:
      return 'stopped as it was asked to';
    case WIN32.serviceSpecificError:
      return OWN_WORDS[serviceExitCode] ?? `failed with code ${serviceExitCode} of its own (1066)`;
    case WIN32.processAborted:
      return 'the supervisor vanished: crashed or ended by force (1067)';
    case WIN32.serviceNeverStarted:
      return 'not started since Windows was';
    default:
      return describeWin32(win32ExitCode);
  }
};
