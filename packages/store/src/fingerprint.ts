/**
 * What tells this machine from a clone of its disk. Of each mark only an HMAC is kept and sent, as machine-id(5) asks: it
 * says whether two are the same, and nothing else. Pure.
 */
import { createHmac } from 'node:crypto';
import * as v from 'valibot';

/** A mark of the machine as it is found, in one spelling for all platforms; never stored, sent or logged. */
export interface Marks {
  /** SMBIOS system UUID: of the board, or of the virtual machine. A copy of the disk does not have it. */
  readonly hardware?: string | undefined;
  /** MachineGuid, machine-id: of the installed system. A copy of the disk has it until the system is generalised. */
  readonly system?: string | undefined;
}

const Mark = v.pipe(v.string(), v.regex(/^[0-9a-f]{64}$/));

/** HMAC-SHA256 of each mark in hexadecimal; one that is not known is left out. */
export const Fingerprint = v.object({ hardware: v.optional(Mark), system: v.optional(Mark) });
export type Fingerprint = v.InferOutput<typeof Fingerprint>;
export type Component = keyof Fingerprint;

/** Changing it makes a clone of every machine. */
const APPLICATION = 'guruconnect.agent.fingerprint.1';

const COMPONENTS = ['hardware', 'system'] as const satisfies readonly Component[];

/** The mark is the key, as in sd_id128_get_machine_app_specific(3). */
const hide = (component: Component, mark: string): string =>
  createHmac('sha256', mark).update(`${APPLICATION}:${component}`).digest('hex');

export const fingerprintOf = (marks: Marks): Fingerprint => {
  const { hardware, system } = marks;
  return {
    ...(hardware !== undefined && { hardware: hide('hardware', hardware) }),
    ...(system !== undefined && { system: hide('system', system) }),
  };
};

export type Verdict =
  | { readonly kind: 'same' }
  /** `changed`: hardware alone is a copied disk or a new board; system alone a new system; never empty. */
  | { readonly kind: 'cloned'; readonly changed: readonly Component[] }
  /** Nothing is known on both sides. */
  | { readonly kind: 'unknown' };

/**
 * | | system the same | system differs | system not known on both sides |
 * | --- | --- | --- | --- |
 * | hardware the same | same | cloned (system) | same |
 * | hardware differs | cloned (hardware) | cloned (both) | cloned (hardware) |
 * | hardware not known on both sides | same | cloned (system) | unknown |
 */
export const compareFingerprints = (stored: Fingerprint, now: Fingerprint): Verdict => {
  const known = COMPONENTS.filter((name) => stored[name] !== undefined && now[name] !== undefined);
  const changed = known.filter((name) => stored[name] !== now[name]);
  if (changed.length > 0) return { kind: 'cloned', changed };
  return { kind: known.length > 0 ? 'same' : 'unknown' };
};

/** Both together: what is known now, and what was known once. */
export const mergeFingerprints = (stored: Fingerprint, now: Fingerprint): Fingerprint => ({
  ...stored,
  ...now,
});

export const isSameFingerprint = (one: Fingerprint, other: Fingerprint): boolean =>
  COMPONENTS.every((name) => one[name] === other[name]);
