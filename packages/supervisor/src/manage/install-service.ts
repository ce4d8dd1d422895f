/**
 * Installing, and installing over: a service that exists is stopped and changed in place, never deleted, so that at no
 * moment, whatever ends the power or the program, the machine is without one. What cannot be completed is put back.
 */
import { CREATE_TRIES, TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import type { Arrival } from './arrival.ts';
import { type EventSourceState, ensureEventSource, putEventSource } from './event-source.ts';
import { type ManagePorts, sleep } from './ports.ts';
import type { SettingOutcome } from './recovery.ts';
import { type ServiceProgram, dataOfImagePath, serviceConfig } from './service-definition.ts';
import { ServiceError } from './service-error.ts';
import type { ServiceConfig } from './service-manager.ts';
import {
  type FormerSettings,
  type SettingChoices,
  ensureSettings,
  readSettings,
  restoreSettings,
} from './settings.ts';
import { startService } from './start-service.ts';
import { stopService } from './stop-service.ts';
import { isWantedUp } from './wanted-up.ts';
import { WIN32, isWin32 } from './win32-error.ts';

/** The configuration file in the data folder, replaced as a whole and atomically. */
export interface ConfigStore {
  read(): Promise<string | undefined>;
  /** `undefined` removes it. */
  write(text: string | undefined): Promise<void>;
}

export interface InstallPorts extends ManagePorts {
  readonly configStore: ConfigStore;
  /** Whether what has been started comes online, or ends again. */
  readonly arrive: () => Promise<Arrival>;
}

export interface InstallRequest extends SettingChoices {
  readonly program: ServiceProgram;
  /** The configuration file's new content; `undefined` leaves it as it is. */
  readonly config: string | undefined;
  /** False: configure only. A service that runs goes on as it is until it is started again. */
  readonly start: boolean;
}

export interface Installed {
  readonly kind: 'installed' | 'updated';
  readonly settings: readonly SettingOutcome[];
  /** What became of it after its start, where it was started. */
  readonly arrival?: Arrival;
  /** Why the new service did not start: it stays installed, and is tried again at the next boot. */
  readonly startFailure?: string;
}

interface Former {
  readonly config: ServiceConfig;
  readonly settings: FormerSettings;
  /** `undefined` where it could not be read. */
  readonly eventSource: EventSourceState | undefined;
  /** It ran, or would have been started again by its recovery. */
  readonly wasUp: boolean;
}

const findFormer = async (ports: InstallPorts): Promise<Former | undefined> => {
  const { manager } = ports;
  try {
    const config = await manager.config();
    const wasUp = await isWantedUp(ports);
    const eventSource = await ports.eventSource.state().catch(() => undefined);
    return { config, settings: await readSettings(manager), eventSource, wasUp };
  } catch (error) {
    if (isWin32(error, WIN32.serviceDoesNotExist)) return undefined;
    throw error;
  }
};

const stuckDeletion = (name: string, cause: unknown): ServiceError =>
  new ServiceError(
    `the former ${name} is marked for deletion and does not go: some program keeps it open ` +
      '(services.msc, Task Manager, a monitoring tool); close that, or restart Windows, and install again',
    cause,
  );

/** @param known whether there was a former instance: without one, 1072 is somebody else's affair and shown at once. */
const create = async (
  { manager, clock, progress }: InstallPorts,
  config: ServiceConfig,
  known: boolean,
): Promise<void> => {
  for (let attempt = 1; ; attempt += 1) {
    try {
      await manager.create(config);
      return;
    } catch (error) {
      if (!known || !isWin32(error, WIN32.serviceMarkedForDelete)) throw error;
      if (attempt === CREATE_TRIES) throw stuckDeletion(manager.name, error);
      progress.step(`the former ${manager.name} to be gone`, TIMING.createRetry * (CREATE_TRIES - attempt));
      await sleep(clock, TIMING.createRetry);
    }
  }
};

/** Changes it in place; where somebody has marked it for deletion, that is waited for and it is created again. */
const changeOrCreate = async (ports: InstallPorts, config: ServiceConfig): Promise<'changed' | 'created'> => {
  try {
    await ports.manager.change(config);
    return 'changed';
  } catch (error) {
    if (!isWin32(error, WIN32.serviceMarkedForDelete, WIN32.serviceDoesNotExist)) throw error;
    // A service that is marked for deletion reads as disabled: a former one must not come back like that.
    await create(ports, { ...config, startType: 'auto' }, true);
    return 'created';
  }
};

const writeConfig = async ({ configStore }: InstallPorts, { config }: InstallRequest): Promise<void> => {
  if (config !== undefined) await configStore.write(config);
};

/** All that is set beside the service itself. Before the start, which has events to write. */
const ensureAll = async (
  ports: InstallPorts,
  request: InstallRequest,
): Promise<readonly SettingOutcome[]> => [
  await ensureEventSource(ports.eventSource),
  ...(await ensureSettings(ports.manager, request)),
];

const installFresh = async (ports: InstallPorts, request: InstallRequest): Promise<Installed> => {
  const { manager, progress, configStore } = ports;
  const formerConfig = await configStore.read();
  progress.step(`Installing ${manager.name}`);
  await writeConfig(ports, request);
  try {
    await create(ports, serviceConfig(request.program), false);
  } catch (error) {
    if (request.config !== undefined) await configStore.write(formerConfig);
    throw error;
  }
  const settings = await ensureAll(ports, request);
  if (!request.start) return { kind: 'installed', settings };
  try {
    await startService(ports);
    return { kind: 'installed', settings, arrival: await ports.arrive() };
  } catch (error) {
    return { kind: 'installed', settings, startFailure: messageOf(error) };
  }
};

/**
 * The new configuration file and the new command line are two things. Whatever comes between them, one program has to
 * understand the file that it finds: a new one reads an old file, an old one need not read a new file.
 */
const replace = async (ports: InstallPorts, request: InstallRequest, former: Former): Promise<void> => {
  const sameFolder = dataOfImagePath(former.config.imagePath) === request.program.data;
  if (!sameFolder) await writeConfig(ports, request);
  const how = await changeOrCreate(ports, serviceConfig(request.program));
  if (sameFolder) await writeConfig(ports, request);
  if (how === 'changed') return;
  // What is not asked for stays as it is, as far as it can: the settings that matter are looked at next.
  for (const put of restoreSettings(ports.manager, former.settings)) await put().catch(() => undefined);
};

/** Running is said on the worker's hello: what is broken behind that shows a moment later. @throws ServiceError */
const startAnew = async (ports: InstallPorts): Promise<Arrival> => {
  // A recovery restart may have brought the former one up meanwhile: it would go on, and pass for the new one.
  await stopService(ports);
  await startService(ports);
  const arrival = await ports.arrive();
  if (arrival.kind !== 'ended') return arrival;
  throw new ServiceError(`the new ${ports.manager.name} ended again: ${arrival.why}`);
};

const update = async (ports: InstallPorts, request: InstallRequest, former: Former): Promise<Installed> => {
  const { manager, progress } = ports;
  progress.step(`Updating ${manager.name}`);
  if (request.start) await stopService(ports);
  await replace(ports, request, former);
  const settings = await ensureAll(ports, request);
  if (!request.start) return { kind: 'updated', settings };
  return { kind: 'updated', settings, arrival: await startAnew(ports) };
};

/** Every step is tried, whatever becomes of the others. @returns what could not be put back. */
const putBack = async (
  ports: InstallPorts,
  former: Former,
  formerConfig: string | undefined,
  request: InstallRequest,
): Promise<readonly string[]> => {
  const { manager, configStore, progress } = ports;
  const troubles: string[] = [];
  const attempt = async (step: () => Promise<unknown>): Promise<void> => {
    try {
      await step();
    } catch (error) {
      troubles.push(messageOf(error));
    }
  };
  progress.step(`Putting the former ${manager.name} back`);
  if (request.start) await attempt(() => stopService(ports));
  if (request.config !== undefined) await attempt(() => configStore.write(formerConfig));
  await attempt(() => changeOrCreate(ports, former.config));
  for (const put of restoreSettings(manager, former.settings)) await attempt(put);
  const { eventSource } = former;
  if (eventSource !== undefined) await attempt(() => putEventSource(ports.eventSource, eventSource));
  if (!former.wasUp) return troubles;
  if (request.start) await attempt(() => startService(ports));
  // Where even that has failed, recovery and the next boot are left to try.
  await attempt(() => ports.stopNote.remove());
  return troubles;
};

/**
 * Idempotent. @throws Win32Error and ServiceError; after an update that could not be completed, the former service is
 * there again, and runs if it did.
 */
export const installService = async (ports: InstallPorts, request: InstallRequest): Promise<Installed> => {
  const former = await findFormer(ports);
  if (former === undefined) return installFresh(ports, request);
  const formerConfig = await ports.configStore.read();
  try {
    return await update(ports, request, former);
  } catch (error) {
    const troubles = await putBack(ports, former, formerConfig, request);
    const fate =
      troubles.length === 0
        ? 'the former configuration is put back'
        : `putting the former configuration back was not complete (${troubles.join('; ')})`;
    throw new ServiceError(`${messageOf(error)}; ${fate}`, error);
  }
};
