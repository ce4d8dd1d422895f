/** `guruconnect console`: its options, and what they mean. */
import type { ExitCode } from '@guruconnect/shared/exit-codes';
import { UsageError } from '@guruconnect/shared/usage-error';
import type { Invocation } from './cli/command-description.ts';
import { runConsole } from './console.ts';

const MAX_SECONDS = 86_400;

/** Milliseconds. @throws UsageError */
const parseSeconds = (text: string | boolean | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (String(text).trim() !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds <= MAX_SECONDS)
    return seconds * 1000;
  throw new UsageError(`--exit-after: not a number of seconds from 0 to ${MAX_SECONDS}: ${String(text)}`);
};

/** @throws UsageError */
export const runConsoleCommand = ({ options, own }: Pick<Invocation, 'options' | 'own'>): Promise<ExitCode> =>
  runConsole({
    ...options,
    exitAfterMs: parseSeconds(own['exit-after']),
    stopWithParent: own['stop-with-parent'] === true,
  });
