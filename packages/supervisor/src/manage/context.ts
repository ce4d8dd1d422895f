/** The real world for the management commands: the addon, the clock, the data folder of the installed service. */
import { type ManagerAddon, loadManager } from '@guruconnect/native';
import { systemClock } from '@guruconnect/shared/clock';
import { dataDir } from '@guruconnect/shared/data-folder';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { UsageError } from '@guruconnect/shared/usage-error';
import { hasStopNote, leaveStopNote, removeStopNote } from '../stop-note.ts';
import { nativeManager } from './native-manager.ts';
import type { ManagePorts } from './ports.ts';
import { presenceOf } from './presence.ts';
import { type ProgressView, openProgress } from './progress-view.ts';
import { dataOfImagePath } from './service-definition.ts';
import type { ServiceManager } from './service-manager.ts';

export interface ManageContext {
  readonly addon: ManagerAddon;
  /** Absolute. */
  readonly data: string;
  readonly ports: ManagePorts & { readonly progress: ProgressView };
}

/** @throws UsageError off Windows, NativeError where the addon was not built. */
export const loadAddon = (command: string): ManagerAddon => {
  if (process.platform === 'win32') return loadManager();
  throw new UsageError(
    `${command} needs Windows and its Service Control Manager: "guruconnect console" runs the agent here`,
  );
};

/** The folder that was asked for, else that of the installed service, else the default one. */
export const dataOf = async (manager: ServiceManager, asked: string | undefined): Promise<string> => {
  if (asked !== undefined) return dataDir({ data: asked });
  const presence = await presenceOf(manager);
  const installed = presence.kind === 'installed' ? dataOfImagePath(presence.config.imagePath) : undefined;
  return dataDir({ data: installed });
};

export interface ContextOptions {
  readonly command: string;
  readonly data: string | undefined;
  readonly quiet: boolean;
}

export const openContext = async ({ command, data, quiet }: ContextOptions): Promise<ManageContext> => {
  const addon = loadAddon(command);
  const manager = nativeManager(addon, SERVICE_NAME);
  const folder = await dataOf(manager, data);
  const stopNote = {
    isThere: () => Promise.resolve(hasStopNote(folder)),
    leave: () => {
      leaveStopNote(folder);
      return Promise.resolve();
    },
    remove: () => {
      removeStopNote(folder);
      return Promise.resolve();
    },
  };
  return {
    addon,
    data: folder,
    ports: { manager, clock: systemClock, progress: openProgress(quiet), stopNote },
  };
};
