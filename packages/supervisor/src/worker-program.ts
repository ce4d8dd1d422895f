/** What is started as the worker, and with what. */
import { loadWorkerProcess } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { partSecrets } from '@guruconnect/shared/environment';
import { type Child, type Program, notStarted } from './child.ts';
import { launchGroup } from './group-child.ts';
import type { WorkerProgram } from './host.ts';
import { launchJob } from './job-child.ts';
import { workerEnvironment } from './worker-environment.ts';
import { workerRestrictions } from './worker-restrictions.ts';

/** The title keeps libuv from asserting in a child without a console of its own. The packaged program takes no options of node's. */
const scriptArgs = ({ script, nodeArgs, options }: WorkerProgram): readonly string[] =>
  script === undefined
    ? []
    : ['--title=guruconnect-worker', ...(nodeArgs ?? workerRestrictions([dataDir(options)])), script];

const programOf = (program: WorkerProgram, env: Program['env']): Program => ({
  executable: process.execPath,
  args: [...scriptArgs(program), 'worker', '--supervised'],
  env,
  isAlone: program.nodeArgs === undefined,
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
  const isLocalService = program.account === 'local-service';
  // Without the addon nobody could give it that account, and it must not have another one.
  if (addon === undefined && isLocalService)
    return { child: notStarted('as LocalService: the native addon is missing'), options };
  const child = addon === undefined ? launchGroup(whole) : launchJob(addon, whole, isLocalService);
  return { child, options };
};
