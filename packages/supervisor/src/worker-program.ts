/** What is started as the worker, and with what. */
import { loadWorkerProcess } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { partSecrets } from '@guruconnect/shared/environment';
import type { Child, Program } from './child.ts';
import { launchGroup } from './group-child.ts';
import type { WorkerProgram } from './host.ts';
import { launchJob } from './job-child.ts';
import { workerEnvironment } from './worker-environment.ts';
import { workerRestrictions } from './worker-restrictions.ts';

/** The title keeps libuv from asserting in a child without a console of its own. */
const programOf = ({ script, nodeArgs, options }: WorkerProgram, env: Program['env']): Program => ({
  executable: process.execPath,
  args: [
    ...['--title=guruconnect-worker', ...(nodeArgs ?? workerRestrictions([dataDir(options)]))],
    ...[script, 'worker', '--supervised'],
  ],
  env,
});

export interface LaunchedWorker {
  readonly child: Child;
  /** The program's, and with them what must not be seen in an environment. */
  readonly options: AgentOptions;
}

/** Never throws: a process that cannot be started is a child that has ended. */
export const launchWorker = (program: WorkerProgram): LaunchedWorker => {
  const { env, options } = partSecrets(program.options, process.env);
  const whole = programOf(program, workerEnvironment(env, process.platform));
  const addon = loadWorkerProcess();
  const child =
    addon === undefined ? launchGroup(whole) : launchJob(addon, whole, program.account === 'local-service');
  return { child, options };
};
