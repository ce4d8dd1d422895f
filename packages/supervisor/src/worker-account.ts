/**
 * Whom the worker is to run as, before there is a worker: one key, read without loading what judges a whole configuration, as
 * the Service Control Manager waits meanwhile.
 */
import type { AgentOptions } from '@guruconnect/shared/config';
import { ENVIRONMENT, variable } from '@guruconnect/shared/environment';
import { UsageError } from '@guruconnect/shared/usage-error';
import { type WorkerAccount, NO_WORKER_ACCOUNT, WORKER_ACCOUNTS } from '@guruconnect/shared/worker-accounts';
import { peekConfig } from './config-peek.ts';

interface Given {
  readonly value: unknown;
  /** Where it stands, as the rest of the configuration's complaints have it. */
  readonly where: string;
}

/** A file that cannot be understood ends the worker: it is not judged here. */
const inFile = (options: AgentOptions): Given | undefined => {
  const { path, content } = peekConfig(options);
  return Object.hasOwn(content, 'workerAccount')
    ? { value: content['workerAccount'], where: `${path}: workerAccount` }
    : undefined;
};

const given = (options: AgentOptions, env: NodeJS.ProcessEnv): Given | undefined => {
  if (options.workerAccount !== undefined) return { value: options.workerAccount, where: '--worker-account' };
  const value = variable(env, 'workerAccount');
  if (value !== undefined) return { value, where: ENVIRONMENT.workerAccount };
  return inFile(options);
};

/**
 * Flag, else variable, else file, else `own`. What the file had at another moment counts for nothing: the worker compares it
 * with what it has been started as.
 * @throws UsageError for an account that there is not: it must not pass for the one with more rights.
 */
export const peekWorkerAccount = (
  options: AgentOptions,
  env: NodeJS.ProcessEnv = process.env,
): WorkerAccount => {
  const found = given(options, env);
  if (found === undefined) return 'own';
  const account = WORKER_ACCOUNTS.find((known) => known === found.value);
  if (account === undefined) throw new UsageError(`${found.where}: ${NO_WORKER_ACCOUNT}`);
  return account;
};
