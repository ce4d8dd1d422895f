/**
 * Stopping, until the process is really gone. A stop that is asked for stays one: a note makes a recovery restart that is
 * queued already stand down (`stop-note.ts`), since the SCM offers no way to cancel it. A supervisor that is told to stop
 * leaves the note itself; here it is left only where there is none who could, and never beside one that goes on running,
 * whose crash it would leave unanswered.
 * @see https://learn.microsoft.com/windows/win32/api/winsvc/nf-winsvc-changeserviceconfig2w (Remarks)
 */
import { TIMING } from '@guruconnect/shared/timing';
import { wasHung } from './exit-words.ts';
import { type ManagePorts, sleep } from './ports.ts';
import { ServiceError } from './service-error.ts';
import type { ServiceProcess, ServiceStatus } from './service-manager.ts';
import { settle } from './settle.ts';
import { trueStatus } from './true-status.ts';
import { WIN32, isWin32 } from './win32-error.ts';

/** Somebody or something may start it again just then. */
const STOP_TRIES = 3;

export interface Stopped {
  /** It was stopped already. */
  readonly already: boolean;
  /** It did not stop by itself, and its process was ended. */
  readonly forced: boolean;
  /** Its supervisor did not answer, and was ended by the addon. */
  readonly hung?: true;
}

/** The answer to one SERVICE_CONTROL_STOP: whether the service has taken it, was not running, or will not listen. */
const askOnce = async ({ manager }: ManagePorts): Promise<'asked' | 'not-now' | 'deaf'> => {
  try {
    await manager.stop();
    return 'asked';
  } catch (error) {
    // 1062 has been overtaken by the end of it: the next look tells.
    if (isWin32(error, WIN32.serviceNotActive)) return 'asked';
    if (isWin32(error, WIN32.serviceCannotAcceptControl, WIN32.invalidServiceControl)) return 'not-now';
    if (isWin32(error, WIN32.serviceRequestTimeout, WIN32.noData)) return 'deaf';
    throw error;
  }
};

/** Asks and waits. Resolves with false where the service is stuck, or takes no stop in {@link TIMING.settle}. */
const stopGracefully = async (ports: ManagePorts): Promise<boolean> => {
  const { manager, clock } = ports;
  const end = clock.now() + TIMING.settle;
  while (clock.now() <= end) {
    // A start that is under way takes no stop: it is waited for.
    const { status, stuck } = await settle(ports, `${manager.name} to stop`);
    if (status.state === 'stopped') return true;
    if (stuck) return false;
    const answer = await askOnce(ports);
    if (answer === 'deaf') return false;
    if (answer === 'not-now') await sleep(clock, TIMING.statePoll);
  }
  return false;
};

/** @throws ServiceError where the process has not ended. */
const endByForce = async (
  { manager, progress, stopNote }: ManagePorts,
  process: ServiceProcess,
): Promise<void> => {
  progress.step(`process ${process.pid} of ${manager.name} to end by force`, TIMING.hardEnd);
  // To the SCM this is a crash.
  await stopNote.leave();
  process.terminate();
  if (await process.ended(TIMING.hardEnd)) return;
  await stopNote.remove();
  throw new ServiceError(`process ${process.pid} of ${manager.name} cannot be ended`);
};

/** @returns whether force was needed. */
const stopProcess = async (ports: ManagePorts): Promise<boolean> => {
  // Held from before the question on, so that whatever is ended is what was asked. Not to get it is no reason not to ask.
  let process = await ports.manager.process().catch(() => undefined);
  try {
    const graceful = await stopGracefully(ports);
    if (!graceful) process ??= await ports.manager.process();
    // Stopped is reported a moment before the process is gone, and only then its files are free.
    if (process === undefined || (graceful && (await process.ended(TIMING.hardEnd)))) return false;
    await endByForce(ports, process);
    return true;
  } finally {
    process?.close();
  }
};

/** Its status, if it is stopped and will not be started by anything that is queued. */
const stoppedForGood = async ({ manager, stopNote }: ManagePorts): Promise<ServiceStatus | undefined> => {
  const status = await trueStatus(manager);
  if (status.state !== 'stopped') return undefined;
  await stopNote.leave();
  // A restart may have come between the look and the note.
  if ((await trueStatus(manager)).state === 'stopped') return status;
  await stopNote.remove();
  return undefined;
};

/** Idempotent. @throws Win32Error, 1060 where it is not installed; ServiceError where even force did not help. */
export const stopService = async (ports: ManagePorts): Promise<Stopped> => {
  if ((await stoppedForGood(ports)) !== undefined) return { already: true, forced: false };
  let forced = false;
  for (let tries = 0; tries < STOP_TRIES; tries += 1) {
    forced = (await stopProcess(ports)) || forced;
    // It may have ended by a fault of its own while it was being stopped, and then nobody has left a note.
    const status = await stoppedForGood(ports);
    if (status !== undefined) return { already: false, forced, ...(wasHung(status) && { hung: true }) };
  }
  throw new ServiceError(`${ports.manager.name} is started again as often as it is stopped`);
};
