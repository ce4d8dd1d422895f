/**
 * The store's contents on their way between the process that keeps them and the one that uses them. What goes out is what a
 * session and an enrolment need, and no fingerprint; what comes back is believed for what only the relay could have said. Pure.
 */
import { Credential, EnrollResponse } from '@guruconnect/shared/relay-protocol';
import * as v from 'valibot';
import type { Resolved } from './resolve-credential.ts';
import type { StoredCredential } from './stored-credential.ts';

const Relay = v.string();
const MachineId = v.pipe(v.string(), v.uuid());

const Held = v.strictObject({
  relay: Relay,
  machineId: MachineId,
  agentId: EnrollResponse.entries.agentId,
  credential: Credential,
  /** ISO 8601; far longer than any is none. */
  enrolledAt: v.pipe(v.string(), v.maxLength(40), v.isoTimestamp()),
});

/** A stored credential without its machine's fingerprint. */
export type HeldCredential = v.InferOutput<typeof Held>;

const Handed = v.object({
  /** The one that it was resolved for. */
  relay: Relay,
  stored: v.optional(Held),
  machineId: MachineId,
  formerMachineId: v.optional(MachineId),
  enrolReason: v.optional(v.picklist(['first', 'other-relay', 'damaged', 'cloned'])),
  clone: v.boolean(),
  fallback: v.optional(Held),
  product: v.object({ manufacturer: v.optional(v.string()), model: v.optional(v.string()) }),
});

/** What {@link Resolved} has found for a relay. */
export type HandedIdentity = v.InferOutput<typeof Handed>;

/** The longest as JSON, in bytes: it goes into one line of the pipe with other things. */
export const MOST_HANDED_BYTES = 8 * 1024;

const held = ({ fingerprint: _kept, ...rest }: StoredCredential): HeldCredential => rest;

/** @param relay that it was resolved for. */
export const handOver = (
  relay: string,
  resolved: Omit<Resolved, 'write' | 'credentialOf'>,
): HandedIdentity => {
  const { stored, machineId, formerMachineId, enrolReason, clone, fallback, product } = resolved;
  return {
    relay,
    machineId,
    clone,
    product,
    ...(stored !== undefined && { stored: held(stored) }),
    ...(formerMachineId !== undefined && { formerMachineId }),
    ...(enrolReason !== undefined && { enrolReason }),
    ...(fallback !== undefined && { fallback: held(fallback) }),
  };
};

const parse = <T extends v.GenericSchema>(schema: T, data: unknown): v.InferOutput<T> | undefined => {
  const result = v.safeParse(schema, data);
  return result.success ? result.output : undefined;
};

/** @returns `undefined` for anything else. */
export const parseHanded = (data: unknown): HandedIdentity | undefined => parse(Handed, data);

/** What a worker wants stored. @returns `undefined` for anything else, and for anything more. */
export const parseHeld = (data: unknown): HeldCredential | undefined => parse(Held, data);
