/**
 * When a log is rotated, into which of its slots, and what is too old to be kept. Pure.
 *
 * A log has a fixed number of slots beside it (`worker.1.log` … `worker.4.log`), and the file that is full takes the place of the oldest
 * of them: one rename, where names by age would need one for each slot, and nothing half done if the power goes in between. The number
 * in a name says nothing of its age, therefore.
 */

const MEBIBYTE = 1024 * 1024;
const DAY_MS = 86_400_000;

export interface LogLimits {
  /** Bytes of a file until it is rotated. */
  readonly fileBytes: number;
  /** Milliseconds from a file's first line until it is rotated. */
  readonly fileAgeMs: number;
  /** Files beside the one that is written. */
  readonly slots: number;
  /** Milliseconds from a file's last line until it is removed. */
  readonly keptMs: number;
  /** Bytes of a file that cannot be rotated until lines are dropped. */
  readonly stuckBytes: number;
}

/** 50 MiB for each log at the most, and 60 MiB where it cannot be rotated. */
export const LOG_LIMITS: LogLimits = {
  fileBytes: 10 * MEBIBYTE,
  fileAgeMs: 7 * DAY_MS,
  slots: 4,
  keptMs: 30 * DAY_MS,
  stuckBytes: 20 * MEBIBYTE,
};

/** The file that is written, as it is found. */
export interface CurrentFile {
  readonly size: number;
  /** Milliseconds since the epoch, of its first line. */
  readonly since: number;
}

export type LogStep = 'write' | 'rotate' | 'drop';

/** @param mayRotate it has not just been tried in vain. */
export const stepFor = (
  { size, since }: CurrentFile,
  bytes: number,
  now: number,
  mayRotate: boolean,
  limits: LogLimits,
): LogStep => {
  // A line longer than a file is a file of its own. A clock that was set back makes nothing old.
  const isDue = size > 0 && (size + bytes > limits.fileBytes || now - since > limits.fileAgeMs);
  if (isDue && mayRotate) return 'rotate';
  return size > 0 && size + bytes > limits.stuckBytes ? 'drop' : 'write';
};

export interface Slot {
  readonly path: string;
  /** Bytes; `undefined` where there is no such file. */
  readonly size: number | undefined;
  /** Milliseconds since the epoch, of its last line. */
  readonly changedAt: number;
}

/** `…/worker.log` → `…/worker.1.log`, and so on. */
export const slotPaths = (path: string, { slots }: Pick<LogLimits, 'slots'>): readonly string[] =>
  Array.from({ length: slots }, (_none, at) => path.replace(/(?=\.log$)|$/, `.${at + 1}`));

/** Nothing is lost with what is not there or empty; then the oldest. */
const worth = ({ size = 0, changedAt }: Slot): number => (size === 0 ? -Infinity : changedAt);

/** The slots, those first that can best be done without. */
export const bySparing = (slots: readonly Slot[]): readonly Slot[] =>
  [...slots].sort((a, b) => (worth(a) === worth(b) ? 0 : worth(a) - worth(b)));

export const isExpired = ({ size = 0, changedAt }: Slot, now: number, { keptMs }: LogLimits): boolean =>
  size > 0 && now - changedAt > keptMs;
