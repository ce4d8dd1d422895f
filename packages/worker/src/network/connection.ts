/** One connection to the relay, from the name to TLS that has been looked at, through a proxy where there is one. */
import type { Socket } from 'node:net';
import type { SecureContext } from 'node:tls';
import type { Attempt } from './attempt.ts';
import { type Lookup, dial } from './dial.ts';
import type { FindProxy } from './system-proxy.ts';
import { proxyUnusable } from './trouble.ts';
import { requirePinned, secure } from './trust.ts';
import { openTunnel } from './tunnel.ts';

/** What all connections of one agent have in common. */
export interface Means {
  readonly relay: URL;
  readonly pins: readonly string[] | undefined;
  readonly lookup: Lookup;
  readonly context: () => SecureContext;
}

const DEFAULT_PORTS: Readonly<Record<string, number>> = {
  'http:': 80,
  'ws:': 80,
  'https:': 443,
  'wss:': 443,
};
const isSecure = ({ protocol }: URL): boolean => protocol === 'https:' || protocol === 'wss:';
const hostOf = ({ hostname }: URL): string => hostname.replace(/^\[(.*)\]$/, '$1');
/** A URL has no port where it is the default of its protocol. */
const portOf = ({ port, protocol }: URL): number => Number(port) || (DEFAULT_PORTS[protocol] ?? 0);

const reach = (url: URL, { lookup }: Means, attempt: Attempt): Promise<Socket> =>
  dial({ host: hostOf(url), port: portOf(url) }, lookup, attempt);

const reachProxy = async (proxy: URL, means: Means, attempt: Attempt): Promise<Socket> => {
  try {
    const socket = await reach(proxy, means, attempt);
    return isSecure(proxy) ? await secure(socket, hostOf(proxy), means.context(), attempt) : socket;
  } catch (error) {
    throw proxyUnusable(error);
  }
};

const reachThrough = async (proxy: URL, means: Means, attempt: Attempt): Promise<Socket> => {
  const { relay } = means;
  const socket = await reachProxy(proxy, means, attempt);
  const authority = `${relay.hostname}:${portOf(relay)}`;
  return openTunnel(socket, { proxy, authority, peerMaySpeak: !isSecure(relay), signal: attempt.signal });
};

const meet = async (socket: Socket, { relay, pins, context }: Means, attempt: Attempt): Promise<Socket> => {
  if (!isSecure(relay)) return socket;
  const secured = await secure(socket, hostOf(relay), context(), attempt);
  requirePinned(secured, pins);
  return secured;
};

/**
 * A connection that is ready for the first byte of HTTP: until it is there, nothing that is ours has been sent to the relay.
 * The attempt is told of each layer, and all that it makes ends with the attempt.
 *
 * @throws Error in words for a person, see `trouble.ts`
 */
export const establish = async (
  means: Means,
  findProxy: FindProxy | undefined,
  attempt: Attempt,
): Promise<Socket> => {
  const proxy = await findProxy?.(attempt.signal);
  // It may have been given up since the answer came, and then nobody would end what is made now.
  attempt.signal.throwIfAborted();
  attempt.tell({ kind: 'way', proxy });
  if (proxy === undefined) attempt.tell({ kind: 'reached' });
  const socket = await (proxy === undefined
    ? reach(means.relay, means, attempt)
    : reachThrough(proxy, means, attempt));
  attempt.tell({ kind: 'reached' });
  return meet(socket, means, attempt);
};
