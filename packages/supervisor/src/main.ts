/** The `guruconnect` command. */
import { isAddonBuilt, loadScm } from '@guruconnect/native';
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_RUN_ARG, VERSION } from '@guruconnect/shared/identity';
import { UsageError } from '@guruconnect/shared/usage-error';
import { complaint, exitCodeOf } from './complaint.ts';
import { HELP } from './help.ts';
import type { ManageCommand } from './manage/commands.ts';
import { runServiceCommand } from './service-command.ts';

const print = (text: string): Promise<ExitCode> => {
  process.stdout.write(text);
  return Promise.resolve(EXIT.ok);
};

const parseSeconds = (text: string | boolean | undefined): number | undefined => {
  if (text === undefined) return undefined;
  const seconds = Number(text);
  if (String(text).trim() !== '' && Number.isFinite(seconds) && seconds >= 0 && seconds <= 86_400)
    return seconds * 1000;
  throw new UsageError(`--exit-after: not a number of seconds from 0 to 86400: ${String(text)}`);
};

const consoleCommand = async (args: readonly string[]): Promise<ExitCode> => {
  const { options, own } = parseAgentOptions(args, {
    'exit-after': { type: 'string' },
    'stop-with-parent': { type: 'boolean' },
    help: { type: 'boolean', short: 'h' },
  });
  if (own['help'] === true) return print(HELP);
  const exitAfterMs = parseSeconds(own['exit-after']);
  return (await import('./console.ts')).runConsole({
    ...options,
    exitAfterMs,
    stopWithParent: own['stop-with-parent'] === true,
  });
};

const manageCommand =
  (name: ManageCommand) =>
  async (args: readonly string[]): Promise<ExitCode> => {
    if (args.includes('--help') || args.includes('-h')) return print(HELP);
    return (await import('./manage/commands.ts')).runManage(name, args);
  };

const statusCommand = async (args: readonly string[]): Promise<ExitCode> => {
  if (args.includes('--help') || args.includes('-h')) return print(HELP);
  return (await import('./manage/status-command.ts')).runStatus(args);
};

const configCommand = async (args: readonly string[]): Promise<ExitCode> => {
  if (args.includes('--help') || args.includes('-h')) return print(HELP);
  return (await import('./config-command.ts')).runConfig(args);
};

const COMMANDS: Readonly<Record<string, (args: readonly string[]) => Promise<ExitCode>>> = {
  [SERVICE_RUN_ARG]: async (args) => runServiceCommand(args, loadScm()),
  install: manageCommand('install'),
  uninstall: manageCommand('uninstall'),
  start: manageCommand('start'),
  stop: manageCommand('stop'),
  restart: manageCommand('restart'),
  status: statusCommand,
  config: configCommand,
  console: consoleCommand,
  version: () => print(`guruconnect ${VERSION}, addon ${isAddonBuilt() ? 'built' : 'not built'}\n`),
  '--version': () => print(`${VERSION}\n`),
  help: () => print(HELP),
  '--help': () => print(HELP),
  '-h': () => print(HELP),
};

/** Names of the commands that `runCommand` knows; `worker` is the launcher's. */
export const COMMAND_NAMES: readonly string[] = Object.keys(COMMANDS);

const run = ([name, ...args]: readonly string[]): Promise<ExitCode> => {
  if (name === undefined) throw new UsageError('no command: try "guruconnect --help"');
  const command = Object.hasOwn(COMMANDS, name) ? COMMANDS[name] : undefined;
  if (command === undefined) throw new UsageError(`unknown command "${name}": try "guruconnect --help"`);
  return command(args);
};

/** Sets the exit code and lets the event loop drain. */
export const runCommand = async (args: readonly string[]): Promise<void> => {
  try {
    process.exitCode = await run(args);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    process.stderr.write(complaint(error));
  }
};
