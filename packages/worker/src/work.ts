/** The agent with all that the product puts around it: its configuration as it changes, its metrics, its last words. */
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions, Config } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { type Log, partLog, setLogLevel } from '@guruconnect/shared/log';
import type { Beat } from '@guruconnect/shared/pipe-protocol';
import { runAgent } from './agent.ts';
import type { AgentPorts } from './agent-ports.ts';
import { followConfig } from './config-follow.ts';
import { resolveIdentity } from './identity-of.ts';
import { createMetricsEndpoint } from './metrics-endpoint.ts';
import { createNews } from './news.ts';
import type { ReloadPlan } from './reload.ts';
import { systemPorts } from './system-ports.ts';

export interface Work {
  readonly options: AgentOptions;
  readonly config: Config;
  readonly signal: AbortSignal;
  readonly log: Log;
  readonly afterBoot: boolean;
  readonly lastWords: AgentPorts['lastWords'];
  readonly onBeat: (beat: Beat) => void;
  /** Who this machine is to a relay; by default the data folder says. */
  readonly resolve?: AgentPorts['resolve'];
}

/** @throws Error for a change that the agent could not go on with. */
const refuse = (after: Config, plan: Extract<ReloadPlan, { kind: 'change' }>): void => {
  if (plan.relay && after.enrollToken === undefined) {
    throw new Error('another relay is configured, and there is no enrolment token to get its credential');
  }
};

/** Resolves once a stop has been carried out. @throws AgentFault */
export const work = async (given: Work): Promise<void> => {
  const { options, config, log } = given;
  let latest: Beat | undefined;
  const metrics = createMetricsEndpoint(partLog(log, 'metrics'), () => latest);
  const changes = createNews<Config>();
  const apply = ({ logLevel, metricsPort }: Config): void => {
    setLogLevel(log, logLevel);
    metrics.use(metricsPort);
  };
  apply(config);
  const following = followConfig(options, config, {
    log: partLog(log, 'config'),
    clock: systemClock,
    apply: (after, plan) => {
      refuse(after, plan);
      apply(after);
      changes.tell(after);
    },
  });
  try {
    await runAgent(
      systemPorts({
        ...given,
        resolve:
          given.resolve ?? ((current) => resolveIdentity(current, dataDir(options), partLog(log, 'store'))),
        changes: changes.subscribe,
        onBeat: (beat) => {
          latest = beat;
          given.onBeat(beat);
        },
      }),
    );
  } finally {
    following.close();
    metrics.close();
  }
};
