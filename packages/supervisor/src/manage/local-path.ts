/** Paths that a service can be given: LocalSystem knows no network drive, and its image path is expanded. */
import { existsSync, realpathSync } from 'node:fs';
import { dirname } from 'node:path';
import { UsageError } from '@guruconnect/shared/usage-error';

const ON_A_DRIVE = /^[A-Za-z]:\\/;
/** The SCM keeps image paths as REG_EXPAND_SZ. */
const A_VARIABLE = /%[^%]+%/;

/** @throws UsageError for a share, a device and what Windows would expand. */
export const requireLocal = (path: string): void => {
  if (!ON_A_DRIVE.test(path)) throw new UsageError(`${path}: must be on a local drive`);
  if (A_VARIABLE.test(path))
    throw new UsageError(`${path}: must not contain %…%, which Windows replaces in a service's command line`);
};

/** The path itself or the nearest folder above it that exists; `undefined` where not even the drive does. */
const nearest = (path: string): string | undefined => {
  if (existsSync(path)) return path;
  return dirname(path) === path ? undefined : nearest(dirname(path));
};

/** Where a drive's letter really leads, too. @throws UsageError */
export const requireLocalFolder = (path: string): void => {
  requireLocal(path);
  const there = nearest(path);
  if (there !== undefined && !ON_A_DRIVE.test(realpathSync.native(there)))
    throw new UsageError(`${path}: must be on a local drive`);
};
