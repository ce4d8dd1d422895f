/** What a changed configuration means for an agent that runs. Pure. */
import { isDeepStrictEqual } from 'node:util';
import type { Config } from '@guruconnect/shared/config';

/** What has to be done; several can be true at once. */
export type ReloadPlan =
  | { readonly kind: 'nothing' }
  | {
      readonly kind: 'change';
      /** Another relay: the session is closed, and the credential for the new one resolved. */
      readonly relay: boolean;
      /** Another way to the relay: used from the next connection on. */
      readonly way: boolean;
      readonly token: boolean;
      readonly logLevel: boolean;
      readonly metrics: boolean;
      /** Nothing that a worker could change of itself: the next start of the service does. */
      readonly restart: boolean;
    };

type Part = Exclude<keyof Extract<ReloadPlan, { kind: 'change' }>, 'kind'>;

/** Complete by its type: a key that is added has to be given its meaning here. */
const PART_OF: Readonly<Record<keyof Config, Part>> = {
  relay: 'relay',
  ca: 'way',
  proxy: 'way',
  proxyFallback: 'way',
  pins: 'way',
  enrollToken: 'token',
  logLevel: 'logLevel',
  metricsPort: 'metrics',
  workerAccount: 'restart',
};
const KEYS = Object.keys(PART_OF) as readonly (keyof Config)[];

/** Keys whose values differ: names alone, fit for a log. */
export const changedKeys = (before: Config, after: Config): readonly (keyof Config)[] =>
  KEYS.filter((key) => !isDeepStrictEqual(before[key], after[key]));

/**
 * What the change from one valid configuration to another means:
 *
 * | key | part | takes effect | the session |
 * | --- | --- | --- | --- |
 * | `logLevel` | `logLevel` | with the next line that is logged | goes on |
 * | `enrollToken` | `token` | with the next enrolment; a present credential stays in use | goes on |
 * | `metricsPort` | `metrics` | at once: the former port is let go of and the new one opened | goes on |
 * | `ca`, `proxy`, `proxyFallback`, `pins` | `way` | with the next connection | goes on, trusted as when it was opened |
 * | `workerAccount` | `restart` | with the next start of the service, as the log says | goes on |
 * | `relay` | `relay` | at once: closed with 1001, credential resolved anew, connected | ends |
 *
 * Where there is neither a credential for the new relay nor a token to get one, the agent could not start with the new
 * configuration: it is to be refused like one that is not valid, before the session is closed.
 */
export const planReload = (before: Config, after: Config): ReloadPlan => {
  const parts = new Set(changedKeys(before, after).map((key) => PART_OF[key]));
  if (parts.size === 0) return { kind: 'nothing' };
  return {
    kind: 'change',
    relay: parts.has('relay'),
    way: parts.has('way'),
    token: parts.has('token'),
    logLevel: parts.has('logLevel'),
    metrics: parts.has('metrics'),
    restart: parts.has('restart'),
  };
};
