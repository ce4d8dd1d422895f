/** The store of this system: its files, its vault and its marks. */
import { realpathSync } from 'node:fs';
import type { FindMachine } from './machine-marks.ts';
import { posixMachine, windowsMachine } from './machine-marks.ts';
import { plainFiles } from './plain-files.ts';
import type { Files } from './replace-file.ts';
import { type Vault, dpapiVault, plainVault } from './vault.ts';
import { windowsFiles } from './windows-files.ts';
import { loadSecrets } from './windows-secrets.ts';

export interface System {
  readonly files: Files;
  readonly vault: Vault;
  readonly findMachine: FindMachine;
  readonly canonical: (dataDir: string) => string;
  /** What a person should know of how secrets are kept here. */
  readonly warning?: string;
}

/** Windows does not tell cases apart; the real path has them as the disk has. */
const canonical = (dataDir: string): string => {
  const path = realpathSync.native(dataDir);
  return process.platform === 'win32' ? path.toLowerCase() : path;
};

export const systemStore = (dataDir: string, secrets = loadSecrets()): System => {
  if (secrets !== undefined) {
    const files = windowsFiles(secrets);
    return {
      files,
      vault: dpapiVault(secrets, files, dataDir),
      findMachine: windowsMachine(secrets),
      canonical,
    };
  }
  const plain = { files: plainFiles, vault: plainVault, canonical };
  if (process.platform !== 'win32') return { ...plain, findMachine: posixMachine() };
  return {
    ...plain,
    findMachine: () => Promise.resolve({ marks: {}, product: {} }),
    warning: 'without the native addon the credential is not sealed, and a copied disk is not noticed',
  };
};
