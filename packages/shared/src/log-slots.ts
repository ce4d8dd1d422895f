/** The files beside a log: what is found of them, what is moved into them, what is removed. */
import {
  closeSync,
  ftruncateSync,
  openSync,
  readSync,
  renameSync,
  rmSync,
  statSync,
  truncateSync,
  writeSync,
} from 'node:fs';
import { type LogLimits, type Slot, bySparing, isExpired, slotPaths } from './rotation.ts';
import { TIMING } from './timing.ts';

const CHUNK_BYTES = 64 * 1024;

const lookAt = (path: string): Slot => {
  const found = statSync(path, { throwIfNoEntry: false });
  return { path, size: found?.size, changedAt: found?.mtimeMs ?? 0 };
};

const slotsOf = (path: string, limits: LogLimits): readonly Slot[] => slotPaths(path, limits).map(lookAt);

/** What was rotated last, if anything was. */
export const newestSlot = (path: string, limits: LogLimits): string | undefined => {
  const newest = bySparing(slotsOf(path, limits)).at(-1);
  return newest?.size === undefined || newest.size === 0 ? undefined : newest.path;
};

/** For writing. Who may make no files finds them made. */
const openSlot = (path: string): number => {
  try {
    return openSync(path, 'r+');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error;
    return openSync(path, 'wx', 0o600);
  }
};

/** @returns the bytes copied. */
const copyAll = (from: number, to: number): number => {
  const buffer = Buffer.allocUnsafe(CHUNK_BYTES);
  let at = 0;
  for (let read = readSync(from, buffer, 0, CHUNK_BYTES, at); read > 0;) {
    for (let done = 0; done < read;) done += writeSync(to, buffer, done, read - done, at + done);
    at += read;
    read = readSync(from, buffer, 0, CHUNK_BYTES, at);
  }
  return at;
};

/** Over what is there, which takes no room that a full disk has not. */
const copyOver = (from: number, to: number): void => {
  try {
    ftruncateSync(to, copyAll(from, to));
  } catch (error) {
    // Half of it would be lines that are there twice.
    ftruncateSync(to);
    throw error;
  }
};

/** What `use` makes of the file, which is closed then. */
const using = <T>(fd: number, use: (fd: number) => T): T => {
  try {
    return use(fd);
  } finally {
    closeSync(fd);
  }
};

/** Copies the log into a slot, byte by byte, and empties it: who is reading it finds the rest in the slot, at the same place. */
const copyInto = (path: string, slots: readonly Slot[]): void => {
  using(openSync(path, 'r+'), (from) => {
    const to = firstThat(slots, openSlot);
    using(to, () => {
      copyOver(from, to);
    });
    ftruncateSync(from);
  });
};

/** @returns what `act` makes of the first slot that it can be done with. @throws the last error, where that is none */
const firstThat = <T>(slots: readonly Slot[], act: (slot: string) => T): T => {
  let failure: unknown = new Error('there is no slot');
  for (const { path } of slots) {
    try {
      return act(path);
    } catch (error) {
      failure = error;
    }
  }
  throw failure;
};

const moveIntoSlot = (path: string, byCopy: boolean, limits: LogLimits): void => {
  const slots = bySparing(slotsOf(path, limits));
  try {
    firstThat(slots, (slot) => {
      renameSync(path, slot);
    });
  } catch (error) {
    if (!byCopy) throw error;
    copyInto(path, slots);
  }
};

const codeOf = (error: unknown): string | undefined => (error as NodeJS.ErrnoException).code;

/** Left behind by a process that died in between. */
const isStale = (lock: string): boolean => {
  const found = statSync(lock, { throwIfNoEntry: false });
  return found !== undefined && Math.abs(Date.now() - found.mtimeMs) > TIMING.logRotation;
};

/** @returns what gives it back, or `undefined` where another process has it. */
const takeLock = (lock: string): (() => void) | undefined => {
  const release = (): void => {
    rmSync(lock, { force: true });
  };
  try {
    closeSync(openSync(lock, 'wx', 0o600));
    return release;
  } catch (error) {
    // Who may make no files there is alone with the log.
    if (codeOf(error) !== 'EEXIST') return () => undefined;
    if (isStale(lock)) release();
    return undefined;
  }
};

/**
 * Moves the log into one of its slots, unless another process is about to: two of them would choose the same one.
 * @param isOurs whether it is still the log that the caller has open; asked when no other process can rotate it.
 * @param byCopy where it cannot be renamed: somebody has it open without FILE_SHARE_DELETE (`Get-Content -Wait`, say), or may make and
 * rename nothing in its folder (a worker as LocalService). A line that another process writes right then can be lost.
 * @returns whether it was moved. @throws the system's error; the log is as it was
 */
export const rotateLog = (
  path: string,
  { byCopy, isOurs }: { readonly byCopy: boolean; readonly isOurs: () => boolean },
  limits: LogLimits,
): boolean => {
  const release = takeLock(`${path}.lock`);
  if (release === undefined) return false;
  try {
    if (!isOurs()) return false;
    moveIntoSlot(path, byCopy, limits);
    return true;
  } finally {
    release();
  }
};

const remove = (path: string): void => {
  try {
    rmSync(path);
  } catch {
    truncateSync(path);
  }
};

/** Removes what is too old, as far as that can be done. */
export const removeExpired = (path: string, now: number, limits: LogLimits): void => {
  for (const slot of slotsOf(path, limits)) {
    if (!isExpired(slot, now, limits)) continue;
    try {
      remove(slot.path);
    } catch {
      // At the next rotation.
    }
  }
};
