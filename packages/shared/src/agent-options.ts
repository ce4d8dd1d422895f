/** The flags that every command of the agent's own shares. */
import { type ParseArgsConfig, parseArgs } from 'node:util';
import type { AgentOptions } from './config.ts';
import { UsageError, messageOf } from './usage-error.ts';

type Flags = NonNullable<ParseArgsConfig['options']>;
type Parsed = Readonly<Record<string, string | boolean | undefined>>;

const AGENT_FLAGS = {
  relay: { type: 'string' },
  'enroll-token': { type: 'string' },
  data: { type: 'string' },
  config: { type: 'string' },
  'log-level': { type: 'string' },
  ca: { type: 'string' },
  proxy: { type: 'string' },
  'proxy-fallback': { type: 'string' },
  pins: { type: 'string' },
  'metrics-port': { type: 'string' },
  'worker-account': { type: 'string' },
} as const satisfies Flags;

/** What the flags are for, for the commands' help. */
export const AGENT_FLAGS_HELP = `  --relay URL          relay to connect to: wss://…, or ws:// on this machine   GURUCONNECT_RELAY
  --enroll-token T     enrols this machine, once                                GURUCONNECT_ENROLL_TOKEN
  --data DIR           folder of the credential and the logs                    GURUCONNECT_DATA
  --config FILE        configuration file (default: config.json in --data)
  --log-level L        error, warn, info or debug (default: info)               GURUCONNECT_LOG_LEVEL
  --ca FILE            PEM certificates to trust beside the system's            GURUCONNECT_CA
  --proxy URL          http(s)://[user:password@]host[:port], the only way out  GURUCONNECT_PROXY
                       or system: as Windows has it for its services
  --proxy-fallback F   none (default), or direct: past a proxy that is dead     GURUCONNECT_PROXY_FALLBACK
  --pins P,P           sha256/… of the relay's key and of a spare one           GURUCONNECT_PINS
  --metrics-port N     serve Prometheus metrics on 127.0.0.1:N                  GURUCONNECT_METRICS_PORT
  --worker-account A   own (default), or local-service: the service's worker    GURUCONNECT_WORKER_ACCOUNT
                       has few rights, and no access to the credential's file`;

/** The parser quotes a word that it has no use for, and that can be a URL with a password in it. */
const withoutUser = (text: string): string => text.replace(/\/\/.*@/gs, '//…@');

const firstSentence = (text: string): string =>
  withoutUser(text)
    .replace(/\. .*$/s, '')
    .replace(/^./, (c) => c.toLowerCase());

/** Parses the shared flags and a command's own. @throws UsageError for anything unknown, missing or left over. */
export const parseAgentOptions = (
  args: readonly string[],
  own: Flags = {},
): { readonly options: AgentOptions; readonly own: Parsed } => {
  try {
    const { values } = parseArgs({ args: [...args], options: { ...AGENT_FLAGS, ...own }, strict: true });
    const flags = values as Parsed;
    const text = (name: string): string | undefined => {
      if (flags[name] === '') throw new UsageError(`--${name}: empty`);
      return flags[name] as string | undefined;
    };
    return {
      options: {
        relay: text('relay'),
        enrollToken: text('enroll-token'),
        data: text('data'),
        config: text('config'),
        logLevel: text('log-level'),
        ca: text('ca'),
        proxy: text('proxy'),
        proxyFallback: text('proxy-fallback'),
        pins: text('pins'),
        metricsPort: text('metrics-port'),
        workerAccount: text('worker-account'),
      },
      own: flags,
    };
  } catch (error) {
    throw new UsageError(firstSentence(messageOf(error)));
  }
};
