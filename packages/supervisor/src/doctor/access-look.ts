/** Who gets into the data folder and its secrets, asked of Windows' ACLs, and elsewhere of owners and modes. */
import { lstatSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { ManagerAddon } from '@guruconnect/native';
import { isSecretFile } from '@guruconnect/shared/data-folder';
import { LOCAL_SERVICE } from '@guruconnect/shared/descriptor';
import { UsageError } from '@guruconnect/shared/usage-error';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import { intruder } from '../manage/path-safety.ts';
import { inspectFolder, readSecurity } from '../manage/protected-folder.ts';
import type { FolderFact, StoreFact } from './facts.ts';

type AccessAddon = Pick<ManagerAddon, 'fileSecurity' | 'makeProtectedFolder' | 'protectFile'>;

const secretFiles = (data: string): readonly string[] =>
  readdirSync(data)
    .filter(isSecretFile)
    .map((name) => join(data, name));

const isThere = (path: string): boolean => lstatSync(path, { throwIfNoEntry: false }) !== undefined;

/** @throws Win32Error */
export const windowsFolder = async (
  addon: AccessAddon,
  data: string,
  account: WorkerAccount | undefined,
): Promise<FolderFact> => {
  if (!isThere(data)) return { kind: 'missing' };
  try {
    await inspectFolder(addon, data, { takeOver: false, insecureWay: false });
  } catch (error) {
    if (error instanceof UsageError) return { kind: 'unsafe', why: error.message };
    throw error;
  }
  const may = account === 'local-service' ? [LOCAL_SERVICE] : [];
  const security = await readSecurity(addon)(data);
  // An empty one is none that install would mind: it makes it anew.
  const writer = intruder(security, 'code-folder', may);
  if (writer !== undefined) return { kind: 'unsafe', why: `${data}: ${writer} can write to it` };
  const who = intruder(security, 'secret-folder', may);
  return who === undefined ? { kind: 'closed' } : { kind: 'readable', who };
};

/** @throws Win32Error, and the file system's errors */
export const windowsStore = async (addon: AccessAddon, data: string): Promise<StoreFact> => {
  if (!isThere(data)) return { files: 0, open: undefined };
  const files = secretFiles(data);
  const read = readSecurity(addon);
  for (const path of files) {
    const who = intruder(await read(path), 'secret-folder');
    if (who !== undefined) return { files: files.length, open: { path, who } };
  }
  return { files: files.length, open: undefined };
};

const WRITERS = 0o022;
const READERS = 0o055;
const OTHERS = 0o077;

const octal = (mode: number): string => (mode & 0o777).toString(8).padStart(4, '0');

/** By owner and mode. @throws the file system's errors */
export const posixFolder = (data: string): FolderFact => {
  // A link to it is as good: what counts is where the files are.
  const stat = statSync(data, { throwIfNoEntry: false });
  if (stat === undefined) return { kind: 'missing' };
  const { mode, uid } = stat;
  const self = process.getuid?.();
  if (uid !== self && uid !== 0 && self !== 0)
    return { kind: 'unsafe', why: `${data} belongs to user ${uid}` };
  if ((mode & WRITERS) !== 0) return { kind: 'unsafe', why: `${data} has mode ${octal(mode)}` };
  return (mode & READERS) === 0
    ? { kind: 'closed' }
    : { kind: 'readable', who: `everybody (mode ${octal(mode)})` };
};

/** @throws the file system's errors */
export const posixStore = (data: string): StoreFact => {
  if (!isThere(data)) return { files: 0, open: undefined };
  const files = secretFiles(data);
  const open = files
    .map((path) => ({ path, mode: lstatSync(path, { throwIfNoEntry: false })?.mode ?? 0 }))
    .find(({ mode }) => (mode & OTHERS) !== 0);
  return {
    files: files.length,
    open: open && { path: open.path, who: `others (mode ${octal(open.mode)})` },
  };
};
