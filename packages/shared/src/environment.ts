/** The environment variables that configure the agent. */
import type { AgentOptions } from './config.ts';

export const ENVIRONMENT = {
  relay: 'GURUCONNECT_RELAY',
  enrollToken: 'GURUCONNECT_ENROLL_TOKEN',
  logLevel: 'GURUCONNECT_LOG_LEVEL',
  ca: 'GURUCONNECT_CA',
  proxy: 'GURUCONNECT_PROXY',
  proxyFallback: 'GURUCONNECT_PROXY_FALLBACK',
  pins: 'GURUCONNECT_PINS',
  metricsPort: 'GURUCONNECT_METRICS_PORT',
  workerAccount: 'GURUCONNECT_WORKER_ACCOUNT',
  data: 'GURUCONNECT_DATA',
} as const;

type Environment = Readonly<Record<string, string | undefined>>;

/** A variable that is set to nothing is not set. */
export const variable = (env: Environment, key: keyof typeof ENVIRONMENT): string | undefined =>
  env[ENVIRONMENT[key]] || undefined;

/**
 * Parts the enrolment token and the proxy, which may have a password in it, from an environment: they go to the worker
 * with its options, over stdin, as whoever may look at a process sees its environment.
 */
export const partSecrets = (
  options: AgentOptions,
  env: Environment,
): { readonly options: AgentOptions; readonly env: Environment } => {
  const enrollToken = options.enrollToken ?? variable(env, 'enrollToken');
  const proxy = options.proxy ?? variable(env, 'proxy');
  return {
    options: { ...options, enrollToken, proxy },
    env: { ...env, [ENVIRONMENT.enrollToken]: undefined, [ENVIRONMENT.proxy]: undefined },
  };
};
