/** What a service sees to beside its machine, once that runs: none of it may keep the worker from starting. */
import { loadManager } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import type { Log } from '@guruconnect/shared/log';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import { claimInstance } from './instance.ts';
import { logRecovery } from './supervisor-log.ts';

/** The configured level, once there is time for the file. What is wrong with that the worker says as well, and ends. */
const configureLog = async (log: Log, options: AgentOptions): Promise<void> => {
  try {
    const { loadConfig } = await import('@guruconnect/shared/config-file');
    log.level = loadConfig(options).logLevel;
  } catch (error) {
    log.error({ why: messageOf(error) }, 'the configuration cannot be used');
  }
};

/** Tells a console supervisor to keep away. A name that somebody else took first must not stop the service, though. */
const claimIfFree = async (log: Log, options: AgentOptions): Promise<void> => {
  try {
    (await claimInstance(dataDir(options))).unref();
  } catch (error) {
    log.warn({ why: messageOf(error) }, 'the data folder could not be claimed');
  }
};

/** What an upgrade, a policy or a hand has changed since the installation is put right at every start. */
const reassertRecovery = async (log: Log, name: string): Promise<void> => {
  try {
    const [{ nativeManager }, { ensureRecovery }] = await Promise.all([
      import('./manage/native-manager.ts'),
      import('./manage/recovery.ts'),
    ]);
    logRecovery(log, await ensureRecovery(nativeManager(loadManager(), name)));
  } catch (error) {
    log.error({ why: messageOf(error) }, 'recovery could not be looked at');
  }
};

/** What a former worker was let into is closed, where it is not let in any more. */
const closeToWorker = async (log: Log, options: AgentOptions): Promise<void> => {
  try {
    const { workerAccess } = await import('./worker-access.ts');
    if (await workerAccess(dataDir(options)).withdraw())
      log.info('the data folder was open to LocalService, and is closed again');
  } catch (error) {
    log.error({ why: messageOf(error) }, 'the data folder could not be closed to LocalService');
  }
};

/** Never rejects. @param name the one that the service is installed under. */
export const keepUp = async (
  log: Log,
  options: AgentOptions,
  name: string,
  account: WorkerAccount,
): Promise<void> => {
  await configureLog(log, options);
  await Promise.all([
    claimIfFree(log, options),
    reassertRecovery(log, name),
    account === 'own' ? closeToWorker(log, options) : undefined,
  ]);
};
