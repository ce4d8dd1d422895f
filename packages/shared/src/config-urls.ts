/** The relay and the proxy of the configuration: what they may be, and the one spelling that is kept of each. Pure. */
import * as v from 'valibot';
import { SYSTEM_PROXY } from './system-proxy.ts';

/** Whether a host, as `URL.hostname` has it, is this machine. */
export const isLoopback = (hostname: string): boolean =>
  hostname === 'localhost' || hostname === '[::1]' || /^127(\.\d{1,3}){3}$/.test(hostname);

const parseUrl = (text: string): URL | undefined => (URL.canParse(text) ? new URL(text) : undefined);
const urlCheck = (holds: (url: URL) => boolean, why: string) =>
  v.check((text: string) => {
    const url = parseUrl(text);
    return url === undefined || holds(url);
  }, why);

// A URL parser forgives slashes, blanks and an empty query; the JSON Schema, which has these patterns, cannot.
const RELAY_SHAPE = /^[Ww][Ss]{1,2}:\/\/[^\u0000-\u0020/?#@\\]+(\/[^\u0000-\u0020?#\\]*)?$/;
const PROXY_SHAPE = /^(?:system|[Hh][Tt]{2}[Pp][Ss]?:\/\/[^\u0000-\u0020/?#\\]+\/?)$/;

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
  v.regex(RELAY_SHAPE, 'not written as wss://host[:port][/prefix]'),
  v.metadata({
    description:
      'The relay: wss://host[:port][/prefix]. ws:// is for this machine only. Every agent needs one, from here, the environment or a flag.',
    examples: ['wss://relay.example'],
  }),
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

/** `http://[user:password@]host[:port]`, or https, which may hold a password: never to be quoted. Or {@link SYSTEM_PROXY}. */
export const Proxy = v.pipe(
  v.string('not a text'),
  v.check((text) => text === SYSTEM_PROXY || parseUrl(text) !== undefined, 'not a URL'),
  urlCheck((url) => url.protocol === 'http:' || url.protocol === 'https:', 'not an http:// or https:// URL'),
  urlCheck(
    (url) => `${url.pathname}${url.search}${url.hash}` === '/',
    'has more in it than a host and a port',
  ),
  urlCheck(
    ({ username, password }) => isEncoded(username) && isEncoded(password),
    'has a user or a password that is not percent-encoded',
  ),
  v.regex(PROXY_SHAPE, 'not written as http://[user:password@]host[:port]'),
  v.metadata({
    description:
      'The proxy that every connection to the relay goes through, by CONNECT: http://[user:password@]host[:port], or https. ' +
      'User and password are percent-encoded. system: the one that Windows has for its services (netsh winhttp set proxy, else ' +
      'what the network names), asked for at every connection; on Windows only. Absent: the way is direct.',
    examples: ['http://proxy.example:3128', SYSTEM_PROXY],
  }),
  v.transform((text) => (text === SYSTEM_PROXY ? text : new URL(text).href)),
);
