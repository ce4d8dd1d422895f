/** Errors of a command as one line for a person, and as its exit code. */
import { NativeError } from '@guruconnect/native';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { printable } from '@guruconnect/shared/printable';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { WIN32, type Win32Error, isWin32 } from './manage/win32-error.ts';

/** To be refused the service is a matter of rights; to be refused a file or a process can be one of many things. */
const isNotElevated = (error: unknown): error is Win32Error =>
  isWin32(error, WIN32.accessDenied) && error.object === SERVICE_NAME && error.operation !== 'OpenProcess';

export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError || error instanceof NativeError) return EXIT.usage;
  if (isNotElevated(error)) return EXIT.notElevated;
  return isWin32(error, WIN32.serviceDoesNotExist) ? EXIT.absent : EXIT.failed;
};

const wordsFor = (error: unknown): string => {
  if (isNotElevated(error)) {
    return `administrator rights are missing: use an administrator's terminal (${error.message})`;
  }
  return isWin32(error, WIN32.serviceDoesNotExist)
    ? `${SERVICE_NAME} is not installed: "guruconnect install" installs it`
    : messageOf(error);
};

export const complaint = (error: unknown): string => `guruconnect: ${printable(wordsFor(error))}\n`;
