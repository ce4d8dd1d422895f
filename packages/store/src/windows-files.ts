/**
 * The store's files on Windows: every file and folder is made with its ACL, so that nobody could open it before. It lets in
 * LocalSystem and the administrators; a process that is neither may not give a file to them, and is let in itself.
 */
import { existsSync } from 'node:fs';
import { mkdir, open, rmdir } from 'node:fs/promises';
import { dirname, toNamespacedPath } from 'node:path';
import { descriptorOf } from '@guruconnect/shared/descriptor';
import { newFile, plainFiles } from './plain-files.ts';
import type { Files } from './replace-file.ts';
import type { Secrets } from './windows-secrets.ts';

export type FileSecrets = Pick<
  Secrets,
  'makeProtectedFile' | 'makeProtectedFolder' | 'replaceFile' | 'fileSecurity'
>;

/** ERROR_INVALID_OWNER: "This security ID may not be assigned as the owner of this object." */
const INVALID_OWNER = 1307;
const ALREADY_EXISTS = 183;

/** MAX_PATH, less a short name, above which Windows asks for another spelling; node:fs sees to that by itself. */
const LONGEST_PLAIN = 247;
const spelled = (path: string): string => (path.length > LONGEST_PLAIN ? toNamespacedPath(path) : path);

type Kind = 'file' | 'folder';

const check = (error: number, path: string, what: string): void => {
  if (error !== 0) throw new Error(`${path}: ${what}: Win32 error ${error}`);
};

/** What Windows makes this process the owner of is its user's. The probe is empty, and gone before the real one is made. */
const currentUser = async (secrets: FileSecrets, path: string, kind: Kind): Promise<string> => {
  if (kind === 'folder') await mkdir(path);
  else await (await open(path, 'wx')).close();
  const { error, owner } = await secrets.fileSecurity(spelled(path));
  await (kind === 'folder' ? rmdir(path) : plainFiles.remove(path));
  check(error, path, 'its owner cannot be found out');
  return owner;
};

const makeProtected = async (secrets: FileSecrets, path: string, kind: Kind): Promise<void> => {
  const make = kind === 'folder' ? secrets.makeProtectedFolder : secrets.makeProtectedFile;
  let error = await make(spelled(path), descriptorOf(kind));
  if (error === INVALID_OWNER)
    error = await make(spelled(path), descriptorOf(kind, await currentUser(secrets, path, kind)));
  if (kind === 'folder' && error === ALREADY_EXISTS) return;
  check(error, path, `the ${kind} cannot be made`);
};

const makeFolders = async (secrets: FileSecrets, path: string): Promise<void> => {
  if (existsSync(path)) return;
  if (dirname(path) !== path) await makeFolders(secrets, dirname(path));
  await makeProtected(secrets, path, 'folder');
};

export const windowsFiles = (secrets: FileSecrets): Files => ({
  ...plainFiles,
  makeFolder: (path) => makeFolders(secrets, path),
  create: async (path) => {
    await makeProtected(secrets, path, 'file');
    return newFile(await open(path, 'r+'));
  },
  rename: async (from, to) => {
    check(await secrets.replaceFile(spelled(from), spelled(to)), to, 'the file cannot be replaced');
  },
  // The rename is written through, and Windows cannot flush a folder.
  syncFolder: () => Promise.resolve(),
});
