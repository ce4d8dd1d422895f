/** The agent under a supervisor: the pipe is its stop and its voice, the log file its memory. */
import { join } from 'node:path';
import type { AgentOptions } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { systemClock } from '@guruconnect/shared/clock';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { type Log, createLog, silentLog } from '@guruconnect/shared/log';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { TIMING } from '@guruconnect/shared/timing';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { runAgent } from './agent.ts';
import { AgentFault } from './agent-fault.ts';
import { proxyName } from './network.ts';
import type { SupervisorPipe } from './supervisor-pipe.ts';

const openLog = (options: AgentOptions, level: string): Log => {
  try {
    return createLog('worker', level, join(logDir(options), 'worker.log'));
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
export const serve = async (pipe: SupervisorPipe, options: AgentOptions): Promise<ExitCode> => {
  const heart = keepBeating(pipe);
  let log = silentLog();
  try {
    const config = loadConfig(options);
    log = openLog(options, config.logLevel);
    log.info({ relay: config.relay, via: proxyName(config.proxy) }, 'worker started');
    await runAgent({
      config,
      dataDir: dataDir(options),
      signal: pipe.signal,
      clock: systemClock,
      random: Math.random,
      log,
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
