/** The `guruconnect` command. What the SCM starts gets to the dispatcher first, and loads no parser. */
import { loadScm } from '@guruconnect/native';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import type { RunWorker } from './cli/command-description.ts';
import { complaint, exitCodeOf } from './complaint.ts';
import { runServiceCommand } from './service-command.ts';

/** A person's question, and nothing that an image path has in it. */
const isHelpAsked = (args: readonly string[]): boolean =>
  args.length === 1 && /^(?:-h|--help)$/.test(args[0] ?? '');

/**
 * Sets the exit code and lets the event loop drain.
 * @param runWorker runs `guruconnect worker` in this process: the supervisor knows no more of it.
 */
export const runCommand = async (args: readonly string[], runWorker: RunWorker): Promise<void> => {
  const [name, ...rest] = args;
  try {
    process.exitCode =
      name === SERVICE_RUN_ARG && !isHelpAsked(rest)
        ? await runServiceCommand(rest, loadScm())
        : await (await import('./cli/run.ts')).runCli(args, runWorker);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(complaint(error));
  }
};
