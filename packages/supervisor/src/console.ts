/** `guruconnect console`: the service's own machine and pipe, under a person at a terminal. */
import { constants } from 'node:os';
import { isAddonBuilt, loadChild } from '@guruconnect/native';
import { systemClock } from '@guruconnect/shared/clock';
import type { AgentOptions } from '@guruconnect/shared/config';
import { loadConfig } from '@guruconnect/shared/config-file';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { messageOf } from '@guruconnect/shared/usage-error';
import { consoleHost } from './console-host.ts';
import { INITIAL_STATUS } from './console-status.ts';
import { openConsoleView } from './console-view.ts';
import { makeOwnFolder } from './data-folder-maker.ts';
import { asOnlyInstance } from './instance.ts';
import type { Notice, WorkerProgram } from './host.ts';
import { OK } from './machine.ts';
import { OWN_SCRIPT } from './own-program.ts';
import { startStatusTeller } from './status-teller.ts';
import { supervise } from './supervise.ts';
import { logNotice, openSupervisorLog } from './supervisor-log.ts';
import { workerProcess } from './worker-process.ts';
import { loadLaunch } from './worker-program.ts';
import { createWitness } from './witness.ts';

export interface ConsoleOptions extends AgentOptions {
  /** Stop by itself after so many milliseconds online. */
  readonly exitAfterMs: number | undefined;
  /** Stop when the process that started this one is gone, where the platform can tell (Linux, with the addon). */
  readonly stopWithParent?: boolean;
  /** The worker's program; the tests run programs that misbehave. */
  readonly program?: Pick<WorkerProgram, 'script' | 'nodeArgs' | 'beatMs' | 'broker'>;
}

interface Run extends ConsoleOptions {
  /** Of the configuration. */
  readonly hasAccount: boolean;
}

/** With `--exit-after`, the agent must have come online within this time at all. */
const ONLINE_LIMIT_MS = 30_000;

/** Asks for the stop of `--exit-after`: so long after the link has come online, or when it never does. */
const createExitTimer = (exitAfterMs: number | undefined, stop: () => void) => {
  let wasOnline = false;
  let timer = exitAfterMs === undefined ? undefined : systemClock.after(ONLINE_LIMIT_MS, stop);
  return {
    notice: (notice: Notice): void => {
      if (notice.kind !== 'beat' || notice.beat.link !== 'online' || wasOnline) return;
      wasOnline = true;
      timer?.cancel();
      timer = exitAfterMs === undefined ? undefined : systemClock.after(exitAfterMs, stop);
    },
    wasOnline: () => wasOnline,
    off: () => timer?.cancel(),
  };
};

const run = async ({ program, hasAccount, ...options }: Run): Promise<ExitCode> => {
  const startedAt = systemClock.now();
  const log = await openSupervisorLog(options, makeOwnFolder);
  const launch = await loadLaunch();
  if (hasAccount) log.warn('workerAccount has no effect in a console: the worker runs as whoever started it');
  const host = consoleHost(systemClock.now, (code) => {
    supervision.abandon();
    process.exit(code);
  });
  const view = openConsoleView(() => systemClock.now() - startedAt, logDir(options));
  const exitTimer = createExitTimer(options.exitAfterMs, host.stop);
  const giveSignalsBack = host.takeSignals();
  const teller = startStatusTeller(dataDir(options), 'console', (error) => {
    log.warn({ why: messageOf(error) }, 'the status cannot be asked for');
  });
  const witness = createWitness(dataDir(options));
  let status = INITIAL_STATUS;
  const fail = (error: unknown): void => {
    supervision.fail(error);
  };
  const supervision = supervise({
    host,
    spawnWorker: workerProcess({ script: OWN_SCRIPT, ...program, options }, launch, fail),
    clock: systemClock,
    notice: (notice) => {
      logNotice(log, notice, witness.notice(notice));
      exitTimer.notice(notice);
      status = teller.notice(notice);
      view.show(status);
    },
  });
  // Nobody reads it any more: a reason to stop, and not an error of ours.
  process.stdout.on('error', host.stop);
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  try {
    const exit = await supervision.done;
    const asAsked = options.exitAfterMs === undefined || (exitTimer.wasOnline() && status.clean === true);
    return exit === OK && asAsked ? EXIT.ok : EXIT.failed;
  } finally {
    exitTimer.off();
    teller.close();
    view.close();
    giveSignalsBack();
  }
};

/** @throws UsageError for a bad configuration and for a second supervisor on the same data folder. */
export const runConsole = async (options: ConsoleOptions): Promise<ExitCode> => {
  const { logLevel, workerAccount } = loadConfig(options);
  if (options.stopWithParent) loadChild()?.setParentDeathSignal(constants.signals.SIGTERM);
  if (!isAddonBuilt()) {
    process.stdout.write('The native addon is not built (npm run native): console mode works without it.\n');
  }
  return asOnlyInstance(dataDir(options), () =>
    run({ ...options, logLevel, hasAccount: workerAccount !== 'own' }),
  );
};
