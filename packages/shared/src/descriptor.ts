/**
 * Security descriptors of what the agent keeps on Windows. Pure.
 * @see https://learn.microsoft.com/windows/win32/secauthz/security-descriptor-string-format
 */

/**
 * Owned by the administrators, open to LocalSystem and them alone, inheriting nothing; a folder hands the same down.
 * @param user SID that owns it instead, and is let in beside them.
 */
export const descriptorOf = (kind: 'file' | 'folder', user?: string): string => {
  const ace = (sid: string): string => `(A;${kind === 'folder' ? 'OICI' : ''};FA;;;${sid})`;
  const owner = user === undefined ? 'O:BAG:BA' : `O:${user}`;
  return `${owner}D:P${ace('SY')}${ace('BA')}${user === undefined ? '' : ace(user)}`;
};

/**
 * What the client of a pipe needs: to read (FILE_GENERIC_READ), to write data and attributes. Not FILE_CREATE_PIPE_INSTANCE, which is in
 * FILE_GENERIC_WRITE: who has that can be a server of the same name.
 * @see https://learn.microsoft.com/windows/win32/ipc/named-pipe-security-and-access-rights
 */
const PIPE_CLIENT = '0x12018b';

/** Of a pipe that LocalSystem and this user may open, and nobody else. @param user SID, or one of SDDL's names for it. */
export const pipeDescriptorOf = (user: string): string =>
  `D:P${[...new Set(['SY', user])].map((sid) => `(A;;${PIPE_CLIENT};;;${sid})`).join('')}`;
/** S-1-5-19, as a SID and in SDDL: NT AUTHORITY\LocalService. @see https://learn.microsoft.com/windows/win32/secauthz/well-known-sids */
export const LOCAL_SERVICE = 'S-1-5-19';
const LS = 'LS';

/**
 * What a worker as LocalService gets into: the data folder, the files in it that are no secrets, the folder of its log, the log.
 * Other services are LocalService as well: the credential is not for them, but what the configuration says they can read.
 */
export type WorkerPlace = 'data-folder' | 'plain-file' | 'log-folder' | 'log-file';

/** What is given beside {@link descriptorOf}. Inherit-only and no-propagate: to the files in the folder, and to nothing below. */
const GRANTS: Readonly<Record<WorkerPlace, readonly [flags: string, rights: string][]>> = {
  'data-folder': [
    ['', 'FRFX'],
    ['OINPIO', 'FR'],
  ],
  'plain-file': [['', 'FR']],
  // No right to add: FILE_ADD_FILE is FILE_WRITE_DATA, with which an empty folder can be made a link to another one.
  'log-folder': [['', 'FRFX']],
  'log-file': [['', 'FRFW']],
};

/**
 * The same as {@link descriptorOf}, and open to LocalService as far as its worker has to get in.
 * @param handsDown whether files that come into the folder are open to it as well.
 */
export const workerDescriptor = (place: WorkerPlace, handsDown = true): string => {
  const grants = GRANTS[place].filter(([flags]) => handsDown || flags === '');
  const aces = grants.map(([flags, rights]) => `(A;${flags};${rights};;;${LS})`);
  return `${descriptorOf(place.endsWith('-folder') ? 'folder' : 'file')}${aces.join('')}`;
};
