/** The real world for the management commands: the addon, the clock, the data folder of the installed service. */
import { type EventLogAddon, type ManagerAddon, loadManager } from '@guruconnect/native';
import { systemClock } from '@guruconnect/shared/clock';
import { dataDir } from '@guruconnect/shared/data-folder';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { UsageError } from '@guruconnect/shared/usage-error';
import { nativeEventSource } from '../event-log/native-source.ts';
import { hasStopNote, leaveStopNote, removeStopNote } from '../stop-note.ts';
import { nativeManager } from './native-manager.ts';
import type { ManagePorts } from './ports.ts';
import { presenceOf } from './presence.ts';
import { type ProgressView, openProgress } from './progress-view.ts';
import { dataOfImagePath } from './service-definition.ts';
import type { ServiceManager } from './service-manager.ts';

export interface ManageContext {
  readonly addon: ManagerAddon & EventLogAddon;
  /** The folder that was asked for, else that of the installed service, else the default one. Absolute. */
  readonly data: string;
  /** That of the service that is installed now. */
  readonly installedData: string | undefined;
  readonly ports: ManagePorts & { readonly progress: ProgressView };
}

/** @throws UsageError off Windows, NativeError where the addon was not built. */
export const loadAddon = (command: string): ManagerAddon & EventLogAddon => {
  if (process.platform === 'win32') return loadManager();
  throw new UsageError(
    `${command} needs Windows and its Service Control Manager: "guruconnect console" runs the agent here`,
  );
};

/** The data folder of the installed service, or `undefined` where there is none. */
export const installedFolder = async (manager: ServiceManager): Promise<string | undefined> => {
  const presence = await presenceOf(manager);
  return presence.kind === 'installed'
    ? dataDir({ data: dataOfImagePath(presence.config.imagePath) })
    : undefined;
};

export interface ContextOptions {
  readonly command: string;
  readonly data: string | undefined;
  readonly quiet: boolean;
}

export const openContext = async ({ command, data, quiet }: ContextOptions): Promise<ManageContext> => {
  const addon = loadAddon(command);
  const manager = nativeManager(addon, SERVICE_NAME);
  const installed = await installedFolder(manager);
  const folder = data === undefined && installed !== undefined ? installed : dataDir({ data });
  // The note is for the supervisor that is there now, wherever the next one will keep its data.
  const noteFolder = installed ?? folder;
  const stopNote = {
    isThere: () => Promise.resolve(hasStopNote(noteFolder)),
    leave: () => {
      leaveStopNote(noteFolder);
      return Promise.resolve();
    },
    remove: () => {
      removeStopNote(noteFolder);
      return Promise.resolve();
    },
  };
  return {
    addon,
    data: folder,
    installedData: installed,
    ports: {
      manager,
      clock: systemClock,
      progress: openProgress(quiet),
      stopNote,
      eventSource: nativeEventSource(addon),
    },
  };
};
