/**
 * Seals and opens the credential's text. On Windows by DPAPI for the machine, with entropy of the installation's own: every
 * account could undo it that can read both files, and the ACL of the folder says who that is. The entropy is a file of its own
 * beside, so that `credential.json` alone (in a backup, in a mail to support) is worth nothing even on this machine.
 */
import { randomBytes } from 'node:crypto';
import { entropyPath } from '@guruconnect/shared/data-folder';
import { type Files, replaceFile } from './replace-file.ts';
import type { Secrets } from './windows-secrets.ts';

/** What is in the stored file. `sealed` is base64. */
export type Kept = { readonly credential: string } | { readonly sealed: string };

export type Opened =
  { readonly kind: 'opened'; readonly text: string } | { readonly kind: 'unopened'; readonly why: string };

/** Rejects only for faults of the system; neither the reason nor an error ever quotes what was sealed. */
export interface Vault {
  /** `dpapi` where what it makes is unreadable without this machine. */
  readonly kind: 'plain' | 'dpapi';
  seal(text: string): Promise<Kept>;
  open(kept: Kept): Promise<Opened>;
}

export const plainVault: Vault = {
  kind: 'plain',
  seal: (text) => Promise.resolve({ credential: text }),
  open: (kept) =>
    Promise.resolve(
      'credential' in kept
        ? { kind: 'opened', text: kept.credential }
        : { kind: 'unopened', why: 'sealed by Windows, and there is nothing here that could open it' },
    ),
};

export const ENTROPY_BYTES = 32;

/**
 * Says nothing about what was sealed: ERROR_NOT_ENOUGH_MEMORY, ERROR_OUTOFMEMORY, RPC_S_SERVER_UNAVAILABLE (LSA is not there
 * yet), RPC_S_SERVER_TOO_BUSY, RPC_S_CALL_FAILED.
 */
const PASSING: ReadonlySet<number> = new Set([8, 14, 1722, 1723, 1726]);

const storedEntropy = async (files: Files, path: string): Promise<Uint8Array | undefined> => {
  const entropy = await files.read(path);
  return entropy?.length === ENTROPY_BYTES ? entropy : undefined;
};

/** It is on the disk before anything is sealed with it; one that is damaged cannot open anything, and is replaced. */
const ensureEntropy = async (files: Files, path: string): Promise<Uint8Array> => {
  const known = await storedEntropy(files, path);
  if (known !== undefined) return known;
  const entropy = randomBytes(ENTROPY_BYTES);
  await replaceFile(files, path, entropy);
  return entropy;
};

export const dpapiVault = (
  secrets: Pick<Secrets, 'protectData' | 'unprotectData'>,
  files: Files,
  dataDir: string,
): Vault => {
  const path = entropyPath(dataDir);
  return {
    kind: 'dpapi',
    seal: async (text) => {
      const plain = Buffer.from(text, 'utf8');
      const { error, data } = await secrets.protectData(plain, await ensureEntropy(files, path));
      plain.fill(0);
      if (error !== 0) throw new Error(`CryptProtectData failed with Win32 error ${error}`);
      return { sealed: Buffer.from(data).toString('base64') };
    },
    open: async (kept) => {
      if ('credential' in kept) return plainVault.open(kept);
      const entropy = await storedEntropy(files, path);
      if (entropy === undefined) return { kind: 'unopened', why: `${path} is missing or damaged` };
      const { error, data } = await secrets.unprotectData(Buffer.from(kept.sealed, 'base64'), entropy);
      if (PASSING.has(error)) throw new Error(`CryptUnprotectData failed with Win32 error ${error}`);
      if (error !== 0)
        return { kind: 'unopened', why: `sealed on another machine, or damaged (Win32 error ${error})` };
      const text = Buffer.from(data).toString('utf8');
      data.fill(0);
      return { kind: 'opened', text };
    },
  };
};
