/** The worker of a service: which program, as whom, and with whose store. */
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import type { Log } from '@guruconnect/shared/log';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import type { WorkerProgram } from './host.ts';
import { OWN_SCRIPT } from './own-program.ts';
import { type StoreBroker, createStoreBroker } from './store-broker.ts';

/** The store of a worker that may not touch it. */
const brokerFor = (options: AgentOptions, log: Log): StoreBroker =>
  createStoreBroker({
    options,
    log,
    clock: systemClock,
    admit: async () => {
      const { workerAccess } = await import('./worker-access.ts');
      const why = await workerAccess(dataDir(options)).admit();
      if (why.length > 0) log.warn({ why }, 'the worker cannot be given its log');
    },
  });

export const serviceWorker = (
  options: AgentOptions,
  account: WorkerAccount,
  log: Log,
  afterBoot: boolean,
): WorkerProgram => ({
  script: OWN_SCRIPT,
  options,
  afterBoot,
  account,
  ...(account === 'own' ? {} : { broker: brokerFor(options, log) }),
});
