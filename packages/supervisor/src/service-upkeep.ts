/** What a service sees to beside its machine, once that runs: none of it may keep the worker from starting. */
import { loadManager } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Log } from '@guruconnect/shared/log';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import { claimInstance } from './instance.ts';
import type { SettingOutcome } from './manage/recovery.ts';
import { logRecovery } from './supervisor-log.ts';

/** Tells a console supervisor to keep away. A name that somebody else took first must not stop the service, though. */
const claimIfFree = async (log: Log, options: AgentOptions): Promise<void> => {
  try {
    (await claimInstance(dataDir(options))).unref();
  } catch (error) {
    log.warn({ why: messageOf(error) }, 'the data folder could not be claimed');
  }
};

type TellRecovery = (outcomes: readonly SettingOutcome[]) => void;

/** What an upgrade, a policy or a hand has changed since the installation is put right at every start. */
const reassertRecovery = async (log: Log, name: string, tell: TellRecovery): Promise<void> => {
  try {
    const [{ nativeManager }, { ensureRecovery }] = await Promise.all([
      import('./manage/native-manager.ts'),
      import('./manage/recovery.ts'),
    ]);
    const outcomes = await ensureRecovery(nativeManager(loadManager(), name));
    logRecovery(log, outcomes);
    tell(outcomes);
  } catch (error) {
    log.error({ why: messageOf(error) }, 'recovery could not be looked at');
  }
};

/** A program that was exchanged by hand has its texts somewhere else. Another service than ours has no source. */
const reassertEventSource = async (log: Log, name: string): Promise<void> => {
  if (name !== SERVICE_NAME) return;
  const [{ nativeEventSource }, { ensureEventSource }] = await Promise.all([
    import('./event-log/native-source.ts'),
    import('./manage/event-source.ts'),
  ]);
  const outcome = await ensureEventSource(nativeEventSource(loadManager()));
  if (outcome.kind === 'failed') log.warn({ why: outcome.why }, 'the event source could not be registered');
  if (outcome.kind === 'so' && outcome.changed) log.info('the event source is registered again');
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

/**
 * Never rejects.
 * @param name the one that the service is installed under.
 * @param tellRecovery hears what became of recovery, beside the log.
 */
export const keepUp = async (
  log: Log,
  options: AgentOptions,
  name: string,
  account: WorkerAccount,
  tellRecovery: TellRecovery,
): Promise<void> => {
  await Promise.all([
    claimIfFree(log, options),
    reassertRecovery(log, name, tellRecovery),
    reassertEventSource(log, name).catch((error: unknown) => {
      log.warn({ why: messageOf(error) }, 'the event source could not be looked at');
    }),
    account === 'own' ? closeToWorker(log, options) : undefined,
  ]);
};
