/** The agent: one link after the other, until it is told to stop. */
import type { Config } from '@guruconnect/shared/config';
import type { AgentPorts } from './agent-ports.ts';
import { runLink } from './link-run.ts';
import { createMetrics } from './metrics.ts';

/** Resolves once a stop has been carried out. Rejects with an AgentFault for a local permanent fault. */
export const runAgent = async (ports: AgentPorts): Promise<void> => {
  const metrics = createMetrics();
  const startedAt = ports.clock.now();
  let config: Config | undefined = ports.config;
  for (let { afterBoot } = ports; config !== undefined; afterBoot = false) {
    const identity = await ports.resolve(config);
    config = await runLink(
      { ...ports, afterBoot },
      { identity, config, metrics, startedAt, link: 'waiting', failedEnrolments: 0 },
    );
  }
};
