/**
 * Lets a worker as LocalService into the data folder as far as it has to get in, and shuts it out again. It writes into its log and the
 * slots for rotated ones, which LocalSystem makes, and makes nothing itself: who can put something into a folder can make it lead elsewhere.
 */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import {
  type ManagerAddon,
  NativeError,
  type SecretsAddon,
  loadManager,
  loadSecrets,
} from '@guruconnect/native';
import { AgentFault } from '@guruconnect/shared/agent-fault';
import { isConfigFile, isOwnFile, isSecretFile, workerLogDir } from '@guruconnect/shared/data-folder';
import { LOCAL_SERVICE, descriptorOf, workerDescriptor } from '@guruconnect/shared/descriptor';
import { LOG_LIMITS, slotPaths } from '@guruconnect/shared/rotation';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';
import { WIN32, Win32Error } from './manage/win32-error.ts';

export type AccessAddon = Pick<ManagerAddon, 'makeProtectedFolder' | 'protectFile' | 'fileSecurity'> &
  Pick<SecretsAddon, 'makeProtectedFile'>;

/** Who may get into a path from now on. */
export interface Access {
  readonly path: string;
  readonly sddl: string;
  /** What is made where it is missing. */
  readonly make?: 'folder' | 'file';
  /** A worker can do without its log: where this fails, nothing that comes after it is touched. */
  readonly optional?: boolean;
}

/**
 * What has to be said of a data folder for a worker of this account, in order: what is secret is closed before anything is
 * opened. Where somebody else keeps files in the folder, only those of ours are opened. Pure.
 * @param names what is in the folder.
 */
export const planAccess = (
  dataDir: string,
  names: readonly string[],
  account: WorkerAccount,
): readonly Access[] => {
  const opened = account === 'local-service';
  const logs = workerLogDir(dataDir);
  const log = join(logs, 'worker.log');
  const files = (wanted: (name: string) => boolean, sddl: string): readonly Access[] =>
    names.filter(wanted).map((name) => ({ path: join(dataDir, name), sddl }));
  const folder = opened ? workerDescriptor('data-folder', names.every(isOwnFile)) : descriptorOf('folder');
  return [
    ...files(isSecretFile, descriptorOf('file')),
    { path: dataDir, sddl: folder },
    ...files(isConfigFile, opened ? workerDescriptor('plain-file') : descriptorOf('file')),
    {
      path: logs,
      sddl: opened ? workerDescriptor('log-folder') : descriptorOf('folder'),
      ...(opened && { make: 'folder' as const }),
      optional: true,
    },
    ...[log, ...slotPaths(log, LOG_LIMITS)].map((path) => ({
      path,
      sddl: opened ? workerDescriptor('log-file') : descriptorOf('file'),
      ...(opened && { make: 'file' as const }),
      optional: true,
    })),
  ];
};

const loadAddon = (): AccessAddon | undefined => {
  try {
    const secrets = loadSecrets();
    return secrets === undefined ? undefined : { ...loadManager(), ...secrets };
  } catch (error) {
    if (error instanceof NativeError) return undefined;
    throw error;
  }
};

/** What is not there, or no more, is let nobody in. */
const isMissing = (error: number): boolean => error === WIN32.fileNotFound || error === WIN32.pathNotFound;

const make = async (
  addon: AccessAddon,
  kind: 'folder' | 'file',
  path: string,
  sddl: string,
): Promise<boolean> => {
  const isFolder = kind === 'folder';
  const error = await (isFolder
    ? addon.makeProtectedFolder(path, sddl)
    : addon.makeProtectedFile(path, sddl));
  if (error === 0) return true;
  if (error === (isFolder ? WIN32.alreadyExists : WIN32.fileExists)) return false;
  throw new Win32Error(error, isFolder ? 'CreateDirectory' : 'CreateFile', path);
};

/** A file with a second name elsewhere, which would be opened with it, is refused by the addon, and so is a link. */
const apply = async (addon: AccessAddon, { path, sddl, make: kind }: Access): Promise<void> => {
  if (kind !== undefined && (await make(addon, kind, path, sddl))) return;
  const error = await addon.protectFile(path, sddl);
  if (error !== 0 && !isMissing(error)) throw new Win32Error(error, 'SetSecurityInfo', path);
};

/** @returns why what is optional was not done. */
const applyAll = async (addon: AccessAddon, dataDir: string, account: WorkerAccount): Promise<string[]> => {
  const undone: string[] = [];
  for (const access of planAccess(dataDir, readdirSync(dataDir), account)) {
    try {
      await apply(addon, access);
    } catch (error) {
      if (access.optional !== true) throw error;
      undone.push(messageOf(error));
      // What is below may be somewhere else.
      break;
    }
  }
  return undone;
};

export interface WorkerAccess {
  /**
   * @returns why the worker has no log, if so.
   * @throws AgentFault where somebody could get in who must not, or the worker could not.
   */
  admit(): Promise<readonly string[]>;
  /** @returns whether it was let in before. @throws Win32Error */
  withdraw(): Promise<boolean>;
}

/** @param addon of Windows' security; where there is none, nothing is done. */
export const workerAccess = (dataDir: string, addon = loadAddon()): WorkerAccess => ({
  admit: async () => {
    if (addon === undefined) return [];
    try {
      return await applyAll(addon, dataDir, 'local-service');
    } catch (cause) {
      throw new AgentFault(
        'store-unwritable',
        `cannot be opened to LocalService: ${messageOf(cause)}`,
        cause,
      );
    }
  },
  withdraw: async () => {
    if (addon === undefined) return false;
    const { error, aces = [] } = await addon.fileSecurity(dataDir);
    if (error !== 0) throw new Win32Error(error, 'GetNamedSecurityInfo', dataDir);
    if (!aces.some(({ sid }) => sid === LOCAL_SERVICE)) return false;
    await applyAll(addon, dataDir, 'own');
    return true;
  },
});
