/** What the codes of Node and OpenSSL say is wrong with a certificate. Pure. @see https://nodejs.org/docs/latest-v22.x/api/tls.html#x509-certificate-error-codes */
export type CertificateFault = 'untrusted' | 'not-yet-valid' | 'expired' | 'wrong-name';

const FAULTS: Readonly<Record<string, CertificateFault>> = {
  DEPTH_ZERO_SELF_SIGNED_CERT: 'untrusted',
  SELF_SIGNED_CERT_IN_CHAIN: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT: 'untrusted',
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: 'untrusted',
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: 'untrusted',
  CERT_NOT_YET_VALID: 'not-yet-valid',
  CERT_HAS_EXPIRED: 'expired',
  ERR_TLS_CERT_ALTNAME_INVALID: 'wrong-name',
};

/** `undefined` where it is something else, or nothing. */
export const certificateFault = (code: string | undefined): CertificateFault | undefined =>
  code !== undefined && Object.hasOwn(FAULTS, code) ? FAULTS[code] : undefined;
