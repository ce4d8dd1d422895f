/** `guruconnect service-run` after the dispatcher has been connected: the supervisor as a Windows service. */
import type { ScmAddon } from '@guruconnect/native';
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { VERSION } from '@guruconnect/shared/identity';
import type { Log } from '@guruconnect/shared/log';
import { TIMING } from '@guruconnect/shared/timing';
import { messageOf } from '@guruconnect/shared/usage-error';
import { within } from '@guruconnect/shared/within';
import { makeServiceFolder } from './data-folder-maker.ts';
import type { EventLog } from './event-log/event-log.ts';
import { startWords } from './event-log/start-words.ts';
import { openEventLog } from './event-log/windows-sink.ts';
import type { SpawnWorker, WorkerProgram } from './host.ts';
import { OK } from './machine.ts';
import { type ScmConnection, NOT_A_SERVICE, scmHost } from './scm-host.ts';
import type { ServiceStart } from './service-entry.ts';
import { startStatusTeller } from './status-teller.ts';
import { isBoot, leaveStopNote, takeHungNote } from './stop-note.ts';
import { createWitness } from './witness.ts';
import { keepUp } from './service-upkeep.ts';
import { serviceWorker } from './service-worker.ts';
import { supervise } from './supervise.ts';
import { logNotice, openSupervisorLog } from './supervisor-log.ts';
import type { Uncaught } from './uncaught.ts';
import { peekWorkerAccount } from './worker-account.ts';
import { workerProcess } from './worker-process.ts';
import { loadLaunch } from './worker-program.ts';

export interface ServiceParts {
  readonly addon: ScmAddon;
  readonly connection: ScmConnection;
  readonly options: AgentOptions;
  readonly uncaught: Uncaught;
  readonly start: ServiceStart;
  /** What the tests replace; the product's are {@link workerProcess} and {@link openEventLog}. */
  readonly spawnWorker?: SpawnWorker;
  readonly events?: EventLog;
}

/** Where a service tells what becomes of it: a file for administrators, and the Event Log for everybody. */
interface Told {
  readonly log: Log;
  readonly events: EventLog;
}

const upkeep = async (
  { log, events }: Told,
  { options, account = 'own' }: WorkerProgram,
  addon: ScmAddon,
): Promise<void> => keepUp(log, options, addon.scmServiceName(), account, events.recovery);

const runStarted = async (
  { addon, connection, options, uncaught, start, ...parts }: ServiceParts,
  told: Told,
): Promise<ExitCode> => {
  const { log, events } = told;
  const account = start.worker?.account ?? peekWorkerAccount(options);
  const program = serviceWorker(options, account, log, isBoot(addon.scmStartReason()));
  const teller = startStatusTeller(dataDir(options), 'service', (error) => {
    log.warn({ why: messageOf(error) }, 'the status cannot be asked for');
  });
  const witness = createWitness(dataDir(options));
  const fail = (error: unknown): void => {
    supervision.fail(error);
  };
  const spawnOwn = async () => workerProcess(program, start.worker?.launch ?? (await loadLaunch()), fail);
  const spawnWorker = parts.spawnWorker ?? (await spawnOwn());
  // Not before the supervision is there in the same breath: until then an error is the entry's.
  uncaught.onError(fail);
  const supervision = supervise({
    host: scmHost(addon, connection, (state, win32Error) => {
      log.error({ state, win32Error }, 'SetServiceStatus failed');
    }),
    spawnWorker,
    clock: systemClock,
    notice: (notice) => {
      // First of all: where anything after it fails, this is what keeps recovery from undoing the stop.
      if (notice.kind === 'transition' && notice.control === 'stop') leaveStopNote(dataDir(options));
      const words = witness.notice(notice);
      logNotice(log, notice, words);
      events.notice(notice, words);
      teller.notice(notice);
    },
  });
  upkeep(told, program, addon).catch(fail);
  const exit = await supervision.done.catch(() => undefined);
  teller.close();
  // Stopped has been reported: the dispatcher returns now, and only then may the process end.
  await within(connection.ended, TIMING.dispatcherEnd);
  return exit?.code === 0 ? EXIT.ok : EXIT.failed;
};

/** A recovery restart of a service that somebody has stopped since: `Stopped`, as asked, and no worker. */
const standDown = async ({ addon, connection }: ServiceParts, { log, events }: Told): Promise<ExitCode> => {
  log.info('not started by recovery: a stop was asked for since');
  events.write({ kind: 'stood-down' });
  scmHost(addon, connection, () => undefined).report({ state: 'stopped', exit: OK });
  await within(connection.ended, TIMING.dispatcherEnd);
  return EXIT.ok;
};

/** The start, and what it finds of the one before. */
const tellStart = ({ addon, options, start }: ServiceParts, { log, events }: Told): void => {
  log.info('service started');
  if (!start.unwanted)
    events.write({ kind: 'service-started', version: VERSION, how: startWords(addon.scmStartReason()) });
  const hungAt = takeHungNote(dataDir(options));
  if (hungAt === undefined) return;
  log.warn({ at: hungAt }, 'the former supervisor did not answer a stop and was ended');
  events.write({ kind: 'supervisor-hung', time: hungAt.toISOString() });
};

/** Events are written by a thread that the end of the process does not wait for. */
const closeEvents = async ({ log, events }: Told): Promise<void> => {
  const error = await events.close();
  if (error !== 0) log.warn({ win32Error: error }, 'the Event Log has not taken every event');
};

/** What is still open after Stopped must not keep the process: the SCM may start the next one at any moment. */
const leave = (code: ExitCode): ExitCode => {
  setTimeout(() => process.exit(code), TIMING.exitGuard).unref();
  return code;
};

/** Resolves when the dispatcher has returned. Whatever goes wrong before that is reported as Stopped, and logged. */
export const runService = async (parts: ServiceParts): Promise<ExitCode> => {
  const { error, unwanted } = parts.start;
  if (error === NOT_A_SERVICE) {
    process.stderr.write(
      'guruconnect: service-run is started by the Service Control Manager (error 1063): ' +
        'start the service, or use "guruconnect console"\n',
    );
    return EXIT.usage;
  }
  const log = await openSupervisorLog(parts.options, makeServiceFolder);
  const told = { log, events: parts.events ?? openEventLog() };
  if (error !== 0) {
    log.fatal({ win32Error: error }, 'RegisterServiceCtrlHandlerEx failed');
    told.events.write({ kind: 'supervisor-failed', reason: `RegisterServiceCtrlHandlerEx: ${error}` });
    await closeEvents(told);
    // The dispatcher goes on for a service that nobody can report for: only the end of the process tells the SCM.
    process.exit(EXIT.failed);
  }
  tellStart(parts, told);
  const code = await (unwanted ? standDown(parts, told) : runStarted(parts, told));
  log.info({ code }, 'service ended');
  await closeEvents(told);
  return leave(code);
};
