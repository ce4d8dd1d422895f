/** The text of `credential.json`: version 2, and version 1 as it was before machines had fingerprints. Pure. */
import { Credential } from '@guruconnect/shared/relay-protocol';
import * as v from 'valibot';
import { Fingerprint } from './fingerprint.ts';
import type { Kept } from './vault.ts';

const COMMON = {
  /** URL of the relay that issued it; it is shown to no other. */
  relay: v.string(),
  machineId: v.pipe(v.string(), v.uuid()),
  agentId: v.string(),
  enrolledAt: v.pipe(v.string(), v.isoTimestamp()),
} as const;

const Version1 = v.object({ version: v.literal(1), ...COMMON, credential: Credential });
const Version2 = v.object({
  version: v.literal(2),
  ...COMMON,
  fingerprint: Fingerprint,
  credential: v.optional(Credential),
  sealed: v.optional(v.pipe(v.string(), v.nonEmpty(), v.base64())),
});
const Stored = v.variant('version', [Version1, Version2]);

export interface CredentialFacts {
  readonly relay: string;
  readonly machineId: string;
  readonly agentId: string;
  /** ISO 8601. */
  readonly enrolledAt: string;
  /** Of the machine that it was issued to; empty where that is not known. */
  readonly fingerprint: Fingerprint;
}

export interface StoredCredential extends CredentialFacts {
  /** `cak_…` */
  readonly credential: string;
}

export type ParsedCredential =
  | { readonly kind: 'parsed'; readonly version: 1 | 2; readonly facts: CredentialFacts; readonly kept: Kept }
  | { readonly kind: 'damaged'; readonly why: string };

/** Far more than any credential needs. */
const MOST_BYTES = 64 * 1024;

const damaged = (why: string): ParsedCredential => ({ kind: 'damaged', why });

const keptIn = (stored: v.InferOutput<typeof Stored>): Kept | undefined => {
  const sealed = stored.version === 2 ? stored.sealed : undefined;
  if (sealed === undefined)
    return stored.credential === undefined ? undefined : { credential: stored.credential };
  return stored.credential === undefined ? { sealed } : undefined;
};

/** Never throws; the reason never quotes the text. */
export const parseStored = (bytes: Uint8Array): ParsedCredential => {
  if (bytes.length > MOST_BYTES) return damaged(`longer than ${MOST_BYTES} bytes`);
  let data: unknown;
  try {
    data = JSON.parse(Buffer.from(bytes).toString('utf8'));
  } catch {
    return damaged('not valid JSON (half written?)');
  }
  const result = v.safeParse(Stored, data);
  if (!result.success)
    return damaged(`${v.getDotPath(result.issues[0]) ?? 'content'}: not what it should be`);
  const { version, relay, machineId, agentId, enrolledAt } = result.output;
  const kept = keptIn(result.output);
  if (kept === undefined) return damaged('credential: not what it should be');
  const fingerprint = result.output.version === 2 ? result.output.fingerprint : {};
  return {
    kind: 'parsed',
    version,
    facts: { relay, machineId, agentId, enrolledAt, fingerprint },
    kept,
  };
};

/** Version 2. */
export const formatStored = (facts: CredentialFacts, kept: Kept): Uint8Array => {
  const { relay, machineId, agentId, enrolledAt, fingerprint } = facts;
  const stored = { version: 2, relay, machineId, agentId, enrolledAt, fingerprint, ...kept };
  return Buffer.from(`${JSON.stringify(stored, undefined, 2)}\n`, 'utf8');
};

export const isCredential = (text: string): boolean => v.is(Credential, text);
