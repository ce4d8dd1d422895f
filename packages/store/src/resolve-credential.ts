/** A start's credential and identity: looks, decides by `resolve.ts`, says what it found, and makes an identity if need be. */
import type { Log } from '@guruconnect/shared/log';
import type { EnrollResponse } from '@guruconnect/shared/relay-protocol';
import { messageOf } from '@guruconnect/shared/usage-error';
import { type CredentialStore, type Found, createCredentialStore } from './credential-store.ts';
import {
  type Fingerprint,
  type Verdict,
  compareFingerprints,
  fingerprintOf,
  isSameFingerprint,
  mergeFingerprints,
} from './fingerprint.ts';
import { resolveMachineId } from './identity.ts';
import { type EnrolReason, type Plan, planCredential } from './resolve.ts';
import type { Product } from './smbios.ts';
import type { StoredCredential } from './stored-credential.ts';
import { type System, systemStore } from './system-store.ts';

export interface ResolvePorts {
  readonly config: { readonly relay: string; readonly enrollToken?: string | undefined };
  readonly dataDir: string;
  readonly log: Log;
  /** Left out: the one that this is. */
  readonly system?: System;
}

export interface Resolved {
  /** To be used; `undefined` where the machine has to enrol. */
  readonly stored: StoredCredential | undefined;
  readonly machineId: string;
  /** Of a clone that enrols: the machine that its disk was copied from. */
  readonly formerMachineId: string | undefined;
  /** Why it enrols; `undefined` where it does not. */
  readonly enrolReason: EnrolReason | undefined;
  /** `stored` was issued to another machine, and there is no token to get one of its own. */
  readonly clone: boolean;
  /**
   * Of a clone that enrols: the credential that it found, if it is of this relay. Should the relay refuse the token, this one
   * keeps the machine reachable (a new board in an old machine is a clone as well).
   */
  readonly fallback: StoredCredential | undefined;
  readonly product: Product;
  /** What the relay answered, as it is stored. @param enrolledAt ISO 8601. */
  readonly credentialOf: (answer: EnrollResponse, enrolledAt: string) => StoredCredential;
  /** @throws AgentFault `store-unwritable` */
  readonly write: (stored: StoredCredential) => Promise<void>;
}

interface Look {
  readonly found: Found;
  readonly verdict: Verdict;
  readonly fingerprint: Fingerprint;
}

/** One line. The relay's URL and identities are no secrets; the rest of the file is not shown. */
const tell = ({ log }: ResolvePorts, { path }: CredentialStore, look: Look, plan: Plan): void => {
  const { found, verdict, fingerprint } = look;
  const facts = {
    path,
    found: found.kind,
    machine: verdict.kind,
    ...(verdict.kind === 'cloned' && { changed: verdict.changed }),
    known: Object.keys(fingerprint),
    ...(found.kind === 'damaged' && { why: found.why }),
    ...(found.kind === 'stored' && { relay: found.stored.relay, machineId: found.stored.machineId }),
    plan: plan.kind === 'enrol' ? `enrol: ${plan.reason}` : plan.kind,
  };
  const isWell = plan.kind === 'enrol' ? plan.reason === 'first' : plan.kind === 'use' && !plan.clone;
  if (isWell) log.info(facts, 'the stored credential was looked for');
  else log.warn(facts, 'the stored credential was looked for');
};

/** A credential that is used is stored again where it can be kept better, or is known better. A store that is read-only may stay so. */
const refresh = async (
  ports: ResolvePorts,
  store: CredentialStore,
  look: Look,
): Promise<StoredCredential> => {
  if (look.found.kind !== 'stored') throw new Error('there is nothing to store again');
  const { stored, isOutdated } = look.found;
  const fingerprint = mergeFingerprints(stored.fingerprint, look.fingerprint);
  if (!isOutdated && isSameFingerprint(fingerprint, stored.fingerprint)) return stored;
  const better = { ...stored, fingerprint };
  try {
    await store.write(better);
  } catch (error) {
    ports.log.warn({ why: messageOf(error) }, 'the stored credential cannot be brought up to date');
  }
  return better;
};

const identify = (
  { dataDir }: ResolvePorts,
  { files, canonical }: System,
  fingerprint: Fingerprint,
  plan: Plan & { kind: 'enrol' },
) => {
  const { former, reason } = plan;
  // At another relay it is the same machine.
  if (former !== undefined && reason !== 'cloned')
    return Promise.resolve({ machineId: former.machineId, formerMachineId: undefined });
  return resolveMachineId({ files, dataDir, fingerprint, canonical }, former?.machineId);
};

const enrol = async (
  ports: ResolvePorts,
  system: System,
  fingerprint: Fingerprint,
  plan: Plan & { kind: 'enrol' },
) => {
  const { former } = plan;
  return {
    stored: undefined,
    ...(await identify(ports, system, fingerprint, plan)),
    enrolReason: plan.reason,
    clone: false,
    fallback: former?.relay === ports.config.relay ? former : undefined,
  };
};

/** @throws AgentFault `no-credential`, `credential-damaged`, `store-unreadable`, `store-unwritable` */
export const resolveCredential = async (ports: ResolvePorts): Promise<Resolved> => {
  const { config, dataDir, log, system = systemStore(dataDir) } = ports;
  if (system.warning !== undefined)
    log.warn({ why: system.warning }, 'secrets are kept less safely than they could be');
  const store = createCredentialStore({ ...system, dataDir });
  const [{ marks, product }, found] = await Promise.all([system.findMachine(), store.readStored()]);
  const fingerprint = fingerprintOf(marks);
  const verdict: Verdict =
    found.kind === 'stored'
      ? compareFingerprints(found.stored.fingerprint, fingerprint)
      : { kind: 'unknown' };
  const { relay, enrollToken } = config;
  const hasToken = enrollToken !== undefined;
  const plan = planCredential({ found, verdict: verdict.kind, relay, hasToken, path: store.path });
  const look = { found, verdict, fingerprint };
  tell(ports, store, look, plan);
  if (plan.kind === 'fault') throw plan.fault;
  const resolved =
    plan.kind === 'enrol'
      ? await enrol(ports, system, fingerprint, plan)
      : {
          stored: plan.clone ? plan.stored : await refresh(ports, store, look),
          machineId: plan.stored.machineId,
          formerMachineId: undefined,
          enrolReason: undefined,
          clone: plan.clone,
          fallback: undefined,
        };
  const { machineId } = resolved;
  return {
    ...resolved,
    product,
    credentialOf: ({ agentId, credential }, enrolledAt) => ({
      relay,
      machineId,
      agentId,
      credential,
      enrolledAt,
      fingerprint,
    }),
    write: store.write,
  };
};
