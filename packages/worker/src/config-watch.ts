/**
 * Tells when the configuration file has become another one: written in place, replaced by a rename, made, or deleted. By
 * events alone.
 *
 * It is the file's folder that is watched, as an editor and an installer put a new file in the old one's place. While there
 * is no folder, the nearest one above it that is there is watched instead, until the folder is made: it may be missing at
 * first, and may go and come back. `..data` counts as the file, since Kubernetes swaps that link under all files of a volume
 * (https://kubernetes.io/docs/concepts/configuration/configmap/#mounted-configmaps-are-updated-automatically).
 *
 * Not seen: a file elsewhere that the configuration file is another link to; a folder above the watched one that is renamed;
 * files that the configuration names, as certificates.
 */
import { readFileSync, statSync, watch } from 'node:fs';
import { basename, dirname, resolve } from 'node:path';
import { type Clock, createAlarm, systemClock } from '@guruconnect/shared/clock';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';

export interface ConfigWatch {
  /** No call follows. */
  close(): void;
}

/** `fs.watch` as it is needed here. @throws where nobody can watch. */
export type OpenWatch = (
  path: string,
  onEvent: (kind: string, name: string | null) => void,
  onError: (error: unknown) => void,
) => { close(): void };

export interface WatchOptions {
  readonly clock?: Clock;
  /** The system's own by default. */
  readonly openWatch?: OpenWatch;
  /** The system lets nobody watch here (no inotify watch left, a file system without events): changes go unseen from now on. */
  readonly onTrouble?: (why: string) => void;
}

const systemWatch: OpenWatch = (path, onEvent, onError) => {
  const watcher = watch(path, { persistent: false }, onEvent).on('error', onError);
  // It takes a moment, which the end of the process does without.
  const close = (): void => {
    watcher.close();
  };
  return { close: () => void setTimeout(close, TIMING.watchEnd).unref() };
};

interface Place {
  readonly path: string;
  /** Of the folder itself: another one by the same name has another. */
  readonly id: string;
}

const placeAt = (path: string): Place | undefined => {
  try {
    const stats = statSync(path, { bigint: true });
    return stats.isDirectory() ? { path, id: `${stats.dev}:${stats.ino}` } : undefined;
  } catch {
    return undefined;
  }
};

/** The folder, or the nearest one above it that is there. */
const nearestPlace = (folder: string): Place | undefined => {
  const above = dirname(folder);
  return placeAt(folder) ?? (above === folder ? undefined : nearestPlace(above));
};

/** What is there now, to be compared with what was: a file that is only touched has not changed. */
const lookAt = (path: string): string => {
  try {
    return `text ${readFileSync(path, 'utf8')}`;
  } catch (error) {
    return `error ${(error as NodeJS.ErrnoException).code ?? ''}`;
  }
};

const KUBERNETES_LINK = '..data';

/** Whether an event is about the file. Where the system gives no name, it may be. */
const isAbout = (name: string, event: string | null): boolean =>
  event === null || event === KUBERNETES_LINK || event.toLowerCase() === name.toLowerCase();

interface FolderPorts {
  readonly openWatch: OpenWatch;
  /** The name that an event in the folder itself is about; `null` where anything may have happened. */
  readonly onEvent: (name: string | null) => void;
  readonly onTrouble: (why: string) => void;
  /** Looks again, a little later. */
  readonly later: (look: () => void) => void;
}

/** Keeps a watch on the folder, or above it, moving along as folders come and go. */
const followFolder = (folder: string, { openWatch, onEvent, onTrouble, later }: FolderPorts) => {
  let watched: { readonly place: Place; readonly watch: { close(): void } | undefined } | undefined;
  /** Where the last watch broke. One break is a folder that goes, on Windows; two in a row are a place to keep off. */
  let broken: string | undefined;

  const letGo = (): void => {
    watched?.watch?.close();
    watched = undefined;
  };
  const open = (place: Place): ReturnType<OpenWatch> | undefined => {
    const isCurrent = (): boolean => watched !== undefined && watched.watch === own;
    const take = (kind: string, name: string | null): void => {
      if (!isCurrent()) return;
      broken = undefined;
      // Of a folder that has gone or moved Linux tells by its own name. One made in its place can have its number.
      if (kind === 'rename' && name === basename(place.path)) letGo();
      if (follow()) onEvent(null);
      else if (place.path === folder) onEvent(name);
    };
    let own: ReturnType<OpenWatch> | undefined;
    try {
      own = openWatch(place.path, take, (error) => {
        if (isCurrent()) lose(place, error);
      });
    } catch (error) {
      // One that has gone since it was looked at is no trouble: the next look finds another place.
      if (placeAt(place.path)?.id === place.id) onTrouble(`${place.path}: ${messageOf(error)}`);
    }
    return own;
  };
  const lose = (place: Place, error: unknown): void => {
    letGo();
    if (broken === place.id) {
      watched = { place, watch: undefined };
      onTrouble(`${place.path}: ${messageOf(error)}`);
      return;
    }
    broken = place.id;
    later(() => {
      follow();
      onEvent(null);
    });
  };
  /** @returns whether the watch has moved. Looks again after each move: a folder may have been made just before it. */
  const follow = (): boolean => {
    const place = nearestPlace(folder);
    if (place === undefined || (place.path === watched?.place.path && place.id === watched.place.id))
      return false;
    letGo();
    watched = { place, watch: open(place) };
    follow();
    return true;
  };

  follow();
  return { close: letGo };
};

/**
 * Calls `onChange` once the file's content is another one than at the last call (at first: than now) and nothing has been
 * written for `configSettle`. The file and its folder need not be there. Does not keep the process alive. Never throws.
 */
export const watchConfig = (
  path: string,
  onChange: () => void,
  { clock = systemClock, openWatch = systemWatch, onTrouble = () => undefined }: WatchOptions = {},
): ConfigWatch => {
  const file = resolve(path);
  const name = basename(file);
  const settled = createAlarm(clock);
  const retry = createAlarm(clock);
  let known = lookAt(file);
  const compare = (): void => {
    const now = lookAt(file);
    if (now === known) return;
    known = now;
    onChange();
  };
  const folder = followFolder(dirname(file), {
    openWatch,
    onTrouble,
    onEvent: (event) => {
      if (isAbout(name, event)) settled.set(TIMING.configSettle, compare);
    },
    later: (look) => {
      retry.set(TIMING.configSettle, look);
    },
  });
  return {
    close: () => {
      settled.off();
      retry.off();
      folder.close();
    },
  };
};
