/**
 * Recovery that really fires: the actions *and* the flag. Without the flag the SCM acts only on a process that vanished,
 * and a worker's death, which is reported as Stopped with an error, would be the end of it.
 * @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_failure_actions_flag
 */
import { messageOf } from '@guruconnect/shared/usage-error';
import { RECOVERY } from './service-definition.ts';
import type { FailureActions, ServiceManager } from './service-manager.ts';
import { WIN32, isWin32 } from './win32-error.ts';

/** A setting by the name a person would know it by. */
export type Setting =
  | ('description' | 'recovery actions' | 'failure-actions flag' | 'delayed start' | 'privilege list')
  /** Of the Event Log's. */
  | 'event source';

export type SettingOutcome =
  /** `changed` where it was not so before. */
  | { readonly kind: 'so'; readonly setting: Setting; readonly changed: boolean }
  /** The platform does not know the setting (error 124): as far as it goes, nothing could be done. */
  | { readonly kind: 'unknown'; readonly setting: Setting }
  | { readonly kind: 'failed'; readonly setting: Setting; readonly why: string };

interface Access<T> {
  readonly get: () => Promise<T>;
  readonly set: (value: T) => Promise<void>;
  readonly wanted: T;
  readonly equal: (a: T, b: T) => boolean;
}

/** `undefined` where the level is unknown. */
const readSetting = async <T>({ get }: Access<T>): Promise<T | undefined> => {
  try {
    return await get();
  } catch (error) {
    if (isWin32(error, WIN32.invalidLevel)) return undefined;
    throw error;
  }
};

const establish = async <T>(setting: Setting, access: Access<T>): Promise<SettingOutcome> => {
  const { set, wanted, equal } = access;
  const before = await readSetting(access);
  if (before !== undefined && equal(before, wanted)) return { kind: 'so', setting, changed: false };
  await set(wanted);
  const after = await readSetting(access);
  if (after === undefined) return { kind: 'unknown', setting };
  return equal(after, wanted)
    ? { kind: 'so', setting, changed: true }
    : { kind: 'failed', setting, why: 'it was accepted, and reads back as something else' };
};

/** Makes a setting what it has to be, unless it is, and reads it back. Never rejects. */
export const ensureSetting = async <T>(setting: Setting, access: Access<T>): Promise<SettingOutcome> => {
  try {
    return await establish(setting, access);
  } catch (error) {
    return isWin32(error, WIN32.invalidLevel)
      ? { kind: 'unknown', setting }
      : { kind: 'failed', setting, why: messageOf(error) };
  }
};

const sameActions = (a: FailureActions, b: FailureActions): boolean =>
  a.resetPeriodS === b.resetPeriodS &&
  a.actions.length === b.actions.length &&
  a.actions.every(
    ({ kind, delayMs }, at) => kind === b.actions[at]?.kind && delayMs === b.actions[at].delayMs,
  );

/** Whether recovery is as it was installed. */
export const isRecoveryWhole = (actions: FailureActions, flag: boolean): boolean =>
  flag && sameActions(actions, RECOVERY);

export const ensureFailureActions = (
  manager: ServiceManager,
  wanted: FailureActions,
): Promise<SettingOutcome> =>
  ensureSetting('recovery actions', {
    get: manager.failureActions,
    set: manager.setFailureActions,
    wanted,
    equal: sameActions,
  });

export const ensureSwitch = (
  setting: 'failure-actions flag' | 'delayed start',
  get: () => Promise<boolean>,
  set: (on: boolean) => Promise<void>,
  wanted: boolean,
): Promise<SettingOutcome> => ensureSetting(setting, { get, set, wanted, equal: (a, b) => a === b });

/** Actions, then the flag, each set if need be and read back. Never rejects. */
export const ensureRecovery = async (manager: ServiceManager): Promise<readonly SettingOutcome[]> => [
  await ensureFailureActions(manager, RECOVERY),
  await ensureSwitch('failure-actions flag', manager.failureFlag, manager.setFailureFlag, true),
];
