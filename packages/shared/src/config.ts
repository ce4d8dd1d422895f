/**
 * The agent's configuration: file, environment and flags, in rising order. One schema for all three; every complaint
 * names where the value came from, the key and the reason, and never the value of a secret.
 */
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { AGENT_OPTIONS } from './agent-options.ts';
import { nearestKey } from './config-hint.ts';
import { type Settings, ConfigSchema } from './config-schema.ts';
import { ENVIRONMENT, variable } from './environment.ts';
import { UsageError } from './usage-error.ts';

/** The three sources' common shape, before validation. */
export interface AgentOptions {
  readonly relay?: string | undefined;
  readonly enrollToken?: string | undefined;
  readonly data?: string | undefined;
  readonly config?: string | undefined;
  readonly logLevel?: string | undefined;
  readonly ca?: string | undefined;
  readonly proxy?: string | undefined;
  readonly proxyFallback?: string | undefined;
  readonly pins?: string | undefined;
  readonly metricsPort?: string | undefined;
  readonly workerAccount?: string | undefined;
}

export type { Config, Settings } from './config-schema.ts';
/** A key of the configuration file. */
export type ConfigKey = keyof Settings;

/** Keys of the configuration file. */
export const CONFIG_KEYS = [
  'relay',
  'enrollToken',
  'logLevel',
  'ca',
  'proxy',
  'proxyFallback',
  'pins',
  'metricsPort',
  'workerAccount',
] as const satisfies readonly ConfigKey[];
const FLAGS = Object.fromEntries(AGENT_OPTIONS.map(({ key, name }) => [key, `--${name}`])) as Record<
  ConfigKey,
  string
>;
/** A configuration file's content: an object; its keys are checked by {@link checkConfig}. */
export interface ConfigFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface ConfigSources {
  readonly flags: AgentOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | undefined;
}

/** Where a value comes from. `default`: nobody has set the key, whether there is a value then or not. */
export type Source =
  { readonly kind: 'flag' | 'variable' | 'file'; readonly name: string } | { readonly kind: 'default' };

/** What is wrong with a configuration. None of it holds a value, as that may be a secret. */
export interface Problem {
  readonly source: Source;
  /** Of the file's keys, or one that is no key; absent where the file as a whole is meant. */
  readonly key: string | undefined;
  readonly reason: string;
  /** The key that may have been meant. */
  readonly meant?: string | undefined;
}

/** In one line: `path: key: reason`, `--flag: reason`, `VARIABLE: reason`. */
export const problemLine = ({ source, key, reason }: Problem): string => {
  if (source.kind === 'default') return reason;
  const where = source.kind === 'file' && key !== undefined ? `${source.name}: ${key}` : source.name;
  return `${where}: ${reason}`;
};

/** Editors look for a file's schema under this key; it is nothing of the agent's. */
const SCHEMA_KEY = '$schema';

const strangersIn = ({ path, content }: ConfigFile): readonly Problem[] =>
  Object.keys(content)
    .filter((key) => key !== SCHEMA_KEY && !CONFIG_KEYS.some((known) => known === key))
    .map((key) => ({
      source: { kind: 'file', name: path },
      key,
      reason: 'unknown key',
      meant: nearestKey(key, CONFIG_KEYS),
    }));

/** Where the value of a key comes from. */
export const sourceOf = ({ flags, env, file }: ConfigSources, key: ConfigKey): Source => {
  if (flags[key] !== undefined) return { kind: 'flag', name: FLAGS[key] };
  if (variable(env, key) !== undefined) return { kind: 'variable', name: ENVIRONMENT[key] };
  if (file !== undefined && Object.hasOwn(file.content, key)) return { kind: 'file', name: file.path };
  return { kind: 'default' };
};

/** A relative path in a file is meant from there: who wrote it does not know the folder a service is started in. */
const fromFile = ({ path, content }: ConfigFile, key: ConfigKey): unknown => {
  const value = Object.hasOwn(content, key) ? content[key] : undefined;
  return key === 'ca' && typeof value === 'string' && value !== '' ? resolve(dirname(path), value) : value;
};

/** Flag, else variable, else file; not validated. */
export const valueOf = ({ flags, env, file }: ConfigSources, key: ConfigKey): unknown =>
  flags[key] ?? variable(env, key) ?? (file === undefined ? undefined : fromFile(file, key));

const NO_RELAY: Problem = {
  source: { kind: 'default' },
  key: 'relay',
  reason: `no relay is configured: give ${FLAGS.relay} or set ${ENVIRONMENT.relay}`,
};

type Merged = Readonly<Partial<Record<ConfigKey, unknown>>>;

const merge = (sources: ConfigSources): Merged =>
  Object.fromEntries(
    CONFIG_KEYS.map((key) => [key, valueOf(sources, key)] as const).filter(
      ([, value]) => value !== undefined,
    ),
  );

/** The first thing that is wrong with each key, in the keys' order: what follows of it is no news. */
const wrongIn = (sources: ConfigSources, issues: readonly v.BaseIssue<unknown>[]): readonly Problem[] =>
  CONFIG_KEYS.flatMap((key) => {
    const issue = issues.find(({ path }) => path?.[0]?.key === key);
    return issue === undefined ? [] : [{ source: sourceOf(sources, key), key, reason: issue.message }];
  });

/** Exactly one of the two has something in it. */
export interface Judgement {
  readonly settings: Settings | undefined;
  readonly problems: readonly Problem[];
}

/** Merges and validates; never throws. All that is wrong is told, one problem for each key at the most. */
export const judgeConfig = (sources: ConfigSources): Judgement => {
  const merged = merge(sources);
  const result = v.safeParse(ConfigSchema, merged);
  const wrong = wrongIn(sources, result.issues ?? []);
  const problems = [
    ...(sources.file === undefined ? [] : strangersIn(sources.file)),
    ...(merged.relay === undefined ? [NO_RELAY, ...wrong.filter(({ key }) => key !== 'relay')] : wrong),
  ];
  return { problems, settings: result.success && problems.length === 0 ? result.output : undefined };
};

/** All that is wrong, the most telling first; nothing for a valid configuration. */
export const checkConfig = (sources: ConfigSources): readonly Problem[] => judgeConfig(sources).problems;

/** The first problem, as it is thrown. */
export const problemError = ([first]: readonly Problem[]): UsageError =>
  new UsageError(first === undefined ? 'the configuration is not valid' : problemLine(first));

/** Merges and validates. @throws UsageError naming the source, the key and the reason of the first problem. */
export const resolveConfig = (sources: ConfigSources): Settings => {
  const { settings, problems } = judgeConfig(sources);
  if (settings === undefined) throw problemError(problems);
  return settings;
};

/** The relay's endpoint at `path`, over WebSocket or HTTP. */
export const relayEndpoint = (relay: string, path: string, scheme: 'ws' | 'http'): URL => {
  const url = new URL(relay);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  const secure = url.protocol === 'wss:';
  return new URL(url.href.replace(/^wss?:/, `${scheme}${secure ? 's' : ''}:`));
};
