/** `guruconnect logs`: the logs of supervisor and worker as one, for a person or a program. Changes nothing. */
import { isAddonBuilt, loadManager } from '@guruconnect/native';
import { usesColors } from '@guruconnect/shared/colors';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { printable } from '@guruconnect/shared/printable';
import { messageOf } from '@guruconnect/shared/usage-error';
import { installedFolder } from '../manage/context.ts';
import { nativeManager } from '../manage/native-manager.ts';
import { foldersOf, logPlaces } from './log-files.ts';
import { openOutput } from './log-output.ts';
import { jsonView, prettyView } from './log-view.ts';
import { parseLogsOptions } from './logs-options.ts';
import { followLogs, isThere, openLogs, showLogs } from './logs-show.ts';

/** An installed service has its data folder in its image path: its logs are meant, where no other folder is named. */
const dataFor = async (options: AgentOptions): Promise<string> => {
  if (process.platform !== 'win32' || options.data !== undefined || !isAddonBuilt()) return dataDir(options);
  return (await installedFolder(nativeManager(loadManager(), SERVICE_NAME))) ?? dataDir(options);
};

const say = (text: string): void => {
  process.stderr.write(`guruconnect: ${printable(text)}\n`);
};

const WHO =
  process.platform === 'win32'
    ? "use an administrator's terminal"
    : 'use the account that the agent runs as, or root';

/** Ctrl-C, and whoever ends a console: both are how one leaves a log that is followed. */
const untilInterrupted = () => {
  const interruption = new AbortController();
  const stop = (): void => {
    interruption.abort();
  };
  const signals = ['SIGINT', 'SIGTERM'] as const;
  for (const signal of signals) process.on(signal, stop);
  return {
    signal: interruption.signal,
    stop,
    release: () => {
      for (const signal of signals) process.off(signal, stop);
    },
  };
};

/** @throws UsageError; the system's error where a log cannot be read on, or stdout not be written to */
export const runLogs = async (args: readonly string[]): Promise<ExitCode> => {
  const { agent, part, lines, isFollowing, isJson, ...filter } = parseLogsOptions(args, Date.now());
  const places = logPlaces(await dataFor(agent), part);
  const { logs, denied } = openLogs(places);
  for (const [path, error] of denied) say(`${path}: cannot be read: ${WHO} (${messageOf(error)})`);
  if (logs.length === 0) return EXIT.notElevated;
  const isEmpty = !logs.some(isThere);
  if (isEmpty && denied.size === 0)
    say(`no logs yet in ${foldersOf(places).join(', ')}${isFollowing ? ': waiting for them' : ''}`);
  if (isEmpty && !isFollowing) return denied.size > 0 ? EXIT.notElevated : EXIT.failed;

  const isColored = usesColors(process.stdout, process.env);
  const showing = { filter, lines, view: isJson ? jsonView : prettyView(isColored) };
  if (!isFollowing) {
    await showLogs(logs, { ...showing, output: openOutput(process.stdout, () => undefined) });
    return EXIT.ok;
  }
  const { stop, signal, release } = untilInterrupted();
  try {
    await followLogs(logs, { ...showing, output: openOutput(process.stdout, stop) }, signal);
  } finally {
    release();
  }
  return EXIT.ok;
};
