/** DPAPI as a machine has it: what it sealed is opened by it alone, with the same entropy, and unchanged. */
import { createCipheriv, createDecipheriv, createHash, randomBytes } from 'node:crypto';
import type { Secrets } from '@guruconnect/store/windows-secrets';

const INVALID_DATA = 13;

/** @param machine whose key it is; a copied disk takes the key along. */
export const fakeDpapi = (machine: string): Pick<Secrets, 'protectData' | 'unprotectData'> => {
  const keyOf = (entropy: Uint8Array) => createHash('sha256').update(machine).update(entropy).digest();
  return {
    protectData: (plain, entropy) => {
      const iv = randomBytes(12);
      const cipher = createCipheriv('aes-256-gcm', keyOf(entropy), iv);
      const sealed = Buffer.concat([cipher.update(plain), cipher.final()]);
      return Promise.resolve({ error: 0, data: Buffer.concat([iv, cipher.getAuthTag(), sealed]) });
    },
    unprotectData: (sealed, entropy) => {
      try {
        const decipher = createDecipheriv('aes-256-gcm', keyOf(entropy), sealed.subarray(0, 12));
        decipher.setAuthTag(sealed.subarray(12, 28));
        return Promise.resolve({
          error: 0,
          data: Buffer.concat([decipher.update(sealed.subarray(28)), decipher.final()]),
        });
      } catch {
        return Promise.resolve({ error: INVALID_DATA, data: new Uint8Array() });
      }
    },
  };
};
