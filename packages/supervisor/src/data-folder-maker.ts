/**
 * Who may get into a data folder that is made now. A console's is its user's own; the service's is LocalSystem's and the
 * administrators', from its first moment: a mode means nothing on Windows, and what lies above lets every user in.
 */
import { dirname } from 'node:path';
import { type ManagerAddon, NativeError, loadManager } from '@guruconnect/native';
import { descriptorOf } from '@guruconnect/shared/descriptor';
import { makeFolder } from '@guruconnect/shared/make-folder';
import { WIN32, Win32Error, isWin32 } from './manage/win32-error.ts';

/** Leaves a folder that exists as it is. */
export type MakeDataFolder = (path: string) => Promise<void>;

type Maker = Pick<ManagerAddon, 'makeProtectedFolder'>;

export const makeOwnFolder: MakeDataFolder = (path) => {
  makeFolder(path, 0o700);
  return Promise.resolve();
};

const loadMaker = (): Maker | undefined => {
  try {
    return process.platform === 'win32' ? loadManager() : undefined;
  } catch (error) {
    if (error instanceof NativeError) return undefined;
    throw error;
  }
};

const makeOne = async (maker: Maker, path: string): Promise<void> => {
  const error = await maker.makeProtectedFolder(path, descriptorOf('folder'));
  if (error !== 0 && error !== WIN32.alreadyExists) throw new Win32Error(error, 'CreateDirectory', path);
};

/** `mkdir -p`; after what is above has been made, a refusal is one. */
const makeProtected = async (maker: Maker, path: string): Promise<void> => {
  try {
    await makeOne(maker, path);
  } catch (error) {
    if (!isWin32(error, WIN32.pathNotFound) || dirname(path) === path) throw error;
    await makeProtected(maker, dirname(path));
    await makeOne(maker, path);
  }
};

/** @param maker of Windows' folders; where there is none, a mode has to do. @throws Win32Error, the system's error */
export const makeServiceFolder = (path: string, maker = loadMaker()): Promise<void> =>
  maker === undefined ? makeOwnFolder(path) : makeProtected(maker, path);
