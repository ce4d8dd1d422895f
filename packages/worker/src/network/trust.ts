/** Whom TLS trusts: the system's authorities, the administrator's, and of their certificates only the pinned ones. */
import { X509Certificate, createHash } from 'node:crypto';
import { type Socket, isIP } from 'node:net';
import tls, { type PeerCertificate, type SecureContext, type TLSSocket } from 'node:tls';
import type { Attempt } from './attempt.ts';

/** The part of `node:tls` that knows certificates; `getCACertificates` is there from Node 22.15 on. */
export interface CertificateStore {
  readonly rootCertificates: readonly string[];
  readonly getCACertificates?: (type: 'default' | 'system') => readonly string[];
}

/** Those that Windows itself trusts: an enterprise's authorities are in its store, and nowhere else. */
const systemCertificates = (store: CertificateStore, platform: NodeJS.Platform): readonly string[] =>
  platform === 'win32' ? (store.getCACertificates?.('system') ?? []) : [];

/**
 * All that is trusted, each a PEM block, or `undefined` where it is just what Node trusts by itself. `extra` come on top. On
 * Node before 22.15 there is no way to read the store of Windows, and with `extra` what NODE_EXTRA_CA_CERTS names is lost.
 */
export const trustedCertificates = (
  extra: readonly string[] | undefined,
  store: CertificateStore = tls,
  platform = process.platform,
): string[] | undefined => {
  const system = systemCertificates(store, platform);
  if (extra === undefined && system.length === 0) return undefined;
  const own = store.getCACertificates?.('default') ?? store.rootCertificates;
  return [...new Set([...own, ...system, ...(extra ?? [])])];
};

/** Made at the first call, as it takes some ms, and kept: a new authority counts from the next start on. */
export const createTrust = (extra: readonly string[] | undefined): (() => SecureContext) => {
  let context: SecureContext | undefined;
  return () => {
    if (context !== undefined) return context;
    const ca = trustedCertificates(extra);
    context = tls.createSecureContext({ minVersion: 'TLSv1.2', ...(ca !== undefined && { ca }) });
    return context;
  };
};

/** Node 22.23 takes an IPv6 address for a name, and no certificate has that: of addresses OpenSSL is asked. */
const checkIdentity = (host: string, certificate: PeerCertificate): Error | undefined => {
  if (isIP(host) === 0) return tls.checkServerIdentity(host, certificate);
  if (new X509Certificate(certificate.raw).checkIP(host) !== undefined) return undefined;
  const list = certificate.subjectaltname ?? '';
  const why = `Hostname/IP does not match certificate's altnames: IP: ${host} is not in the cert's list: ${list}`;
  return Object.assign(new Error(why), { code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
};

/**
 * TLS over a connection to `host`, whose certificate has to be for that name or address. An address is no SNI (RFC 6066
 * section 3). The verification is asked for aloud, so that no variable of the environment switches it off.
 */
export const secure = async (
  socket: Socket,
  host: string,
  context: SecureContext,
  attempt: Attempt,
): Promise<TLSSocket> => {
  const name = host.replace(/\.$/, '');
  attempt.signal.throwIfAborted();
  const secured = tls.connect({
    socket,
    host: name,
    servername: isIP(name) === 0 ? name : '',
    secureContext: context,
    ALPNProtocols: ['http/1.1'],
    rejectUnauthorized: true,
    // Left to itself, Node might take the name from the socket, which is the proxy's.
    checkServerIdentity: (_name: string, certificate: PeerCertificate) => checkIdentity(name, certificate),
  });
  // In front of Node's own listener, which ends the connection where the certificate is not trusted, and takes it along.
  if (attempt.isWatched)
    secured.prependOnceListener('secure', () => {
      // Not getPeerX509Certificate: where that was called first, Node 20 finds no certificate when it verifies.
      const { raw } = secured.getPeerCertificate() as Partial<PeerCertificate>;
      if (raw !== undefined) attempt.tell({ kind: 'certificate', certificate: new X509Certificate(raw) });
    });
  await attempt.hold(secured, 'secureConnect');
  attempt.tell({ kind: 'secured', protocol: secured.getProtocol() ?? 'TLS' });
  return secured;
};

/** As in HPKP (RFC 7469 section 2.4): the SHA-256 of the SubjectPublicKeyInfo. A new certificate for the same key keeps it. */
export const pinOf = ({ publicKey }: X509Certificate): string => {
  const info = publicKey.export({ type: 'spki', format: 'der' });
  return `sha256/${createHash('sha256').update(info).digest('base64')}`;
};

/**
 * Of the relay's own certificate only: the others that a peer sends need not be in the chain that was verified, so that a pin
 * among them would prove nothing.
 *
 * @throws Error where there are pins, and none of them is the key's
 */
export const requirePinned = (secured: TLSSocket, pins: readonly string[] | undefined): void => {
  if (pins === undefined) return;
  const certificate = secured.getPeerX509Certificate();
  const pin = certificate === undefined ? 'that is none' : pinOf(certificate);
  if (!pins.includes(pin)) throw new Error(`the relay's key ${pin} is none of the pinned ones (--pins)`);
};
