/** What went wrong on the way, in words for a person. */
import { type CertificateFault, certificateFault } from '@guruconnect/shared/certificate-fault';
import { printable } from '@guruconnect/shared/printable';
import { messageOf } from '@guruconnect/shared/usage-error';

/** The proxy is there and says no: another way is none of ours to take. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
}

const UNTRUSTED = ': the certificate is signed by nobody trusted here (--ca)';
const WRONG_TIME = ': is the clock of this machine right?';

/** Of a wrong name Node's own words say enough. */
const HINTS: Readonly<Record<CertificateFault, string>> = {
  untrusted: UNTRUSTED,
  'not-yet-valid': WRONG_TIME,
  expired: WRONG_TIME,
  'wrong-name': '',
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** OpenSSL's message is the place in its source with an address; what happened is in `reason`, e.g. 'wrong version number'. */
const wordsOf = (error: unknown): string => {
  const { reason, library } = error as { readonly reason?: unknown; readonly library?: unknown };
  const isOpenSsl = typeof reason === 'string' && typeof library === 'string';
  // Node 24 advises an option of its own.
  return isOpenSsl ? `TLS failed: ${reason}` : messageOf(error).replace(/; if the root CA .*/, '');
};

/** One line. Certificates and their names are the peer's: nothing of them is printed raw. */
export const troubleOf = (error: unknown): string => {
  const code = codeOf(error);
  // A host with several addresses that all refuse is an error without a message.
  const why = printable(wordsOf(error) || (code ?? 'no reason given'));
  const fault = certificateFault(code);
  return fault === undefined ? why : `${why}${HINTS[fault]}`;
};

/** The proxy could not be spoken to at all. */
export const proxyUnusable = (error: unknown): Error =>
  new Error(`the proxy cannot be used: ${troubleOf(error)}`);

const NO_ANSWER = 'the proxy gave no valid answer';
const isOfTheSystem = (error: unknown): boolean => (error as NodeJS.ErrnoException).syscall !== undefined;

/** It took our words and gave none, or none that make sense: a parser's message may quote them, and they may be anything. */
export const proxyAnswerless = (error?: unknown): Error =>
  isOfTheSystem(error ?? {}) ? proxyUnusable(error) : new Error(NO_ANSWER);

const UNAUTHENTICATED = 407;
const HINT = ': are its user and password right?';

export const proxyRefusal = (status: number): ProxyRefusal =>
  new ProxyRefusal(
    `the proxy refused the connection with status ${status}${status === UNAUTHENTICATED ? HINT : ''}`,
  );
