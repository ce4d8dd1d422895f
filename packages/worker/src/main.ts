/** `guruconnect worker`: the agent. Its mode is an argument, never guessed. */
import { AGENT_FLAGS_HELP, parseAgentOptions } from '@guruconnect/shared/agent-options';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { TIMING } from '@guruconnect/shared/timing';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { AgentFault } from '@guruconnect/shared/agent-fault';

const HELP = `Usage: guruconnect worker [options]

Runs the agent alone in this console, until Ctrl-C.

${AGENT_FLAGS_HELP}
  --supervised         take options and stop from a supervisor (used by it)
  --help               show this
`;

const run = async (args: readonly string[]): Promise<ExitCode> => {
  const { options, own } = parseAgentOptions(args, {
    supervised: { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (own['help'] === true) {
    process.stdout.write(HELP);
    return EXIT.ok;
  }
  if (own['supervised'] === true) return (await import('./supervised.ts')).runSupervised();
  return (await import('./standalone.ts')).runStandalone(options);
};

const exitCodeOf = (error: unknown): ExitCode => {
  if (error instanceof UsageError) return EXIT.usage;
  return error instanceof AgentFault ? EXIT.localFault : EXIT.failed;
};

/** Sets the exit code and lets the event loop drain; what is still open after that is not waited for. */
export const runWorker = async (args: readonly string[]): Promise<void> => {
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(`guruconnect worker: ${messageOf(error)}\n`);
  }
  setTimeout(() => process.exit(), TIMING.exitGuard).unref();
};
