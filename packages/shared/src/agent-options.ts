/** The flags that every command of the agent's own shares: one table, for the parsers, the help, the completions and the docs. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { AgentOptions } from './config.ts';
import { LOG_LEVELS } from './log-levels.ts';
import type { OptionDescription } from './option-description.ts';
import { PROXY_FALLBACKS } from './proxy-fallbacks.ts';
import { secretless } from './secretless.ts';
import { UsageError, messageOf } from './usage-error.ts';
import { WORKER_ACCOUNTS } from './worker-accounts.ts';

type Flags = NonNullable<ParseArgsConfig['options']>;
/** Values by the name of their option, without dashes. */
export type OptionValues = Readonly<Record<string, string | boolean | undefined>>;

export interface AgentOption extends OptionDescription {
  readonly key: keyof AgentOptions;
  readonly value: string;
}

export const AGENT_OPTIONS = [
  {
    name: 'relay',
    key: 'relay',
    value: 'url',
    summary: 'relay to connect to: wss://…, or ws:// on this machine',
  },
  {
    name: 'enroll-token',
    key: 'enrollToken',
    value: 'token',
    summary: 'enrols this machine, once; better put into the variable, as every user can read a command line',
  },
  {
    name: 'data',
    key: 'data',
    value: 'folder',
    summary: 'folder of the credential and the logs',
    completes: 'folder',
  },
  {
    name: 'config',
    key: 'config',
    value: 'file',
    summary: 'configuration file (default: config.json in the data folder)',
    completes: 'file',
  },
  {
    name: 'log-level',
    key: 'logLevel',
    value: 'level',
    summary: `${LOG_LEVELS.join(', ')} (default: info)`,
    choices: LOG_LEVELS,
  },
  {
    name: 'ca',
    key: 'ca',
    value: 'file',
    summary: "PEM certificates to trust beside the system's",
    completes: 'file',
  },
  {
    name: 'proxy',
    key: 'proxy',
    value: 'url',
    summary:
      'http(s)://[user:password@]host[:port], the only way out; or system: as Windows has it for its services',
    choices: ['system'],
  },
  {
    name: 'proxy-fallback',
    key: 'proxyFallback',
    value: 'how',
    summary: 'none (default), or direct: past a proxy that is dead',
    choices: PROXY_FALLBACKS,
  },
  {
    name: 'pins',
    key: 'pins',
    value: 'pin,pin',
    summary: "sha256/… of the relay's key and of a spare one",
  },
  {
    name: 'metrics-port',
    key: 'metricsPort',
    value: 'port',
    summary: 'serve Prometheus metrics on this port of 127.0.0.1',
  },
  {
    name: 'worker-account',
    key: 'workerAccount',
    value: 'account',
    summary:
      "own (default), or local-service: the service's worker has few rights, and no access to the credential's file",
    choices: WORKER_ACCOUNTS,
  },
] as const satisfies readonly AgentOption[];

export type AgentOptionName = (typeof AGENT_OPTIONS)[number]['name'];

const AGENT_FLAGS: Flags = Object.fromEntries(AGENT_OPTIONS.map(({ name }) => [name, { type: 'string' }]));

/** The shared flags out of what a parser has found. They are not judged: the file and the environment have them too. @throws UsageError for an empty one. */
export const agentOptionsOf = (values: OptionValues): AgentOptions => {
  const empty = AGENT_OPTIONS.find(({ name }) => values[name] === '');
  if (empty !== undefined) throw new UsageError(`--${empty.name}: empty`);
  return Object.fromEntries(AGENT_OPTIONS.map(({ name, key }) => [key, values[name]]));
};

const firstSentence = (text: string): string =>
  secretless(text)
    .replace(/\. .*$/s, '')
    .replace(/^./, (c) => c.toLowerCase());

/**
 * Parses the shared flags and a command's own without any package: for what must not wait for one to be loaded.
 * @throws UsageError for anything unknown, missing or left over.
 */
export const parseAgentOptions = (
  args: readonly string[],
  own: Flags = {},
): { readonly options: AgentOptions; readonly own: OptionValues } => {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...AGENT_FLAGS, ...own }, strict: true });
    const flags = values as OptionValues;
    return { options: agentOptionsOf(flags), own: flags };
  } catch (error) {
    throw new UsageError(firstSentence(messageOf(error)));
  }
};
