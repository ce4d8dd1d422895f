/** A command that failed: one line for a person, with what to do; for programs as well, where they are who has asked. */
import { painter, usesColors } from '@guruconnect/shared/colors';
import { errorDetails } from '@guruconnect/shared/error-details';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { complaintOf } from '../complaint.ts';
import { Win32Error } from '../manage/win32-error.ts';

interface Telling {
  /** With what is behind it. */
  readonly verbose: boolean;
  readonly json: boolean;
}

/** On stdout, where the result would have been. */
const failureJson = (error: unknown, exitCode: ExitCode): object => ({
  exitCode,
  error: {
    kind: error instanceof Error ? error.name : 'Error',
    message: complaintOf(error),
    ...(error instanceof Win32Error && {
      win32: { code: error.code, operation: error.operation, object: error.object },
    }),
  },
});

/** What was typed wrong has nothing behind it. */
const remark = (code: ExitCode, verbose: boolean): string =>
  code === EXIT.failed && !verbose ? ' (--verbose says more)' : '';

export const tellFailure = (error: unknown, code: ExitCode, { verbose, json }: Telling): void => {
  const paint = painter(usesColors(process.stderr, process.env));
  process.stderr.write(`${paint('red', 'guruconnect:')} ${complaintOf(error)}${remark(code, verbose)}\n`);
  if (verbose)
    process.stderr.write(
      errorDetails(error)
        .map((line) => `  ${line}\n`)
        .join(''),
    );
  if (json) process.stdout.write(`${JSON.stringify(failureJson(error, code), undefined, 2)}\n`);
};
