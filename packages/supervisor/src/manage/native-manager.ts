/** The {@link ServiceManager} that is Windows': numbers become names, and errors {@link Win32Error}s. */
import type { ManagerAddon, ProcessHandle } from '@guruconnect/native';
import type {
  FailureActions,
  RecoveryAction,
  ServiceConfig,
  ServiceManager,
  ServiceProcess,
  ServiceStateName,
  StartType,
} from './service-manager.ts';
import { WIN32, Win32Error } from './win32-error.ts';

/** By their number. @see https://learn.microsoft.com/windows/win32/api/winsvc/ns-winsvc-service_status_process */
const STATES: readonly (ServiceStateName | undefined)[] = [
  undefined,
  'stopped',
  'start-pending',
  'stop-pending',
  'running',
  'continue-pending',
  'pause-pending',
  'paused',
];
const START_TYPES: readonly StartType[] = ['boot', 'system', 'auto', 'demand', 'disabled'];
const ACTION_KINDS: readonly RecoveryAction['kind'][] = ['none', 'restart', 'reboot', 'run-command'];

/** SERVICE_NO_CHANGE. */
const NO_CHANGE = 0xffffffff;
const CONTROL_STOP = 1;
const LEVEL = { delayedStart: 3, failureFlag: 4 } as const;
const TERMINATED_EXIT_CODE = 1;

type Check = (operation: string, error: number) => void;

const checkOf =
  (object: string): Check =>
  (operation, error) => {
    if (error !== 0) throw new Win32Error(error, operation, object);
  };

const nameOf = <Name>(names: readonly (Name | undefined)[], number: number, what: string): Name => {
  const name = names[number];
  if (name === undefined) throw new Error(`${what} ${number} is not known`);
  return name;
};

const startTypeNumber = (startType: StartType | undefined): number =>
  startType === undefined ? NO_CHANGE : START_TYPES.indexOf(startType);

const toActions = (flat: readonly number[]): readonly RecoveryAction[] =>
  flat.flatMap((type, i) =>
    // What is beyond (SC_ACTION_OWN_RESTART) is nothing that the SCM would do.
    i % 2 === 0 ? [{ kind: ACTION_KINDS[type] ?? 'none', delayMs: flat[i + 1] ?? 0 }] : [],
  );

const toFlat = ({ actions }: FailureActions): readonly number[] =>
  actions.flatMap(({ kind, delayMs }) => [ACTION_KINDS.indexOf(kind), delayMs]);

const serviceProcess = (
  addon: ManagerAddon,
  check: Check,
  handle: ProcessHandle,
  pid: number,
  startedAt: number,
): ServiceProcess => ({
  pid,
  startedAt,
  ended: async (ms) => {
    const error = await addon.processWait(handle, ms);
    if (error === WIN32.waitTimeout) return false;
    check('WaitForSingleObject', error);
    return true;
  },
  terminate: () => {
    check('TerminateProcess', addon.processTerminate(handle, TERMINATED_EXIT_CODE));
  },
  close: () => {
    addon.processClose(handle);
  },
});

type Settings = Pick<
  ServiceManager,
  | ('description' | 'setDescription' | 'failureActions' | 'setFailureActions' | 'failureFlag')
  | ('setFailureFlag' | 'delayedStart' | 'setDelayedStart' | 'privileges' | 'setPrivileges')
>;

/** The levels of QueryServiceConfig2 and ChangeServiceConfig2. */
const settings = (addon: ManagerAddon, name: string, check: Check): Settings => {
  const query = async <Answer extends { readonly error: number }>(
    answer: Promise<Answer>,
  ): Promise<Answer> => {
    const found = await answer;
    check('QueryServiceConfig2', found.error);
    return found;
  };
  const change = async (error: Promise<number>): Promise<void> => {
    check('ChangeServiceConfig2', await error);
  };
  const getSwitch = async (level: number) => (await query(addon.scmSwitch(name, level))).on;
  const setSwitch = (level: number, on: boolean) => change(addon.scmSetSwitch(name, level, on));
  return {
    description: async () => (await query(addon.scmDescription(name))).text,
    setDescription: (text) => change(addon.scmSetDescription(name, text)),
    failureActions: async () => {
      const { resetPeriodS, actions } = await query(addon.scmFailureActions(name));
      return { resetPeriodS, actions: toActions(actions) };
    },
    setFailureActions: (wanted) =>
      change(addon.scmSetFailureActions(name, wanted.resetPeriodS, toFlat(wanted))),
    failureFlag: () => getSwitch(LEVEL.failureFlag),
    setFailureFlag: (on) => setSwitch(LEVEL.failureFlag, on),
    delayedStart: () => getSwitch(LEVEL.delayedStart),
    setDelayedStart: (on) => setSwitch(LEVEL.delayedStart, on),
    privileges: async () => (await query(addon.scmPrivileges(name))).names,
    setPrivileges: (names) => change(addon.scmSetPrivileges(name, names)),
  };
};

type Definition = Pick<ServiceManager, 'config' | 'create' | 'change' | 'delete'>;

const definition = (addon: ManagerAddon, name: string, check: Check): Definition => ({
  config: async () => {
    const { error, startType, ...rest } = await addon.scmConfig(name);
    check('QueryServiceConfig', error);
    return { ...rest, startType: nameOf(START_TYPES, startType, 'start type') };
  },
  create: async ({
    serviceType,
    startType,
    errorControl,
    imagePath,
    displayName,
    account,
  }: ServiceConfig) => {
    const start = startTypeNumber(startType);
    check(
      'CreateService',
      await addon.scmCreate(name, serviceType, start, errorControl, imagePath, displayName, account),
    );
  },
  change: async (changes) => {
    const error = await addon.scmChange(
      name,
      changes.serviceType ?? NO_CHANGE,
      startTypeNumber(changes.startType),
      changes.errorControl ?? NO_CHANGE,
      changes.imagePath ?? null,
      changes.displayName ?? null,
      changes.account ?? null,
    );
    check('ChangeServiceConfig', error);
  },
  delete: async () => {
    check('DeleteService', await addon.scmDelete(name));
  },
});

/** @param name of the service, which need not exist. */
export const nativeManager = (addon: ManagerAddon, name: string): ServiceManager => {
  const check = checkOf(name);
  return {
    name,
    ...definition(addon, name, check),
    ...settings(addon, name, check),
    authorize: async () => {
      check('OpenSCManager', await addon.scmAuthorize());
    },
    status: async () => {
      const { error, state, waitHintMs, ...rest } = await addon.scmStatus(name);
      check('QueryServiceStatusEx', error);
      return { ...rest, state: nameOf(STATES, state, 'state'), waitHint: waitHintMs };
    },
    start: async () => {
      check('StartService', await addon.scmStart(name));
    },
    stop: async () => {
      check('ControlService', await addon.scmControl(name, CONTROL_STOP));
    },
    process: async () => {
      const { error, pid, startedAtMs, process } = await addon.scmOpenProcess(name);
      check('OpenProcess', error);
      return process === undefined ? undefined : serviceProcess(addon, check, process, pid, startedAtMs);
    },
  };
};
