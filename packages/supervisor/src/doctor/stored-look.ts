/** What a start of the agent would do with what is stored, found out the way that the agent finds it out; nothing is changed. */
import type { Inspection } from '@guruconnect/shared/config-file';
import { createCredentialStore } from '@guruconnect/store/credential-store';
import { compareFingerprints, fingerprintOf } from '@guruconnect/store/fingerprint';
import { planCredential } from '@guruconnect/store/resolve';
import { systemStore } from '@guruconnect/store/system-store';
import type { StoredFact } from './facts.ts';
import { NotHere } from './gather.ts';

/** @throws AgentFault `store-unreadable`; NotHere without a valid configuration */
export const storedFact = async (dataDir: string, { config }: Inspection): Promise<StoredFact> => {
  if (config === undefined) throw new NotHere('the configuration is not known, to compare it with');
  const system = systemStore(dataDir);
  const store = createCredentialStore({ ...system, dataDir });
  const [{ marks }, found] = await Promise.all([system.findMachine(), store.readStored()]);
  const verdict =
    found.kind === 'stored'
      ? compareFingerprints(found.stored.fingerprint, fingerprintOf(marks)).kind
      : 'unknown';
  const plan = planCredential({
    found,
    verdict,
    relay: config.relay,
    hasToken: config.enrollToken !== undefined,
    path: store.path,
  });
  switch (plan.kind) {
    case 'use':
      return { kind: 'use', enrolledAt: plan.stored.enrolledAt, clone: plan.clone };
    case 'enrol':
      return { kind: 'enrol', reason: plan.reason };
    case 'fault':
      return { kind: 'fault', why: plan.fault.message };
  }
};
