/** What went wrong on the way, in words for a person. */
import { printable } from '@guruconnect/shared/printable';
import { messageOf } from '@guruconnect/shared/usage-error';

/** The proxy is there and says no: another way is none of ours to take. */
export class ProxyRefusal extends Error {
  override readonly name = 'ProxyRefusal';
}

const UNTRUSTED = ': the certificate is signed by nobody trusted here (--ca)';
const WRONG_TIME = ': is the clock of this machine right?';

/** What OpenSSL's words for a certificate leave to say. */
const HINTS: Readonly<Record<string, string>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: UNTRUSTED,
  SELF_SIGNED_CERT_IN_CHAIN: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT: UNTRUSTED,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: UNTRUSTED,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: UNTRUSTED,
  CERT_NOT_YET_VALID: WRONG_TIME,
  CERT_HAS_EXPIRED: WRONG_TIME,
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
  return `${why}${HINTS[code ?? ''] ?? ''}`;
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
