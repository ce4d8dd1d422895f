/** Errors of a command as one line for a person, and as its exit code. */
import { NativeError } from '@guruconnect/native';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { WIN32, isWin32 } from './manage/win32-error.ts';

export const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError || error instanceof NativeError) return EXIT.usage;
  if (isWin32(error, WIN32.accessDenied)) return EXIT.notElevated;
  return isWin32(error, WIN32.serviceDoesNotExist) ? EXIT.absent : EXIT.failed;
};

const wordsFor = (error: unknown): string => {
  if (isWin32(error, WIN32.accessDenied)) {
    return `administrator rights are missing: use an administrator's terminal (${error.message})`;
  }
  return isWin32(error, WIN32.serviceDoesNotExist)
    ? `${SERVICE_NAME} is not installed: "guruconnect install" installs it`
    : messageOf(error);
};

export const complaint = (error: unknown): string => `guruconnect: ${wordsFor(error)}\n`;
