/**
 * The beginning of a service: whether it is one, whether it is wanted, and its worker's process. That one takes longest to come up, and is
 * started before what the supervisor itself needs is loaded. It does nothing before its first line on stdin.
 */
import type { ScmAddon } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { UsageError } from '@guruconnect/shared/usage-error';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import type { SpawnWorker } from './host.ts';
import { OWN_SCRIPT } from './own-program.ts';
import type { ScmConnection } from './scm-host.ts';
import { entrustNotes, hasStopNote, removeStopNote, standsDown } from './stop-note.ts';
import { peekWorkerAccount } from './worker-account.ts';
import { type Launch, launchWorker, loadLaunch } from './worker-program.ts';

interface Replaced {
  readonly spawnWorker?: SpawnWorker;
  readonly launch?: Launch;
}

/** A worker's process that is there already, and waits. */
export interface EarlyWorker {
  readonly account: WorkerAccount;
  /** Hands it over. */
  readonly launch: Launch;
}

export interface ServiceStart {
  /** 0, or the Win32 error of the dispatcher or of RegisterServiceCtrlHandlerEx. */
  readonly error: number;
  /** It is a recovery restart of a service that somebody has stopped since. */
  readonly unwanted: boolean;
  readonly worker?: EarlyWorker | undefined;
}

/** What is wrong with the account is told when there is a log. */
const accountOf = (options: AgentOptions): WorkerAccount | undefined => {
  try {
    return peekWorkerAccount(options);
  } catch (error) {
    if (error instanceof UsageError) return undefined;
    throw error;
  }
};

const startWorker = (options: AgentOptions, launch: Launch): EarlyWorker | undefined => {
  const account = accountOf(options);
  if (account === undefined) return undefined;
  const { child } = launchWorker({ script: OWN_SCRIPT, options, account }, launch);
  return { account, launch: () => child };
};

/** @param replaced the worker may be a test's: then it is not started here. */
export const enterService = async (
  addon: ScmAddon,
  { started }: ScmConnection,
  options: AgentOptions,
  { spawnWorker, launch }: Replaced,
): Promise<ServiceStart> => {
  entrustNotes(addon, dataDir(options));
  // Loaded while the SCM is on its way.
  const start = spawnWorker === undefined ? (launch ?? (await loadLaunch())) : undefined;
  const error = await started;
  if (error !== 0) return { error, unwanted: false };
  const unwanted = standsDown(addon.scmStartReason(), hasStopNote(dataDir(options)));
  if (unwanted) return { error, unwanted };
  // Before anything that can fail: a start that does must find no note when it is tried again.
  removeStopNote(dataDir(options));
  return { error, unwanted, worker: start && startWorker(options, start) };
};
