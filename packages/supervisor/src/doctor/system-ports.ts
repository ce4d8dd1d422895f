/** The doctor's looks at the real machine. */
import { statfs } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { EventLogAddon, ManagerAddon } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { inspectConfig } from '@guruconnect/shared/config-file';
import { nativeEventSource } from '../event-log/native-source.ts';
import { isRegistered } from '../manage/event-source.ts';
import { readSecurity } from '../manage/protected-folder.ts';
import type { ServiceManager } from '../manage/service-manager.ts';
import { gatherStatus } from '../manage/status-facts.ts';
import { posixFolder, posixStore, windowsFolder, windowsStore } from './access-look.ts';
import type { DiskFact } from './facts.ts';
import { type DoctorPorts, NotHere } from './gather.ts';
import { askProbe } from './probe-client.ts';
import { findProgramWeakness } from './program-look.ts';
import { storedFact } from './stored-look.ts';
import { systemAfter } from './within.ts';

/** What there is on Windows only. */
export interface WindowsParts {
  readonly addon: ManagerAddon & EventLogAddon;
  readonly manager: ServiceManager;
}

/** Of the folder, or of the nearest one above it that is there. @throws the file system's errors */
const diskFact = async (path: string): Promise<DiskFact> => {
  try {
    const { bavail, bsize } = await statfs(path);
    return { path, freeBytes: bavail * bsize };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT' || dirname(path) === path) throw error;
    return diskFact(dirname(path));
  }
};

/** @returns the path, where its mode says who gets in. @throws NotHere on a Windows without the addon */
const havingModes = (path: string): string => {
  if (process.platform === 'win32') throw new NotHere('without the native addon no ACL can be read');
  return path;
};

/** @param options `data` is the folder of the installed service, or of the supervisor in a console. */
export const systemPorts = (
  windows: WindowsParts | undefined,
  options: AgentOptions & { readonly data: string },
): DoctorPorts => {
  const { data } = options;
  const inspect = () => inspectConfig(options);
  return {
    inspect,
    status: () => gatherStatus(windows?.manager, options),
    weakness: (status) => {
      if (windows === undefined) throw new NotHere('this is no Windows');
      return findProgramWeakness(readSecurity(windows.addon), status);
    },
    folder: async () =>
      windows === undefined
        ? posixFolder(havingModes(data))
        : windowsFolder(windows.addon, data, inspect().config?.workerAccount),
    store: async () =>
      windows === undefined ? posixStore(havingModes(data)) : windowsStore(windows.addon, data),
    stored: (inspection) => storedFact(data, inspection),
    probe: () => askProbe(options),
    disk: () => diskFact(data),
    eventLogSource: async () => {
      if (windows === undefined) throw new NotHere('this is no Windows: there is no Event Log');
      return (await isRegistered(nativeEventSource(windows.addon))) ? 'registered' : 'missing';
    },
    wallNow: Date.now,
    after: systemAfter,
  };
};
