/** Waits for something to happen in folders. */
import { type FSWatcher, watch } from 'node:fs';
import { TIMING } from '@guruconnect/shared/timing';

export interface FolderChanges {
  /** Resolves with the next change, at once where one came meanwhile, and after {@link TIMING.logLook} in any case. */
  next(): Promise<void>;
  close(): void;
}

const watchFolder = (folder: string, changed: () => void): FSWatcher | undefined => {
  try {
    // One that can be watched no longer is looked at all the same.
    return watch(folder, changed).on('error', () => undefined);
  } catch {
    return undefined;
  }
};

/** @param signal ends the wait. */
export const watchFolders = (folders: readonly string[], signal: AbortSignal): FolderChanges => {
  let hasChanged = false;
  let wake = (): void => undefined;
  const changed = (): void => {
    hasChanged = true;
    wake();
  };
  const watchers = folders.map((folder) => watchFolder(folder, changed));
  signal.addEventListener('abort', changed);
  return {
    next: async () => {
      if (!hasChanged && !signal.aborted)
        await new Promise<void>((resolve) => {
          const timer = setTimeout(resolve, TIMING.logLook);
          wake = () => {
            clearTimeout(timer);
            resolve();
          };
        });
      hasChanged = false;
    },
    close: () => {
      for (const watcher of watchers) watcher?.close();
    },
  };
};
