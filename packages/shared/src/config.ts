/**
 * The agent's configuration: file, environment and flags, in rising order. One schema for all three; every complaint
 * names where the value came from, the key and the reason, and never the value of a secret.
 */
import { dirname, resolve } from 'node:path';
import * as v from 'valibot';
import { ENVIRONMENT, variable } from './environment.ts';
import { LOG_LEVELS } from './log-levels.ts';
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
}

const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
const urlCheck = (holds: (url: URL) => boolean, why: string) =>
  v.check((text: string) => {
    const url = parseUrl(text);
    return url === undefined || holds(url);
  }, why);

/** `wss://host[:port][/prefix]`; `ws://` only to this machine, as the credential would travel in the clear. */
export const RelayUrl = v.pipe(
  v.string('not a text'),
  v.check((text) => parseUrl(text) !== undefined, 'not a URL'),
  urlCheck((url) => url.protocol === 'ws:' || url.protocol === 'wss:', 'not a ws:// or wss:// URL'),
  urlCheck((url) => url.username === '' && url.password === '', 'has a user or a password in it'),
  urlCheck((url) => url.search === '' && url.hash === '', 'has a query or a fragment'),
  urlCheck(
    (url) => url.protocol !== 'ws:' || isLoopback(url.hostname),
    'ws:// is not encrypted and allowed to this machine only: use wss://',
  ),
  // One spelling: the credential is bound to it.
  v.transform((text) => new URL(text).href.replace(/\/$/, '')),
);

const isEncoded = (text: string): boolean => {
  try {
    decodeURIComponent(text);
    return true;
  } catch {
    return false;
  }
};

/** `http://[user:password@]host[:port]`, or https. May hold a password: never to be quoted. */
export const ProxyUrl = v.pipe(
  v.string('not a text'),
  v.check((text) => parseUrl(text) !== undefined, 'not a URL'),
  urlCheck((url) => url.protocol === 'http:' || url.protocol === 'https:', 'not an http:// or https:// URL'),
  urlCheck(
    (url) => `${url.pathname}${url.search}${url.hash}` === '/',
    'has more in it than a host and a port',
  ),
  urlCheck(
    ({ username, password }) => isEncoded(username) && isEncoded(password),
    'has a user or a password that is not percent-encoded',
  ),
  v.transform((text) => new URL(text).href),
);

const Fields = v.strictObject({
  /** URL of the relay. */
  relay: RelayUrl,
  /** Token that enrols this machine once; not needed where a credential is stored. */
  enrollToken: v.optional(
    v.pipe(v.string('not a text'), v.regex(/^[\x21-\x7e]{1,512}$/, 'not 1 to 512 printable characters')),
  ),
  logLevel: v.optional(v.picklist(LOG_LEVELS, `not one of ${LOG_LEVELS.join(', ')}`), 'info'),
  /** Path of a PEM file. */
  ca: v.optional(v.pipe(v.string('not a text'), v.nonEmpty('empty'))),
  /** URL of the proxy that every connection to the relay goes through. */
  proxy: v.optional(ProxyUrl),
});
/** With `ws://` through a proxy elsewhere the credential would leave this machine in the clear all the same. */
const staysHere = ({ relay, proxy }: v.InferOutput<typeof Fields>): boolean =>
  proxy === undefined || relay.startsWith('wss:') || isLoopback(new URL(proxy).hostname);

const ConfigSchema = v.pipe(
  Fields,
  v.forward(
    v.check(
      staysHere,
      'is not on this machine: a ws:// relay is reached through a proxy on this machine only',
    ),
    ['proxy'],
  ),
);
/** The configuration as it is written: files that it names are not read yet. */
export type Settings = v.InferOutput<typeof ConfigSchema>;
export type Config = Omit<Settings, 'ca'> & {
  /** Certificates, each a PEM block, that are trusted beside those of the system. */
  readonly ca?: readonly string[];
};
type Key = keyof Settings;

/** Keys of the configuration file. */
export const CONFIG_KEYS = [
  'relay',
  'enrollToken',
  'logLevel',
  'ca',
  'proxy',
] as const satisfies readonly Key[];
const FLAGS: Record<Key, string> = {
  relay: '--relay',
  enrollToken: '--enroll-token',
  logLevel: '--log-level',
  ca: '--ca',
  proxy: '--proxy',
};
/** A configuration file's content: an object; its keys are checked by {@link resolveConfig}. */
export interface ConfigFile {
  readonly path: string;
  readonly content: Readonly<Record<string, unknown>>;
}

export interface ConfigSources {
  readonly flags: AgentOptions;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly file: ConfigFile | undefined;
}

const checkKeys = (file: ConfigFile): void => {
  const stranger = Object.keys(file.content).find((key) => !CONFIG_KEYS.some((known) => known === key));
  if (stranger !== undefined) throw new UsageError(`${file.path}: ${stranger}: unknown key`);
};

/** Where the value of a key comes from, as a complaint names it. */
export const originOf = ({ flags, env, file }: ConfigSources, key: Key): string => {
  if (flags[key] !== undefined) return FLAGS[key];
  return variable(env, key) === undefined ? `${file?.path ?? ''}: ${key}` : ENVIRONMENT[key];
};

/** A relative path in a file is meant from there: who wrote it does not know the folder a service is started in. */
const fromFile = ({ path, content }: ConfigFile, key: Key): unknown => {
  const value = content[key];
  return key === 'ca' && typeof value === 'string' && value !== '' ? resolve(dirname(path), value) : value;
};

const valueOf = ({ flags, env, file }: ConfigSources, key: Key): unknown =>
  flags[key] ?? variable(env, key) ?? (file === undefined ? undefined : fromFile(file, key));

/** Merges and validates. @throws UsageError naming the source, the key and the reason. */
export const resolveConfig = (sources: ConfigSources): Settings => {
  if (sources.file !== undefined) checkKeys(sources.file);
  const values = CONFIG_KEYS.map((key) => [key, valueOf(sources, key)] as const);
  const merged = Object.fromEntries(values.filter(([, value]) => value !== undefined));
  if (merged['relay'] === undefined) {
    throw new UsageError(`no relay is configured: give ${FLAGS.relay} or set ${ENVIRONMENT.relay}`);
  }
  const result = v.safeParse(ConfigSchema, merged);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = CONFIG_KEYS.find((known) => known === v.getDotPath(issue));
  throw new UsageError(key === undefined ? issue.message : `${originOf(sources, key)}: ${issue.message}`);
};

/** The relay's endpoint at `path`, over WebSocket or HTTP. */
export const relayEndpoint = (relay: string, path: string, scheme: 'ws' | 'http'): URL => {
  const url = new URL(relay);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  const secure = url.protocol === 'wss:';
  return new URL(url.href.replace(/^wss?:/, `${scheme}${secure ? 's' : ''}:`));
};
