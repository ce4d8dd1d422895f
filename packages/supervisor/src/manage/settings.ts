/** All that is set beside the service's configuration proper: description, recovery, delayed start, privileges. */
import { type SettingOutcome, ensureRecovery, ensureSetting, ensureSwitch } from './recovery.ts';
import { DESCRIPTION, REDUCED_PRIVILEGES } from './service-definition.ts';
import type { FailureActions, ServiceManager } from './service-manager.ts';

/** What an administrator may choose; `undefined` leaves it as it is. */
export interface SettingChoices {
  readonly delayedStart?: boolean | undefined;
  readonly reducedPrivileges?: boolean | undefined;
}

const sameNames = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((name, at) => name === b[at]);

/** Each of them set if need be, and read back. Never rejects. */
export const ensureSettings = async (
  manager: ServiceManager,
  { delayedStart, reducedPrivileges }: SettingChoices,
): Promise<readonly SettingOutcome[]> => {
  const outcomes: SettingOutcome[] = [
    await ensureSetting('description', {
      get: manager.description,
      set: manager.setDescription,
      wanted: DESCRIPTION,
      equal: (a, b) => a === b,
    }),
    ...(await ensureRecovery(manager)),
  ];
  if (delayedStart !== undefined) {
    outcomes.push(
      await ensureSwitch('delayed start', manager.delayedStart, manager.setDelayedStart, delayedStart),
    );
  }
  if (reducedPrivileges !== undefined) {
    outcomes.push(
      await ensureSetting('privilege list', {
        get: manager.privileges,
        set: manager.setPrivileges,
        wanted: reducedPrivileges ? REDUCED_PRIVILEGES : [],
        equal: sameNames,
      }),
    );
  }
  return outcomes;
};

/** The settings as they were; `undefined` for what could not be read. */
export interface FormerSettings {
  readonly description: string | undefined;
  readonly failureActions: FailureActions | undefined;
  readonly failureFlag: boolean | undefined;
  readonly delayedStart: boolean | undefined;
  readonly privileges: readonly string[] | undefined;
}

const readable = <T>(reading: Promise<T>): Promise<T | undefined> => reading.catch(() => undefined);

/** Never rejects. */
export const readSettings = async (manager: ServiceManager): Promise<FormerSettings> => ({
  description: await readable(manager.description()),
  failureActions: await readable(manager.failureActions()),
  failureFlag: await readable(manager.failureFlag()),
  delayedStart: await readable(manager.delayedStart()),
  privileges: await readable(manager.privileges()),
});

/** A step for each setting that was read: sets it again, and rejects with a Win32Error where that is refused. */
export const restoreSettings = (
  manager: ServiceManager,
  former: FormerSettings,
): readonly (() => Promise<void>)[] => {
  const put = <T>(value: T | undefined, set: (value: T) => Promise<void>): (() => Promise<void>)[] =>
    value === undefined ? [] : [() => set(value)];
  return [
    ...put(former.description, manager.setDescription),
    ...put(former.failureActions, manager.setFailureActions),
    ...put(former.failureFlag, manager.setFailureFlag),
    ...put(former.delayedStart, manager.setDelayedStart),
    ...put(former.privileges, manager.setPrivileges),
  ];
};
