/** The agent under a supervisor: the pipe is its stop and its voice, the log file its memory. */
import { join } from 'node:path';
import type { AgentOptions } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { type Log, createLog, silentLog } from '@guruconnect/shared/log';
import type { Beat, Bootstrap } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { AgentFault } from './agent-fault.ts';
import { openLastWords, secretsOf } from './last-words.ts';
import { proxyName } from './network/route.ts';
import type { SupervisorPipe } from './supervisor-pipe.ts';
import { work } from './work.ts';

const logPath = (options: AgentOptions): string => join(logDir(options), 'worker.log');

const openLog = (path: string, level: string): Log => {
  try {
    return createLog('worker', level, path);
  } catch {
    return silentLog();
  }
};

/** Repeats the last beat: that it comes at all proves the event loop. */
const keepBeating = (pipe: SupervisorPipe) => {
  let last: Beat | undefined;
  const timer = setInterval(() => {
    if (last !== undefined) pipe.send(last);
  }, TIMING.beat);
  return {
    beat: (beat: Beat): void => {
      last = beat;
      pipe.send(beat);
    },
    stop: (): void => {
      clearInterval(timer);
    },
  };
};

const faultOf = (error: unknown): string | undefined => {
  if (error instanceof AgentFault) return error.code;
  return error instanceof UsageError ? 'bad-configuration' : undefined;
};

/** Runs the agent until the pipe says stop. */
export const serve = async (
  pipe: SupervisorPipe,
  { options, afterBoot }: Pick<Bootstrap, 'options' | 'afterBoot'>,
): Promise<ExitCode> => {
  const heart = keepBeating(pipe);
  let log = silentLog();
  try {
    const config = loadConfig(options);
    const path = logPath(options);
    const lastWords = openLastWords(dataDir(options), path, secretsOf(config));
    log = openLog(path, config.logLevel);
    log.info({ relay: config.relay, via: proxyName(config.proxy) }, 'worker started');
    await work({
      options,
      config,
      signal: pipe.signal,
      log,
      afterBoot,
      lastWords,
      onBeat: heart.beat,
    });
    log.info({ reason: pipe.signal.reason as unknown }, 'worker stopped');
    return EXIT.ok;
  } catch (error) {
    const code = faultOf(error);
    log.error({ code, err: error }, 'worker failed');
    if (code === undefined) throw error;
    pipe.send({ kind: 'fault', code, message: messageOf(error) });
    return EXIT.localFault;
  } finally {
    heart.stop();
    pipe.close();
  }
};
