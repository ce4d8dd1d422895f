import { hash, randomBytes, timingSafeEqual } from 'node:crypto';

/** SHA-256 of a secret: what is kept and compared in its place. */
export const digest = (secret: string): Buffer => hash('sha256', secret, 'buffer');

/** A machine's credential: `cak_` and 32 random bytes in base64url (43 characters). */
export const newCredential = (): string => `cak_${randomBytes(32).toString('base64url')}`;

/** The token of an `Authorization: Bearer` header (RFC 6750 section 2.1), or undefined if it is anything else. */
export const bearerOf = (header: string | undefined): string | undefined =>
  /^bearer +([A-Za-z0-9._~+/-]+=*) *$/i.exec(header ?? '')?.[1];

/**
 * A matcher that takes the same time for every token: digests have one length, and each known one is compared, so that
 * neither the length, nor a common prefix, nor the position in the list shows.
 */
export const tokenMatcher = (tokens: readonly string[]): ((token: string) => boolean) => {
  const known = tokens.map(digest);
  return (token) => {
    const offered = digest(token);
    return known.reduce((found, each) => timingSafeEqual(each, offered) || found, false);
  };
};
