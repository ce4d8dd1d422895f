/** The way to the relay, one try after the other: through the proxy, or past it where that is allowed and it is dead. */
import type { ClientRequestArgs } from 'node:http';
import type { Socket } from 'node:net';
import type { Config } from '@guruconnect/shared/config';
import { SYSTEM_PROXY } from '@guruconnect/shared/system-proxy';
import { createAttempt } from './attempt.ts';
import { type Means, establish } from './connection.ts';
import { type Lookup, shareLookups, systemLookup } from './dial.ts';
import type { Tell } from './step.ts';
import { type AskSystem, type FindProxy, createSystemProxy } from './system-proxy.ts';
import { ProxyRefusal } from './trouble.ts';
import { createTrust } from './trust.ts';

type CreateConnection = NonNullable<ClientRequestArgs['createConnection']>;

/** Options of `http.request`, `https.request` and `WebSocket` alike, without an agent: whom they reach is the route's to say. */
export interface RouteOptions {
  readonly createConnection: CreateConnection;
}

/** The way of one connection; not to be used for a second one. */
export interface Route {
  readonly options: RouteOptions;
  /** The proxy that it goes through, without user and password; `system` where it depends on the machine's settings. */
  readonly via: string | undefined;
  /** Whose answer is still to come. */
  readonly awaited: () => 'the proxy' | 'the relay';
  /** Lets go of a connection in the making; one that is made belongs to whoever asked for it. */
  readonly release: () => void;
}

export interface Routes {
  /** The way of the next try; the one before has failed or been released. */
  readonly open: () => Route;
}

export type RouteConfig = Pick<Config, 'relay' | 'ca' | 'proxy' | 'pins'> &
  Partial<Pick<Config, 'proxyFallback'>>;

/** The proxy as it may be told: without user and password; `system` stays what it is. */
export const proxyName = (proxy: string | undefined): string | undefined =>
  proxy === undefined || proxy === SYSTEM_PROXY ? proxy : new URL(proxy).origin;

/** What Node's callback takes; its declaration wants a socket even where there is none. */
type Done = (error: Error | null, socket?: Socket) => void;

/** The configured proxy, found out when it is needed. */
interface Through {
  readonly name: string;
  readonly find: FindProxy;
}

const openWay = (
  means: Means,
  through: Through | undefined,
  { proxyIsDead, tell }: { readonly proxyIsDead: () => void; readonly tell: Tell | undefined },
): Route => {
  const letGo = new AbortController();
  let awaited: 'the proxy' | 'the relay' = through === undefined ? 'the relay' : 'the proxy';
  let underWay = false;
  /** The proxy's fault, where it has not even refused: it is unreachable, silent, or no proxy. */
  const end = (error?: unknown): void => {
    if (!underWay) return;
    underWay = false;
    if (awaited === 'the proxy' && !(error instanceof ProxyRefusal)) proxyIsDead();
    letGo.abort();
  };
  const connect = async (done: Done): Promise<void> => {
    underWay = true;
    try {
      const attempt = createAttempt(
        letGo.signal,
        (step) => {
          if (step.kind === 'reached') awaited = 'the relay';
          tell?.(step);
        },
        tell !== undefined,
      );
      const socket = await establish(means, through?.find, attempt);
      underWay = false;
      done(null, socket);
    } catch (error) {
      end(error);
      done(error as Error);
    }
  };
  return {
    options: { createConnection: (_options, done) => void connect(done as Done) },
    via: through?.name,
    awaited: () => awaited,
    release: () => {
      end();
    },
  };
};

const throughOf = (proxy: string, relay: URL, askSystem: AskSystem | undefined): Through => {
  if (proxy === SYSTEM_PROXY) return { name: proxy, find: createSystemProxy(relay, askSystem) };
  const url = new URL(proxy);
  return { name: url.origin, find: () => Promise.resolve(url) };
};

/** The machine's own answers, where a test has none for it, and who watches. */
export interface Resolvers {
  /** Of names; default: the system's. */
  readonly lookup?: Lookup | undefined;
  /** Of `proxy: "system"`; default: Windows'. */
  readonly askSystem?: AskSystem | undefined;
  /** Called with every layer of every connection; default: nobody is told. */
  readonly tell?: Tell | undefined;
}

/**
 * The ways of one agent. With a proxy every try goes through it. Only with `proxyFallback: 'direct'`, and only when the last
 * try found the proxy itself dead, or the system's settings without an answer, the next one goes past it; the one after that is the
 * proxy's again. A proxy that refuses has been heard, and a relay that fails behind it is no fault of the proxy's: neither is gone past.
 */
export const createRoutes = (
  { relay, ca, pins, proxy, proxyFallback = 'none' }: RouteConfig,
  { lookup = systemLookup, askSystem, tell }: Resolvers = {},
): Routes => {
  const means = { relay: new URL(relay), pins, lookup: shareLookups(lookup), context: createTrust(ca) };
  const given = proxy === undefined ? undefined : throughOf(proxy, means.relay, askSystem);
  let goPast = false;
  return {
    open: () => {
      const through = goPast ? undefined : given;
      goPast = false;
      return openWay(means, through, {
        tell,
        proxyIsDead: () => {
          goPast = proxyFallback === 'direct';
        },
      });
    },
  };
};

/** A single way, for who needs no second one. */
export const openRoute = (config: RouteConfig): Route => createRoutes(config).open();
