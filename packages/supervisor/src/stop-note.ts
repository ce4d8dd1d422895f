/**
 * The note that a stop was asked for, in the data folder. The SCM cannot be told to forget a recovery restart that it has
 * queued, and would bring back a service that somebody has stopped since: such a start finds the note and stands down.
 * Every other start (by hand, at boot) removes it, and it is worth something for a quarter of an hour only: a note must never
 * be the reason for a machine that is lost.
 * @see https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w (Remarks)
 */
import { rmSync, statSync, writeFileSync } from 'node:fs';
import { join, toNamespacedPath } from 'node:path';
import type { ScmAddon } from '@guruconnect/native';
import { TIMING } from '@guruconnect/shared/timing';

const notePath = (dataDir: string): string => join(dataDir, 'stopped');

/** Never throws: a stop is not refused over a folder that cannot be written. */
export const leaveStopNote = (dataDir: string): void => {
  try {
    writeFileSync(notePath(dataDir), `${new Date().toISOString()}\n`, { mode: 0o600 });
  } catch {
    // There is no data folder yet, or no room in it.
  }
};

const remove = (path: string): void => {
  try {
    rmSync(path, { force: true });
  } catch {
    // What cannot be removed matters to a recovery restart only, or is told once more.
  }
};

/** Never throws. */
export const removeStopNote = (dataDir: string): void => {
  remove(notePath(dataDir));
};

/** When it was left, in milliseconds since the Unix epoch; `undefined` where there is none, or none to be seen. */
const leftAt = (path: string): number | undefined => {
  try {
    return statSync(path, { throwIfNoEntry: false })?.mtimeMs;
  } catch {
    return undefined;
  }
};

/**
 * Whether there is one that still counts; never throws. An old one does not, nor one from the future: whatever has kept it from being
 * removed, it must not keep a machine from being reachable.
 * @param now milliseconds since the Unix epoch.
 */
export const hasStopNote = (dataDir: string, now = Date.now()): boolean => {
  const age = now - (leftAt(notePath(dataDir)) ?? -Infinity);
  return age >= -1000 && age < TIMING.stopNote;
};

/** SERVICE_START_REASON_RESTART_ON_FAILURE. @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_start_reason */
const RESTART_ON_FAILURE = 0x8;

/** @param startReason a bit of SERVICE_START_REASON_*; 0 where Windows does not tell: then being reachable wins. */
export const standsDown = (startReason: number, noted: boolean): boolean =>
  noted && (startReason & RESTART_ON_FAILURE) !== 0;

/** SERVICE_START_REASON_AUTO and _DELAYEDAUTO: the machine has started. */
const AT_BOOT = 0x2 | 0x10;

/** @param startReason as above. */
export const isBoot = (startReason: number): boolean => (startReason & AT_BOOT) !== 0;

/** Left by the addon beside the note of a stop, when it has ended a supervisor that did not answer. */
const hungPath = (dataDir: string): string => join(dataDir, 'hung');

/** Tells the addon where to leave both, for a supervisor that cannot do it itself. */
export const entrustNotes = (addon: Pick<ScmAddon, 'scmNotes'>, dataDir: string): void => {
  addon.scmNotes(toNamespacedPath(notePath(dataDir)), toNamespacedPath(hungPath(dataDir)));
};

/** When the addon had to end the former supervisor, told once; `undefined` where it had not. Never throws. */
export const takeHungNote = (dataDir: string): Date | undefined => {
  const at = leftAt(hungPath(dataDir));
  if (at === undefined) return undefined;
  remove(hungPath(dataDir));
  return new Date(at);
};
