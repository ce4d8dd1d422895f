/**
 * The data folder, which holds secrets: LocalSystem's and the administrators', from before the first byte is in it. Where
 * somebody else was first, what lies there is not believed: a configuration could name a proxy and a certificate of his.
 */
import { LOCAL_SERVICE, descriptorOf } from '@guruconnect/shared/descriptor';
import { lstatSync, readdirSync, rmdirSync } from 'node:fs';
import { dirname, toNamespacedPath } from 'node:path';
import type { ManagerAddon } from '@guruconnect/native';
import { isOwnFile, workerLogDir } from '@guruconnect/shared/data-folder';
import { UsageError } from '@guruconnect/shared/usage-error';
import { visitOwnEntries } from './data-entries.ts';
import { type FileSecurity, type ReadSecurity, ancestorsOf, intruder } from './path-safety.ts';
import { Win32Error } from './win32-error.ts';

export type FolderAddon = Pick<ManagerAddon, 'makeProtectedFolder' | 'protectFile' | 'fileSecurity'>;

/** MAX_PATH, less a short name, above which Windows asks for another spelling; node:fs sees to that by itself. */
const LONGEST_PLAIN = 247;

const spelled = (path: string): string => (path.length > LONGEST_PLAIN ? toNamespacedPath(path) : path);

export const readSecurity =
  (addon: Pick<ManagerAddon, 'fileSecurity'>): ReadSecurity =>
  async (path) => {
    const { error, owner, aces } = await addon.fileSecurity(spelled(path));
    if (error !== 0) throw new Win32Error(error, 'GetNamedSecurityInfo', path);
    return { owner, entries: aces };
  };

/**
 * `remake`: it is empty, and who has it open already would keep his rights in it. `take-over`: protect all that is in it as
 * well. `leave`: it is safe as it is.
 */
export type FolderPlan = 'make' | 'remake' | 'protect' | 'take-over' | 'leave';

/** What an administrator answers for. */
export interface FolderTrust {
  /** Others could write to it until now. */
  readonly takeOver: boolean;
  /** Others can exchange a folder on the way there. */
  readonly insecureWay: boolean;
}

/** A folder that is there already. */
export interface FoundFolder {
  readonly security: FileSecurity;
  readonly names: readonly string[];
}

const ANOTHER_FOLDER = 'name a folder of the agent’s own (--data)';

const refuse = (why: string): never => {
  throw new UsageError(`${why}: ${ANOTHER_FOLDER}`);
};

const disbelieve = (path: string, who: string): never => {
  throw new UsageError(
    `${path}: ${who} can write to it, so that what is in it cannot be believed: remove it, or ${ANOTHER_FOLDER}, ` +
      'or answer for what is in it (--take-over-data)',
  );
};

/** @throws UsageError for a folder that is not to be used. */
export const planFolder = (path: string, { security, names }: FoundFolder, takeOver: boolean): FolderPlan => {
  if (!names.every(isOwnFile)) {
    // A worker as LocalService may list the folder; what is in it is for it by the file.
    const who = intruder(security, 'code-folder') ?? intruder(security, 'secret-folder', [LOCAL_SERVICE]);
    return who === undefined ? 'leave' : refuse(`${path}: holds other things already, and is open to ${who}`);
  }
  if (takeOver) return 'take-over';
  const who = intruder(security, 'code-folder');
  if (who === undefined) return 'protect';
  return names.length === 0 ? 'remake' : disbelieve(path, who);
};

const find = async (read: ReadSecurity, path: string): Promise<FoundFolder | undefined> => {
  const stat = lstatSync(path, { throwIfNoEntry: false });
  if (stat === undefined) return undefined;
  if (!stat.isDirectory()) return refuse(`${path}: is no folder, but a file or a link`);
  return { security: await read(path), names: readdirSync(path) };
};

const foldersAbove = (path: string): readonly string[] =>
  dirname(path) === path ? [] : [...foldersAbove(dirname(path)), dirname(path)];

/** A link's own security is not what is looked at, and who made it may have it lead elsewhere tomorrow. */
const requirePlainWay = (path: string): void => {
  for (const folder of foldersAbove(path)) {
    const stat = lstatSync(folder, { throwIfNoEntry: false });
    if (stat === undefined) throw new UsageError(`${dirname(path)} does not exist: make it first`);
    if (stat.isSymbolicLink()) refuse(`${folder}: is a link, which can lead elsewhere tomorrow`);
    if (!stat.isDirectory()) refuse(`${folder}: is no folder`);
  }
};

/** Who could exchange a folder on the way there could exchange this one. */
const requireSafeWay = async (read: ReadSecurity, path: string): Promise<void> => {
  for (const folder of ancestorsOf(path)) {
    const who = intruder(await read(folder), 'ancestor');
    if (who !== undefined) refuse(`${folder}: ${who} can exchange what is in it`);
  }
};

/** Where a worker as LocalService writes its log, and LocalSystem nothing. */
const isWorkerLog = (dataDir: string, path: string): boolean => {
  const folder = workerLogDir(dataDir);
  return path === folder || dirname(path) === folder;
};

/** A closed folder does not close what was put into it, or opened, before it was. */
const requireOwnEntries = (read: ReadSecurity, path: string, plan: FolderPlan): Promise<void> =>
  visitOwnEntries(path, async (entry) => {
    if (plan === 'take-over') return;
    const who = intruder(
      await read(entry.path),
      entry.isFolder ? 'code-folder' : 'file',
      isWorkerLog(path, entry.path) ? [LOCAL_SERVICE] : [],
    );
    if (who !== undefined) disbelieve(entry.path, who);
  });

/** Looks, and changes nothing. @throws UsageError, Win32Error */
export const inspectFolder = async (
  addon: FolderAddon,
  path: string,
  { takeOver, insecureWay }: FolderTrust,
): Promise<FolderPlan> => {
  const read = readSecurity(addon);
  requirePlainWay(path);
  if (!insecureWay) await requireSafeWay(read, path);
  const found = await find(read, path);
  if (found === undefined) return 'make';
  const plan = planFolder(path, found, takeOver);
  if (plan !== 'remake') await requireOwnEntries(read, path, plan);
  return plan;
};

const check = (error: number, operation: string, path: string): void => {
  if (error !== 0) throw new Win32Error(error, operation, path);
};

const protect = async (addon: FolderAddon, path: string, isFolder: boolean): Promise<void> => {
  const sddl = descriptorOf(isFolder ? 'folder' : 'file');
  check(await addon.protectFile(spelled(path), sddl), 'SetSecurityInfo', path);
};

/** @throws Win32Error, 183 where somebody has made it since it was looked at; UsageError for a link that was not there then. */
export const prepareFolder = async (addon: FolderAddon, path: string, plan: FolderPlan): Promise<void> => {
  if (plan === 'leave') return;
  if (plan === 'protect' || plan === 'take-over') {
    await protect(addon, path, true);
    if (plan === 'take-over')
      await visitOwnEntries(path, (entry) => protect(addon, entry.path, entry.isFolder));
    return;
  }
  if (plan === 'remake') rmdirSync(path);
  check(await addon.makeProtectedFolder(path, descriptorOf('folder')), 'CreateDirectory', path);
};
