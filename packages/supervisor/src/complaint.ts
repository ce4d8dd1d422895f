/** Errors of a command as one line for a person, with what to do about it, and as its exit code. */
import { NativeError } from '@guruconnect/native';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { printable } from '@guruconnect/shared/printable';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { WIN32, Win32Error, isWin32 } from './manage/win32-error.ts';

/** To be refused the service is a matter of rights; to be refused a file or a process can be one of many things. */
const isNotElevated = (error: unknown): error is Win32Error =>
  isWin32(error, WIN32.accessDenied) && error.object === SERVICE_NAME && error.operation !== 'OpenProcess';

export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError || error instanceof NativeError) return EXIT.usage;
  if (isNotElevated(error)) return EXIT.notElevated;
  return isWin32(error, WIN32.serviceDoesNotExist) ? EXIT.absent : EXIT.failed;
};

/** What to do where Windows has refused something. */
const REMEDIES: Readonly<Record<number, string>> = {
  [WIN32.serviceRequestTimeout]: '"guruconnect status" and the log say more',
  [WIN32.serviceDatabaseLocked]: 'another program manages services: try again when it is done',
  [WIN32.serviceDisabled]: '"guruconnect install" enables it',
  [WIN32.serviceLogonFailed]: '"guruconnect install" sets LocalSystem again',
  [WIN32.serviceMarkedForDelete]: 'close services.msc and whatever else has the service open, then try again',
  [WIN32.shutdownInProgress]: 'try again after the restart',
};

/** The line without the program's name; fit for a terminal. */
export const complaintOf = (error: unknown): string => {
  if (isNotElevated(error)) {
    return printable(`administrator rights are missing: use an administrator's terminal (${error.message})`);
  }
  if (isWin32(error, WIN32.serviceDoesNotExist)) {
    return `${SERVICE_NAME} is not installed: "guruconnect install" installs it`;
  }
  const remedy = error instanceof Win32Error ? REMEDIES[error.code] : undefined;
  return printable(`${messageOf(error)}${remedy === undefined ? '' : `: ${remedy}`}`);
};

export const complaint = (error: unknown): string => `guruconnect: ${complaintOf(error)}\n`;
