/** The files of the agent's logs, as they are found: what is written now, and what was rotated. */
import { closeSync, fstatSync, openSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { workerLogPath } from '@guruconnect/shared/data-folder';
import { LOG_LIMITS, slotPaths } from '@guruconnect/shared/rotation';
import type { LogPart } from './log-entry.ts';

/** One log: the file that is written, and what it is a log of. */
export interface LogPlace {
  readonly part: LogPart;
  readonly path: string;
}

/** @param data absolute. The worker has another place where it runs as LocalService; both may be there. */
export const logPlaces = (data: string, part: LogPart | undefined): readonly LogPlace[] => {
  const worker = [false, true].map((apart) => ({
    part: 'worker' as const,
    path: workerLogPath({ data }, apart),
  }));
  const places = [{ part: 'supervisor' as const, path: join(data, 'logs', 'supervisor.log') }, ...worker];
  return places.filter((place) => part === undefined || place.part === part);
};

export const foldersOf = (places: readonly LogPlace[]): readonly string[] => [
  ...new Set(places.map(({ path }) => dirname(path))),
];

/** A file that is open: what becomes of its name does not matter. */
export interface OpenFile {
  readonly fd: number;
  /** Tells it from others, whatever they are called. */
  readonly id: bigint;
  readonly size: number;
  /** Milliseconds since the epoch, of its last line. */
  readonly changedAt: number;
}

/** @returns `undefined` where there is no such file. @throws the system's error */
export const openFile = (path: string): OpenFile | undefined => {
  // A pipe, say, would keep whoever opens it.
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return undefined;
  try {
    const fd = openSync(path, 'r');
    const { ino, size, mtimeMs } = fstatSync(fd, { bigint: true });
    return { fd, id: ino, size: Number(size), changedAt: Number(mtimeMs) };
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
};

export const idOf = (path: string): bigint | undefined =>
  statSync(path, { bigint: true, throwIfNoEntry: false })?.ino;

const isFile = (file: OpenFile | undefined): file is OpenFile => file !== undefined;

/** Of two the one whose last line is older comes first. */
const byAge = (a: OpenFile, b: OpenFile): number => a.changedAt - b.changedAt;

/** What was rotated out of a log, oldest first. @throws the system's error */
export const openRotated = ({ path }: LogPlace): readonly OpenFile[] =>
  slotPaths(path, LOG_LIMITS).map(openFile).filter(isFile).sort(byAge);

/** All of a log, oldest first. The current file is the last one, if it is there. @throws the system's error */
export const openLog = (place: LogPlace): { rotated: readonly OpenFile[]; current: OpenFile | undefined } => {
  // First of all, as it may be rotated meanwhile: then it is found twice, which can be seen.
  const current = openFile(place.path);
  const rotated = openRotated(place);
  const twice = rotated.filter(({ id }) => id === current?.id);
  twice.forEach(closeFile);
  return { rotated: rotated.filter((file) => !twice.includes(file)), current };
};

export const closeFile = ({ fd }: OpenFile): void => {
  closeSync(fd);
};
