/** What the agent's secret store needs of Windows: sealed bytes, their file, and the numbers of this machine. */

/** Bytes, and what Windows said. */
export interface NativeBytes {
  readonly error: number;
  /** The caller's own copy; empty on error. */
  readonly data: Uint8Array;
}

/**
 * Every function runs on a thread of libuv's pool, as those of the manager do. `error`, and every number returned alone, is
 * 0 or a Win32 error; promises reject only where memory runs out, and an argument of the wrong kind, a text with a
 * NUL in it, or bytes of 4 GiB and more throw at once.
 *
 * Bytes are copied before a call returns, so the caller may overwrite its own at once; native copies are overwritten before
 * they are freed. What the caller gets or holds is the caller's to overwrite.
 */
export interface SecretsAddon {
  /**
   * CryptProtectData for this machine (CRYPTPROTECT_LOCAL_MACHINE) and without a prompt: every account of the machine can
   * undo it that can read the bytes and knows the entropy, and no other machine. Empty bytes are bytes, and no entropy is empty.
   * https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptprotectdata
   */
  protectData(plain: Uint8Array, entropy: Uint8Array): Promise<NativeBytes>;
  /**
   * CryptUnprotectData. 13 (ERROR_INVALID_DATA) where the bytes are damaged or were not sealed with this entropy; what was
   * sealed on another machine is refused as well, with this or another error.
   * https://learn.microsoft.com/windows/win32/api/dpapi/nf-dpapi-cryptunprotectdata
   */
  unprotectData(sealed: Uint8Array, entropy: Uint8Array): Promise<NativeBytes>;
  /**
   * CreateFileW with CREATE_NEW and a security descriptor in SDDL, so that nobody else can open the file before anything is in
   * it: it is empty and closed. The descriptor has to have an owner and a DACL (1338); nothing is inherited from above. 80 where
   * something of that name exists, a link that leads nowhere included; 1307 for an owner that the caller may not give.
   * https://learn.microsoft.com/windows/win32/api/fileapi/nf-fileapi-createfilew
   */
  makeProtectedFile(path: string, sddl: string): Promise<number>;
  /**
   * MoveFileExW with MOVEFILE_REPLACE_EXISTING and MOVEFILE_WRITE_THROUGH: `to` is the former or the new file at any moment, and
   * the new one on the disk when it returns. The file keeps its own owner and DACL; a link at `to` is replaced, and not what
   * it leads to. 2 where `from` is missing, 5 where `to` is a folder, 5 or 32 while somebody has either of them open, 17 on another volume.
   * https://learn.microsoft.com/windows/win32/api/winbase/nf-winbase-movefileexw
   */
  replaceFile(from: string, to: string): Promise<number>;
  /**
   * GetSystemFirmwareTable('RSMB', 0): RawSMBIOSData, which is calling method, major and minor version and DMI revision, a byte
   * each, then the length (32 bits, little-endian) of the structures that follow.
   * https://learn.microsoft.com/windows/win32/api/sysinfoapi/nf-sysinfoapi-getsystemfirmwaretable
   */
  firmwareTable(): Promise<NativeBytes>;
  /**
   * MachineGuid of HKLM\SOFTWARE\Microsoft\Cryptography, as Windows has it: set up with it, and copied with a disk's image. 2
   * where there is none.
   * https://learn.microsoft.com/windows/win32/api/winreg/nf-winreg-reggetvaluew
   */
  machineGuid(): Promise<{ readonly error: number; readonly text: string }>;
}
