/** What is started as the worker, and with what. */
import { loadWorkerProcess } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { partSecrets } from '@guruconnect/shared/environment';
import { type Child, type Program, notStarted } from './child.ts';
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

/** Starts a program as a child. Never throws: a process that cannot be started is a child that has ended. */
export type Launch = (program: Program, isLocalService: boolean) => Child;

/** How it is done on this platform. execa comes with some 170 files: a service, which has the addon, does not wait for them. */
export const loadLaunch = async (): Promise<Launch> => {
  const addon = loadWorkerProcess();
  if (addon !== undefined) return (program, isLocalService) => launchJob(addon, program, isLocalService);
  const { launchGroup } = await import('./group-child.ts');
  // Without the addon nobody could give it that account, and it must not have another one.
  return (program, isLocalService) =>
    isLocalService ? notStarted('as LocalService: the native addon is missing') : launchGroup(program);
};

export const launchWorker = (program: WorkerProgram, launch: Launch): LaunchedWorker => {
  const { env, options } = partSecrets(program.options, process.env);
  const whole = programOf(program, workerEnvironment(env, process.platform));
  return { child: launch(whole, program.account === 'local-service'), options };
};
