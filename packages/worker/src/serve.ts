/** The agent under a supervisor: the pipe is its stop and its voice, the log file its memory. */
import { faultCodeOf } from '@guruconnect/shared/agent-fault';
import type { Config } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir, workerLogPath } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { createLog, silentLog } from '@guruconnect/shared/log';
import type { Bootstrap } from '@guruconnect/shared/pipe-protocol';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { keepBeating } from './beats.ts';
import { brokeredStore, wordsOverPipe } from './brokered-store.ts';
import { openLastWords, secretsOf, wordsInFile } from './last-words.ts';
import { proxyName } from './network/route.ts';
import type { SupervisorPipe } from './supervisor-pipe.ts';
import { work } from './work.ts';

/** The configuration may have been another one when the supervisor looked: more rights than it gives are not used. */
const requireAccount = ({ workerAccount }: Config, account: Bootstrap['account']): void => {
  if (account !== undefined && account !== workerAccount)
    throw new UsageError(`workerAccount is ${workerAccount}, and the worker was started as ${account}`);
};

/** Runs the agent until the pipe says stop. */
export const serve = async (
  pipe: SupervisorPipe,
  given: Omit<Bootstrap, 'version' | 'pipe' | 'token' | 'supervisorPid'>,
): Promise<ExitCode> => {
  const { options, afterBoot, account, identity, beatMs } = given;
  const first = { kind: 'beat', link: 'waiting', relay: options.relay ?? '' } as const;
  const heart = keepBeating({ send: pipe.send, first, intervalMs: beatMs });
  let log = silentLog();
  try {
    const config = loadConfig(options);
    const isBrokered = identity !== undefined;
    const path = workerLogPath(options, isBrokered);
    const kept = isBrokered ? wordsOverPipe(pipe, given.lastWords) : wordsInFile(dataDir(options));
    const lastWords = openLastWords(kept, path, secretsOf(config));
    log = createLog('worker', config.logLevel, path);
    requireAccount(config, account);
    log.info({ relay: config.relay, via: proxyName(config.proxy) }, 'worker started');
    await work({
      options,
      config,
      signal: pipe.signal,
      log,
      afterBoot,
      lastWords,
      ...(isBrokered && { resolve: brokeredStore(pipe, identity) }),
      onBeat: heart.beat,
    });
    log.info({ reason: pipe.signal.reason as unknown }, 'worker stopped');
    return EXIT.ok;
  } catch (error) {
    const code = faultCodeOf(error);
    log.error({ code, err: error }, 'worker failed');
    if (code === undefined) throw error;
    pipe.send({ kind: 'fault', code, message: messageOf(error) });
    return EXIT.localFault;
  } finally {
    heart.stop();
    pipe.close();
  }
};
