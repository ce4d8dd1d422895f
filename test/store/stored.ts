/** The credential of a data folder, written and read as the agent of this system does. */
import { type Found, createCredentialStore } from '@guruconnect/store/credential-store';
import { fingerprintOf } from '@guruconnect/store/fingerprint';
import type { StoredCredential } from '@guruconnect/store/stored-credential';
import { systemStore } from '@guruconnect/store/system-store';

export const STORED: StoredCredential = {
  relay: 'wss://relay.example',
  machineId: '1f0c7a52-3c1d-4e0b-9a57-6f1f3a1f7f10',
  agentId: 'front-desk',
  credential: `cak_${'S3cr3t'.repeat(7)}`,
  enrolledAt: '2026-01-02T03:04:05.678Z',
  fingerprint: {},
};

const storeOf = (dataDir: string) => createCredentialStore({ ...systemStore(dataDir), dataDir });

export const find = (dataDir: string): Promise<Found> => storeOf(dataDir).readStored();

/** `undefined` where there is none, or a damaged one. */
export const readCredential = async (dataDir: string): Promise<StoredCredential | undefined> => {
  const found = await find(dataDir);
  return found.kind === 'stored' ? found.stored : undefined;
};

export const writeCredential = (dataDir: string, stored: StoredCredential): Promise<void> =>
  storeOf(dataDir).write(stored);

/** As this machine would store it, unless it says whose it is. */
export const storeCredential = async (
  dataDir: string,
  stored: Omit<StoredCredential, 'fingerprint'>,
): Promise<StoredCredential> => {
  const { marks } = await systemStore(dataDir).findMachine();
  const whole = { ...stored, fingerprint: fingerprintOf(marks) };
  await writeCredential(dataDir, whole);
  return whole;
};
