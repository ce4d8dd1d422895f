/** The way to the relay: whom TLS trusts, and through which proxy. The only file that knows `https-proxy-agent`. */
import type { Agent } from 'node:http';
import tls from 'node:tls';
import type { Config } from '@guruconnect/shared/config';
import { printable } from '@guruconnect/shared/printable';
import { messageOf } from '@guruconnect/shared/usage-error';
import { HttpsProxyAgent } from 'https-proxy-agent';

/** Options of `http.request`, `https.request` and `WebSocket` alike. */
export interface RouteOptions {
  /** Absent where the way is direct. */
  readonly agent?: Agent;
  /** Absent where Node's own default will do. */
  readonly ca?: string[];
  /** Said aloud, so that no variable of the environment switches it off. */
  readonly rejectUnauthorized: true;
}

/** The way of one connection; not to be used for a second one. */
export interface Route {
  readonly options: RouteOptions;
  /** Whose answer is still to come. */
  readonly awaited: () => 'the proxy' | 'the relay';
  /** Lets go of the connection to the proxy: until that has answered, nobody else holds the socket. */
  readonly release: () => void;
}

/** `tls.getCACertificates` is there from Node 22.15 on. Before, what NODE_EXTRA_CA_CERTS names is not among them. */
const defaultCertificates = (): readonly string[] => {
  const { getCACertificates } = tls as { getCACertificates?: (type: 'default') => readonly string[] };
  return getCACertificates?.('default') ?? tls.rootCertificates;
};

/** OpenSSL's words for a chain that ends at nobody we trust. */
const UNTRUSTED: ReadonlySet<string | undefined> = new Set([
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_GET_ISSUER_CERT',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
]);

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** What went wrong on the way, in words. Certificates and their names are the peer's: nothing of them is printed raw. */
export const troubleOf = (error: unknown): string => {
  // A host with several addresses that all refuse is an error without a message.
  const why = printable(messageOf(error) || (codeOf(error) ?? 'no reason given'));
  return UNTRUSTED.has(codeOf(error))
    ? `${why}: the certificate is signed by nobody trusted here (--ca)`
    : why;
};

const NO_ANSWER = 'the proxy gave no valid answer';

/** Only an error with a code is the system's: the library's own quote what the proxy sent, and that may be anything. */
const whyNoTunnel = (error: unknown): string =>
  codeOf(error) === undefined ? NO_ANSWER : `the proxy cannot be used: ${troubleOf(error)}`;

const OPENED = 200;
const UNAUTHENTICATED = 407;
const HINT = ': are its user and password right?';

/** The library takes the second word of whatever it is told for the status. */
const refusal = (status = NaN): string =>
  Number.isInteger(status)
    ? `the proxy refused the connection with status ${status}${status === UNAUTHENTICATED ? HINT : ''}`
    : NO_ANSWER;

const authorization = ({ username, password }: URL): Readonly<Record<string, string>> => {
  if (username === '' && password === '') return {};
  const user = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  return { 'Proxy-Authorization': `Basic ${Buffer.from(user).toString('base64')}` };
};

const throughProxy = (relay: URL, proxy: URL, trust: Omit<RouteOptions, 'agent'>): Route => {
  const letGo = new AbortController();
  let status: number | undefined;
  // The library would log the URL that it is given where DEBUG is set: it gets it without the password.
  const agent = new HttpsProxyAgent(proxy.origin, {
    ...trust,
    headers: () => ({ ...authorization(proxy) }),
    signal: letGo.signal,
  });
  // The library guesses at TLS from the stack, which need not be there.
  const secureEndpoint = relay.protocol === 'wss:';
  agent.protocol = secureEndpoint ? 'https:' : 'http:';
  agent.on('proxyConnect', (answer: { readonly statusCode: number }) => {
    status = answer.statusCode;
  });
  const connect = agent.connect.bind(agent);
  agent.connect = async (request, { host = '', ...options }) => {
    const socket = await connect(request, {
      ...options,
      host,
      secureEndpoint,
      // Left to itself, the library has the certificate of a relay by address compared with the proxy's name.
      checkServerIdentity: (_name: string, certificate: tls.PeerCertificate) =>
        tls.checkServerIdentity(host, certificate),
    }).catch((error: unknown) => {
      throw new Error(whyNoTunnel(error));
    });
    if (status === OPENED) return socket;
    // Else the proxy's answer were taken for the relay's, and its 401 or 403 for the end of the credential.
    socket.destroy();
    throw new Error(refusal(status));
  };
  return {
    options: { ...trust, agent },
    awaited: () => (status === undefined ? 'the proxy' : 'the relay'),
    release: () => {
      letGo.abort();
    },
  };
};

/** A way for one connection to the relay. Where there is a proxy, nothing of it goes past that. */
export const openRoute = ({ relay, ca, proxy }: Pick<Config, 'relay' | 'ca' | 'proxy'>): Route => {
  const trust = {
    rejectUnauthorized: true,
    ...(ca !== undefined && { ca: [...defaultCertificates(), ...ca] }),
  } as const;
  if (proxy !== undefined) return throughProxy(new URL(relay), new URL(proxy), trust);
  return { options: trust, awaited: () => 'the relay', release: () => undefined };
};

/** The proxy as it may be told: without user and password. */
export const proxyName = (proxy: string | undefined): string | undefined =>
  proxy === undefined ? undefined : new URL(proxy).origin;
