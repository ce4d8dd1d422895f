/** `guruconnect service-run` after the dispatcher has been connected: the supervisor as a Windows service. */
import type { ScmAddon } from '@guruconnect/native';
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import type { Log } from '@guruconnect/shared/log';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { within } from '@guruconnect/shared/within';
import { makeServiceFolder } from './data-folder-maker.ts';
import type { SpawnWorker, WorkerProgram } from './host.ts';
import { OK } from './machine.ts';
import { type ScmConnection, NOT_A_SERVICE, scmHost } from './scm-host.ts';
import { startStatusTeller } from './status-teller.ts';
import {
  entrustNotes,
  hasStopNote,
  isBoot,
  leaveStopNote,
  removeStopNote,
  standsDown,
  takeHungNote,
} from './stop-note.ts';
import { createWitness } from './witness.ts';
import { keepUp } from './service-upkeep.ts';
import { serviceWorker } from './service-worker.ts';
import { supervise } from './supervise.ts';
import { logNotice, openSupervisorLog } from './supervisor-log.ts';
import type { Uncaught } from './uncaught.ts';
import { workerProcess } from './worker-process.ts';

export interface ServiceParts {
  readonly addon: ScmAddon;
  readonly connection: ScmConnection;
  readonly options: AgentOptions;
  readonly uncaught: Uncaught;
  /** What the tests replace; the product's is {@link workerProcess}. */
  readonly spawnWorker?: SpawnWorker;
}

const upkeep = async (
  log: Log,
  { options, account = 'own' }: WorkerProgram,
  addon: ScmAddon,
): Promise<void> => keepUp(log, options, addon.scmServiceName(), account);

const runStarted = async (
  { addon, connection, options, uncaught, ...parts }: ServiceParts,
  log: Log,
): Promise<ExitCode> => {
  const program = serviceWorker(options, log, isBoot(addon.scmStartReason()));
  const teller = startStatusTeller(dataDir(options), 'service', (error) => {
    log.warn({ why: messageOf(error) }, 'the status cannot be asked for');
  });
  const witness = createWitness(dataDir(options));
  const fail = (error: unknown): void => {
    supervision.fail(error);
  };
  uncaught.onError(fail);
  const supervision = supervise({
    host: scmHost(addon, connection, (state, win32Error) => {
      log.error({ state, win32Error }, 'SetServiceStatus failed');
    }),
    spawnWorker: parts.spawnWorker ?? workerProcess(program, fail),
    clock: systemClock,
    notice: (notice) => {
      // First of all: where anything after it fails, this is what keeps recovery from undoing the stop.
      if (notice.kind === 'transition' && notice.control === 'stop') leaveStopNote(dataDir(options));
      logNotice(log, notice, witness.notice(notice));
      teller.notice(notice);
    },
  });
  upkeep(log, program, addon).catch(fail);
  const exit = await supervision.done.catch(() => undefined);
  teller.close();
  // Stopped has been reported: the dispatcher returns now, and only then may the process end.
  await within(connection.ended, TIMING.dispatcherEnd);
  return exit?.code === 0 ? EXIT.ok : EXIT.failed;
};

const isUnwanted = ({ addon, options }: ServiceParts): boolean =>
  standsDown(addon.scmStartReason(), hasStopNote(dataDir(options)));

/** A recovery restart of a service that somebody has stopped since: `Stopped`, as asked, and no worker. */
const standDown = async ({ addon, connection }: ServiceParts, log: Log): Promise<ExitCode> => {
  log.info('not started by recovery: a stop was asked for since');
  scmHost(addon, connection, () => undefined).report({ state: 'stopped', exit: OK });
  await within(connection.ended, TIMING.dispatcherEnd);
  return EXIT.ok;
};

/** What is still open after Stopped must not keep the process: the SCM may start the next one at any moment. */
const leave = (code: ExitCode): ExitCode => {
  setTimeout(() => process.exit(code), TIMING.exitGuard).unref();
  return code;
};

/** Resolves when the dispatcher has returned. Whatever goes wrong before that is reported as Stopped, and logged. */
export const runService = async (parts: ServiceParts): Promise<ExitCode> => {
  entrustNotes(parts.addon, dataDir(parts.options));
  const error = await parts.connection.started;
  if (error === NOT_A_SERVICE) {
    process.stderr.write(
      'guruconnect: service-run is started by the Service Control Manager (error 1063): ' +
        'start the service, or use "guruconnect console"\n',
    );
    return EXIT.usage;
  }
  const unwanted = isUnwanted(parts);
  // Before anything that can fail: a start that does must find no note when it is tried again.
  if (!unwanted) removeStopNote(dataDir(parts.options));
  const log = await openSupervisorLog(parts.options, makeServiceFolder);
  if (error !== 0) {
    log.fatal({ win32Error: error }, 'RegisterServiceCtrlHandlerEx failed');
    // The dispatcher goes on for a service that nobody can report for: only the end of the process tells the SCM.
    process.exit(EXIT.failed);
  }
  log.info('service started');
  const hungAt = takeHungNote(dataDir(parts.options));
  if (hungAt !== undefined)
    log.warn({ at: hungAt }, 'the former supervisor did not answer a stop and was ended');
  const code = await (unwanted ? standDown(parts, log) : runStarted(parts, log));
  log.info({ code }, 'service ended');
  return leave(code);
};
