/** The `guruconnect` command. What the SCM starts gets to the dispatcher first, and loads no parser; nor does what a script asks for. */
import type { ExitCode } from '@guruconnect/shared/exit-codes';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import type { RunWorker } from './cli/command-description.ts';
import { complaint, exitCodeOf } from './complaint.ts';

/** A person's question, and nothing that an image path has in it. */
const isHelpAsked = (args: readonly string[]): boolean =>
  args.length === 1 && /^(?:-h|--help)$/.test(args[0] ?? '');

const isVersionAsked = (args: readonly string[]): boolean =>
  args.length === 1 && /^(?:-V|--version|version)$/.test(args[0] ?? '');

const tellVersion = async (): Promise<ExitCode> => {
  const [{ runVersion }, { letReaderGo }] = await Promise.all([
    import('./cli/version-command.ts'),
    import('./cli/reader.ts'),
  ]);
  letReaderGo(process.stdout);
  return runVersion({ own: {} });
};

const run = async (args: readonly string[], runWorker: RunWorker): Promise<ExitCode> => {
  const [name, ...rest] = args;
  if (name === SERVICE_RUN_ARG && !isHelpAsked(rest)) {
    const [{ runServiceCommand }, { loadScm }] = await Promise.all([
      import('./service-command.ts'),
      import('@guruconnect/native'),
    ]);
    return runServiceCommand(rest, loadScm());
  }
  if (isVersionAsked(args)) return tellVersion();
  return (await import('./cli/run.ts')).runCli(args, runWorker);
};

/**
 * Sets the exit code and lets the event loop drain.
 * @param runWorker runs `guruconnect worker` in this process: the supervisor knows no more of it.
 */
export const runCommand = async (args: readonly string[], runWorker: RunWorker): Promise<void> => {
  try {
    process.exitCode = await run(args, runWorker);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(complaint(error));
  }
};
