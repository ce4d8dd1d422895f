/** `guruconnect worker`: the agent. Its mode is an argument, never guessed. The help is the launcher's command line's. */
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import { errorDetails } from '@guruconnect/shared/error-details';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { TIMING } from '@guruconnect/shared/timing';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { AgentFault } from '@guruconnect/shared/agent-fault';

const run = async (args: readonly string[]): Promise<ExitCode> => {
  const { options, own } = parseAgentOptions(args, {
    supervised: { type: 'boolean' },
    probe: { type: 'boolean' },
    verbose: { type: 'boolean' },
  });
  if (own['probe'] === true) return (await import('./probe-command.ts')).runProbe();
  if (own['supervised'] === true) return (await import('./supervised.ts')).runSupervised();
  return (await import('./standalone.ts')).runStandalone(options);
};

const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof AgentFault ? EXIT.localFault : EXIT.failed;
};

const tell = (error: unknown, isVerbose: boolean): void => {
  const lines = [`guruconnect worker: ${messageOf(error)}`, ...(isVerbose ? errorDetails(error) : [])];
  process.stderr.write(lines.map((line) => `${line}\n`).join(''));
};

/**
 * Sets the exit code, which it returns, and lets the event loop drain; what is still open after that is not waited for. Under a supervisor the process
 * ends here, once all is well.
 */
export const runWorker = async (args: readonly string[]): Promise<ExitCode> => {
  let code: ExitCode;
  try {
    code = await run(args);
  } catch (error) {
    code = exitCodeOf(error);
    tell(error, args.includes('--verbose'));
  }
  process.exitCode = code;
  // A stop waits for this end, and not for the tidying that comes with one by itself.
  if (args.includes('--supervised') && code === EXIT.ok) process.exit();
  setTimeout(() => process.exit(), TIMING.exitGuard).unref();
  return code;
};
