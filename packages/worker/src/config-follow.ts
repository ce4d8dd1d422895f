/** Keeps to the configuration as it is now: watches its file, and hands over what a change of it means. */
import type { Clock } from '@guruconnect/shared/clock';
import { type AgentOptions, type Config, problemLine } from '@guruconnect/shared/config';
import { configFileOf, inspectConfig } from '@guruconnect/shared/config-file';
import type { Log } from '@guruconnect/shared/log';
import { messageOf } from '@guruconnect/shared/usage-error';
import { type ConfigWatch, watchConfig } from './config-watch.ts';
import { type ReloadPlan, changedKeys, planReload } from './reload.ts';

export interface FollowPorts {
  readonly log: Log;
  readonly clock: Clock;
  /** @throws what keeps the change from being made; the former configuration stays in force then. */
  readonly apply: (after: Config, plan: Extract<ReloadPlan, { kind: 'change' }>) => void;
}

/**
 * Loads the configuration anew, with the same options and environment, whenever its file has become another one, and once
 * right away, for what has changed since `first` was loaded. One that is not valid, and one that `apply` refuses, is a line in
 * the log with all that is wrong, and the former one stays. Never throws.
 */
export const followConfig = (
  options: AgentOptions,
  first: Config,
  { log, clock, apply }: FollowPorts,
): ConfigWatch => {
  let current = first;
  const refuse = (why: readonly string[]): void => {
    log.warn({ why }, 'the configuration has changed and cannot be used: the former one stays');
  };
  const take = (): void => {
    const { config: after, problems } = inspectConfig(options);
    if (after === undefined) {
      refuse(problems.map(problemLine));
      return;
    }
    const plan = planReload(current, after);
    if (plan.kind === 'nothing') return;
    try {
      apply(after, plan);
    } catch (error) {
      refuse([messageOf(error)]);
      return;
    }
    log.info({ keys: changedKeys(current, after) }, 'the configuration has changed');
    if (plan.restart) {
      log.warn(
        { keys: ['workerAccount'] },
        'a change of the configuration counts after a restart of the service',
      );
    }
    current = after;
  };
  const watch = watchConfig(configFileOf(options).path, take, {
    clock,
    onTrouble: (why) => {
      log.warn({ why }, 'the configuration file cannot be watched: a change of it counts after a restart');
    },
  });
  take();
  return watch;
};
