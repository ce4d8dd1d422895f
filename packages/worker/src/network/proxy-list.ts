/**
 * WinHTTP's two texts, of proxies and of whom they are not for, read for one relay. Pure.
 * https://learn.microsoft.com/windows/win32/api/winhttp/ns-winhttp-winhttp_proxy_info
 */

export interface ProxyTexts {
  /** Items `[scheme=][scheme://]host[:port]`, separated by semicolons or blanks. Empty: there is none. */
  readonly proxy: string;
  /** Items `[scheme://]host[:port]`, with `*` for anything, and `<local>`; separated in the same way. */
  readonly bypass: string;
}

export type ProxyChoice =
  | { readonly kind: 'direct' }
  | { readonly kind: 'proxy'; readonly url: URL }
  /** The item that counts is no `host[:port]` of an HTTP proxy: nobody said that the way is direct. */
  | { readonly kind: 'unusable' };

const itemsIn = (text: string): readonly string[] => text.split(/[\s;]+/).filter((item) => item !== '');

/** `for=`, `by://` and the rest; never fails. */
const ITEM = /^(?:([a-z][a-z0-9+.-]*)=)?(?:([a-z][a-z0-9+.-]*):\/\/)?(.*)$/is;
const PLACE = /^[^@/?#\\]+\/?$/;

const parseItem = (item: string) => {
  const [, whatFor, by, place = ''] = ITEM.exec(item) ?? [];
  return { whatFor: whatFor?.toLowerCase(), by: by?.toLowerCase(), place };
};
type Item = ReturnType<typeof parseItem>;

/** Windows speaks to every proxy in the clear, also to one that is written with `https://`. Without a port it is 80. */
const choiceOf = ({ by, place }: Item): ProxyChoice => {
  const text = `http://${place}`;
  const isHttp = by === undefined || by === 'http' || by === 'https';
  return isHttp && PLACE.test(place) && URL.canParse(text)
    ? { kind: 'proxy', url: new URL(text) }
    : { kind: 'unusable' };
};

/** In linear time; `*` stands for any characters, dots included. */
const matches = (pattern: string, text: string): boolean => {
  const parts = pattern.split('*');
  const last = parts.pop() ?? '';
  if (parts.length === 0) return text === last;
  let at = 0;
  for (const [index, part] of parts.entries()) {
    const found = text.indexOf(part, at);
    if (found === -1 || (index === 0 && found !== 0)) return false;
    at = found + part.length;
  }
  return text.length - last.length >= at && text.endsWith(last);
};

/** As `URL.hostname` has it: that is what it is compared with. */
const spell = (host: string): string =>
  !host.includes('*') && URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : host;

const SERVER = /^(\[[^\]]*\]|[^:@/?#\\]*)(?::(\d+))?$/;

const isFor = (item: string, relay: URL): boolean => {
  const [, , by, place = ''] = ITEM.exec(item) ?? [];
  if (by !== undefined && by !== 'https') return false;
  const isBareIPv6 = /^[^[]*:[^[]*:/.test(place);
  const [, host = '', port] = SERVER.exec(isBareIPv6 ? `[${place}]` : place) ?? [];
  return matches(spell(host), relay.hostname) && (port === undefined || port === (relay.port || '443'));
};

/** Servers without a dot in their names; an IPv6 address is no name. */
const isLocal = ({ hostname }: URL): boolean => !/^\[|\./.test(hostname);

const isBypassed = (bypass: string, relay: URL): boolean =>
  itemsIn(bypass.toLowerCase()).some((item) => (item === '<local>' ? isLocal(relay) : isFor(item, relay)));

/**
 * The proxy for a `wss://` relay: the first one for `https=`, else the first one for everything; the others of a list are not
 * tried. A list that has neither leaves HTTPS to go directly, as WinHTTP's own callers do. Never throws.
 */
export const chooseProxy = ({ proxy, bypass }: ProxyTexts, relay: URL): ProxyChoice => {
  const items = itemsIn(proxy).map(parseItem);
  const item =
    items.find(({ whatFor }) => whatFor === 'https') ?? items.find(({ whatFor }) => whatFor === undefined);
  return item === undefined || isBypassed(bypass, relay) ? { kind: 'direct' } : choiceOf(item);
};
