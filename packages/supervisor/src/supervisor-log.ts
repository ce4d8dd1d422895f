/** Notices as log lines: one per transition, and what is known of every worker's end. */
import { join } from 'node:path';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { variable } from '@guruconnect/shared/environment';
import { type LogLevel, toLogLevel } from '@guruconnect/shared/log-levels';
import { type Log, createLog, silentLog } from '@guruconnect/shared/log';
import type { LastWords } from '@guruconnect/shared/relay-protocol';
import { unreachable } from '@guruconnect/shared/unreachable';
import { peekConfig } from './config-peek.ts';
import type { MakeDataFolder } from './data-folder-maker.ts';
import type { Notice } from './host.ts';
import type { SettingOutcome } from './manage/recovery.ts';

/** Flag, else variable, else file. What is wrong with that one the worker says, and ends. */
const levelOf = (options: AgentOptions): LogLevel => {
  const given = options.logLevel ?? variable(process.env, 'logLevel');
  return toLogLevel(given ?? peekConfig(options).content['logLevel']);
};

/**
 * The supervisor's log file; a log that goes nowhere where it cannot be written.
 * @param makeDataFolder the folder will hold the credential: nobody else gets into it from its first moment.
 */
export const openSupervisorLog = async (
  options: AgentOptions,
  makeDataFolder: MakeDataFolder,
): Promise<Log> => {
  try {
    await makeDataFolder(dataDir(options));
    return createLog('supervisor', levelOf(options), join(logDir(options), 'supervisor.log'));
  } catch {
    return silentLog();
  }
};

/** @param words of a worker whose exit this is, where nobody had asked for it. */
export const logNotice = (log: Log, notice: Notice, words?: LastWords): void => {
  switch (notice.kind) {
    case 'transition':
      log.info({ from: notice.from, event: notice.event, to: notice.to, control: notice.control }, 'service');
      return;
    case 'spawned':
      log.info({ worker: notice.pid }, 'worker spawned');
      return;
    case 'beat':
      log.debug({ beat: notice.beat }, 'worker beat');
      return;
    case 'fault':
      log.error({ fault: notice.fault }, 'the worker cannot go on');
      return;
    case 'silent':
      log.warn({ forMs: Math.round(notice.forMs) }, 'the worker is not heard of');
      return;
    case 'stranger':
      log.warn('a stranger came to the pipe of the worker, and was turned away');
      return;
    case 'wrote':
      log.warn(notice.words, 'the worker wrote to its stderr');
      return;
    case 'killed':
      log.warn({ after: notice.after, hang: notice.hang }, 'worker killed');
      return;
    case 'exited':
      log.info(
        { worker: notice.exit, reason: words?.reason, livedMs: words?.livedMs, history: words?.history },
        'worker exited',
      );
      return;
    case 'failed':
      log.fatal({ err: notice.error }, 'the supervisor has failed');
      return;
    default:
      unreachable(notice);
  }
};

/** One line per setting that is not as it was installed, and one for all those that this Windows does not know. */
export const logRecovery = (log: Log, outcomes: readonly SettingOutcome[]): void => {
  for (const outcome of outcomes) {
    const { kind, setting } = outcome;
    if (kind === 'failed') log.error({ setting, why: outcome.why }, 'recovery could not be set');
    if (kind === 'so' && outcome.changed)
      log.warn({ setting }, 'recovery was not as installed, and is again');
  }
  const unknown = outcomes.filter(({ kind }) => kind === 'unknown').map(({ setting }) => setting);
  if (unknown.length > 0) log.warn({ settings: unknown }, 'this Windows does not know these settings');
};
