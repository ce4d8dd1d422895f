/** What the store needs of Windows, and the one place that asks the addon for it. */
import { loadManager, loadSecrets as loadSealing } from '@guruconnect/native';

/** `error`, and every number returned alone, is 0 or a Win32 error. */
export interface Secrets {
  /** CryptProtectData for this machine. */
  protectData(
    plain: Uint8Array,
    entropy: Uint8Array,
  ): Promise<{ readonly error: number; readonly data: Uint8Array }>;
  /** CryptUnprotectData. */
  unprotectData(
    sealed: Uint8Array,
    entropy: Uint8Array,
  ): Promise<{ readonly error: number; readonly data: Uint8Array }>;
  /** CreateFileW, CREATE_NEW, with a security descriptor that has an owner: 80 where it exists, 1307 for a foreign owner. */
  makeProtectedFile(path: string, sddl: string): Promise<number>;
  /** MoveFileExW, replacing and written through. */
  replaceFile(from: string, to: string): Promise<number>;
  /** GetSystemFirmwareTable('RSMB', 0). */
  firmwareTable(): Promise<{ readonly error: number; readonly data: Uint8Array }>;
  /** HKLM\SOFTWARE\Microsoft\Cryptography, MachineGuid. */
  machineGuid(): Promise<{ readonly error: number; readonly text: string }>;
  /** CreateDirectoryW with a security descriptor: 183 where it exists. */
  makeProtectedFolder(path: string, sddl: string): Promise<number>;
  /** GetNamedSecurityInfo; the owner's SID as text. */
  fileSecurity(path: string): Promise<{ readonly error: number; readonly owner: string }>;
}

/** `undefined` off Windows, and on a Windows without the addon. Never throws. */
export const loadSecrets = (): Secrets | undefined => {
  try {
    const sealing = loadSealing();
    if (sealing === undefined) return undefined;
    const { makeProtectedFolder, fileSecurity } = loadManager();
    return { ...sealing, makeProtectedFolder, fileSecurity };
  } catch {
    return undefined;
  }
};
