/** The fake SCM as advapi32 shows it: the port of the management flows, with Windows' answers. */
import type { ServiceManager, ServiceProcess } from '@guruconnect/supervisor/manage/service-manager';
import { WIN32, Win32Error } from '@guruconnect/supervisor/manage/win32-error';
import {
  type FakeProcess,
  type FakeService,
  control,
  createService,
  launch,
  startError,
} from './fake-scm-service.ts';
import type { Machine } from './fake-scm.ts';

const CONTROL_STOP = 1;

/** What ordinary users may do with a service by default: https://learn.microsoft.com/windows/win32/services/service-security-and-access-rights */
const FOR_EVERYBODY: ReadonlySet<string> = new Set([
  'status',
  'config',
  'description',
  'failureActions',
  'failureFlag',
  'delayedStart',
  'privileges',
]);

const processHandle = (machine: Machine, process: FakeProcess): ServiceProcess => ({
  pid: process.pid,
  startedAt: process.startedAt,
  ended: (ms) =>
    new Promise((resolve) => {
      if (!process.alive || ms === 0) {
        resolve(!process.alive);
        return;
      }
      const timer = machine.clock.after(ms, () => resolve(false));
      process.onExit(() => {
        timer.cancel();
        resolve(true);
      });
    }),
  terminate: () => {
    process.exit(1);
  },
  close: () => undefined,
});

/** @param elevated whether the caller is an administrator. */
export const fakeManager = (machine: Machine, name: string, elevated: boolean): ServiceManager => {
  const epoch = machine.epoch();
  const refuse = (code: number, method: string): never => {
    throw new Win32Error(code, method, name);
  };
  const find = (method: string): FakeService =>
    machine.services.get(name) ?? refuse(WIN32.serviceDoesNotExist, method);
  /** nf-winsvc-deleteservice: what would change a service that is marked for deletion is refused with 1072. */
  const findWhole = (method: string): FakeService => {
    const service = find(method);
    return service.marked ? refuse(WIN32.serviceMarkedForDelete, method) : service;
  };
  /** `effect` is left out where a test has asked for the answer alone. */
  const call = async <T>(
    method: string,
    read: () => T,
    effect: (found: T) => void = () => undefined,
  ): Promise<T> => {
    // A program that is gone with its machine never hears from it again.
    if (epoch !== machine.epoch() || machine.countCall()) return new Promise(() => undefined);
    await Promise.resolve();
    if (!elevated && !FOR_EVERYBODY.has(method)) refuse(WIN32.accessDenied, method);
    const fault = machine.takeFault(method);
    if (typeof fault === 'number') refuse(fault, method);
    const found = read();
    if (fault !== 'dropped') effect(found);
    return found;
  };
  const set = async (method: string, effect: (service: FakeService) => void): Promise<void> => {
    await call(method, () => findWhole(method), effect);
  };
  return {
    name,
    authorize: () => call('authorize', () => undefined),
    status: () => call('status', () => find('status').status),
    config: () => call('config', () => find('config').config),
    create: async (config) => {
      await call(
        'create',
        () => {
          const found = machine.services.get(name);
          if (found !== undefined)
            refuse(found.marked ? WIN32.serviceMarkedForDelete : WIN32.serviceExists, 'create');
        },
        () => machine.services.set(name, createService(name, config)),
      );
    },
    change: (changes) =>
      set('change', (service) => {
        service.config = { ...service.config, ...changes };
      }),
    delete: () =>
      set('delete', (service) => {
        // [MS-SCMR] RDeleteService: "the server MUST change ... Start to SERVICE_DISABLED".
        service.marked = true;
        service.config = { ...service.config, startType: 'disabled' };
        machine.release(service);
      }),
    start: () =>
      set('start', (service) => {
        const error = startError(machine, service);
        if (error !== 0) refuse(error, 'start');
        launch(machine, service, 'demand');
      }),
    stop: async () => {
      await call(
        'stop',
        () => find('stop'),
        (service) => {
          const error = control(service, CONTROL_STOP);
          if (error !== 0) refuse(error, 'stop');
        },
      );
    },
    process: () =>
      call('process', () => {
        const { process } = find('process');
        return process === undefined ? undefined : processHandle(machine, process);
      }),
    description: () => call('description', () => find('description').description),
    setDescription: (text) => set('setDescription', (service) => (service.description = text)),
    failureActions: () => call('failureActions', () => find('failureActions').failureActions),
    setFailureActions: (actions) => set('setFailureActions', (service) => (service.failureActions = actions)),
    failureFlag: () => call('failureFlag', () => find('failureFlag').failureFlag),
    setFailureFlag: (on) => set('setFailureFlag', (service) => (service.failureFlag = on)),
    delayedStart: () => call('delayedStart', () => find('delayedStart').delayedStart),
    setDelayedStart: (on) => set('setDelayedStart', (service) => (service.delayedStart = on)),
    privileges: () => call('privileges', () => find('privileges').privileges),
    setPrivileges: (names) => set('setPrivileges', (service) => (service.privileges = names)),
  };
};
