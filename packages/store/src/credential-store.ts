/**
 * The credential on disk. Replaced as a whole, never repaired; what a write takes the place of is kept where it may be needed
 * again: the credential of another relay or of another machine as `credential.json.previous`, a file that cannot be
 * understood as `credential.json.damaged`. Of each there is one, the latest.
 */
import { credentialPath } from '@guruconnect/shared/data-folder';
import { messageOf } from '@guruconnect/shared/usage-error';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { type Files, replaceFile } from './replace-file.ts';
import { type StoredCredential, formatStored, isCredential, parseStored } from './stored-credential.ts';
import type { Vault } from './vault.ts';

export type Found =
  | { readonly kind: 'none' }
  /** `isOutdated`: it would be kept better today, by the version of the file or by the vault. */
  | { readonly kind: 'stored'; readonly stored: StoredCredential; readonly isOutdated: boolean }
  | { readonly kind: 'damaged'; readonly why: string };

export interface CredentialStore {
  /** The credential's file, for messages. */
  readonly path: string;
  /** @throws AgentFault `store-unreadable` where the system refuses; that says nothing about the credential. */
  readStored(): Promise<Found>;
  /** Takes the place of what is there once it is on the disk. @throws AgentFault `store-unwritable` */
  write(stored: StoredCredential): Promise<void>;
  /** Renames a damaged file to `credential.json.damaged`, in place of an older one. @throws AgentFault */
  setAside(): Promise<void>;
}

export interface StorePorts {
  readonly files: Files;
  readonly vault: Vault;
  readonly dataDir: string;
}

/** Writes of one process come one after the other: one that is given up may still be under way when the next begins. */
let writing: Promise<unknown> = Promise.resolve();

const inTurn = <T>(work: () => Promise<T>): Promise<T> => {
  const turn = writing.then(work);
  writing = turn.catch(() => undefined);
  return turn;
};

const judge = async (bytes: Uint8Array, vault: Vault): Promise<Found> => {
  const parsed = parseStored(bytes);
  if (parsed.kind === 'damaged') return parsed;
  const { version, facts, kept } = parsed;
  const opened = await vault.open(kept);
  if (opened.kind === 'unopened') return { kind: 'damaged', why: opened.why };
  if (!isCredential(opened.text))
    return { kind: 'damaged', why: 'credential: not what it should be, once it is opened' };
  const isOutdated = version !== 2 || (vault.kind === 'dpapi' && !('sealed' in kept));
  return { kind: 'stored', stored: { ...facts, credential: opened.text }, isOutdated };
};

const setAside = async ({ files, dataDir }: StorePorts): Promise<void> => {
  const path = credentialPath(dataDir);
  await files.rename(path, `${path}.damaged`);
  await files.syncFolder(dataDir);
};

/** Keeps what would be lost. It is looked at now, and not when the agent started: a person may have changed it since. */
const keepFormer = async (ports: StorePorts, next: StoredCredential): Promise<void> => {
  const { files, vault, dataDir } = ports;
  const path = credentialPath(dataDir);
  const bytes = await files.read(path);
  if (bytes === undefined) return;
  const found = await judge(bytes, vault);
  if (found.kind === 'damaged') return setAside(ports);
  if (found.kind === 'none') return;
  const { relay, machineId } = found.stored;
  if (relay !== next.relay || machineId !== next.machineId)
    await replaceFile(files, `${path}.previous`, bytes);
};

const unwritable = (path: string, cause: unknown): AgentFault =>
  new AgentFault('store-unwritable', `${path}: cannot be written: ${messageOf(cause)}`, cause);

export const createCredentialStore = (ports: StorePorts): CredentialStore => {
  const { files, vault, dataDir } = ports;
  const path = credentialPath(dataDir);
  return {
    path,
    readStored: async () => {
      try {
        const bytes = await files.read(path);
        return bytes === undefined ? { kind: 'none' } : await judge(bytes, vault);
      } catch (cause) {
        throw new AgentFault('store-unreadable', `${path}: cannot be read: ${messageOf(cause)}`, cause);
      }
    },
    write: ({ credential, ...facts }) =>
      inTurn(async () => {
        try {
          const bytes = formatStored(facts, await vault.seal(credential));
          await keepFormer(ports, { credential, ...facts });
          await replaceFile(files, path, bytes);
        } catch (cause) {
          throw unwritable(path, cause);
        }
      }),
    setAside: () =>
      inTurn(async () => {
        try {
          await setAside(ports);
        } catch (cause) {
          throw unwritable(path, cause);
        }
      }),
  };
};
