/**
 * The agent's configuration: file, environment and flags, in rising order. One schema for all three; every complaint
 * names where the value came from, the key and the reason, and never the value of a secret.
 */
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

const ConfigSchema = v.strictObject({
  /** URL of the relay. */
  relay: RelayUrl,
  /** Token that enrols this machine once; not needed where a credential is stored. */
  enrollToken: v.optional(
    v.pipe(v.string('not a text'), v.regex(/^[\x21-\x7e]{1,512}$/, 'not 1 to 512 printable characters')),
  ),
  logLevel: v.optional(v.picklist(LOG_LEVELS, `not one of ${LOG_LEVELS.join(', ')}`), 'info'),
});
export type Config = v.InferOutput<typeof ConfigSchema>;
type Key = keyof Config;

const KEYS = ['relay', 'enrollToken', 'logLevel'] as const satisfies readonly Key[];
const FLAGS: Record<Key, string> = {
  relay: '--relay',
  enrollToken: '--enroll-token',
  logLevel: '--log-level',
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
  const stranger = Object.keys(file.content).find((key) => !KEYS.some((known) => known === key));
  if (stranger !== undefined) throw new UsageError(`${file.path}: ${stranger}: unknown key`);
};

/** Merges and validates. @throws UsageError naming the source, the key and the reason. */
export const resolveConfig = ({ flags, env, file }: ConfigSources): Config => {
  if (file !== undefined) checkKeys(file);
  const merged: Record<string, unknown> = {};
  const origin: Partial<Record<string, string>> = {};
  const put = (key: Key, value: unknown, from: string): void => {
    if (value === undefined) return;
    merged[key] = value;
    origin[key] = from;
  };
  for (const key of KEYS) {
    put(key, file?.content[key], `${file?.path ?? ''}: ${key}`);
    put(key, variable(env, key), ENVIRONMENT[key]);
    put(key, flags[key], FLAGS[key]);
  }
  if (merged['relay'] === undefined) {
    throw new UsageError(`no relay is configured: give ${FLAGS.relay} or set ${ENVIRONMENT.relay}`);
  }
  const result = v.safeParse(ConfigSchema, merged);
  if (result.success) return result.output;
  const issue = result.issues[0];
  const key = v.getDotPath(issue) ?? '';
  throw new UsageError(`${origin[key] ?? key}: ${issue.message}`);
};

/** The relay's endpoint at `path`, over WebSocket or HTTP. */
export const relayEndpoint = (relay: string, path: string, scheme: 'ws' | 'http'): URL => {
  const url = new URL(relay);
  url.pathname = `${url.pathname.replace(/\/$/, '')}${path}`;
  const secure = url.protocol === 'wss:';
  return new URL(url.href.replace(/^wss?:/, `${scheme}${secure ? 's' : ''}:`));
};
