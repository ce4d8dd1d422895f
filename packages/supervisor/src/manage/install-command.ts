/** `guruconnect install`: everything that can be wrong is looked at before anything is changed. */
import type { AgentOptions } from '@guruconnect/shared/config';
import { configPath } from '@guruconnect/shared/data-folder';
import { EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { UsageError } from '@guruconnect/shared/usage-error';
import { configuredEvents } from '../event-log/recovery-events.ts';
import { openEventLog } from '../event-log/windows-sink.ts';
import { askStatus } from '../status-client.ts';
import { awaitArrival } from './arrival.ts';
import { configStore, formerFiles, writeCompanion } from './config-store.ts';
import type { ManageContext } from './context.ts';
import { type Installed, installService } from './install-service.ts';
import { type InstalledConfig, installedConfig } from './installed-config.ts';
import { requireLocal, requireLocalFolder } from './local-path.ts';
import { type Report, arrivalReport, join, settingsReport } from './outcome-words.ts';
import { findWeakness } from './path-safety.ts';
import { codeFiles, codePaths, serviceProgram } from './program-location.ts';
import { inspectFolder, prepareFolder, readSecurity } from './protected-folder.ts';
import type { ServiceProgram } from './service-definition.ts';
import type { SettingChoices } from './settings.ts';

export interface InstallChoices extends SettingChoices {
  readonly options: AgentOptions;
  readonly start: boolean;
  readonly allowInsecurePath: boolean;
  /** An administrator answers for what lies in a data folder that others could write to. */
  readonly takeOverData: boolean;
}

/** @throws UsageError naming the folder. */
const requireSafePath = async ({ addon }: ManageContext, program: ServiceProgram): Promise<void> => {
  const read = readSecurity(addon);
  const weakness =
    (await findWeakness(read, codePaths(program))) ?? (await findWeakness(read, codeFiles(program)));
  if (weakness === undefined) return;
  throw new UsageError(
    `${weakness.path}: ${weakness.who} can change what the service would run as LocalSystem; ` +
      'move the program into a folder that only administrators can write, such as below C:\\Program Files, ' +
      'or override this with --allow-insecure-path',
  );
};

/** An agent that could never come online is refused here, and not found out from its log. */
const requireMeans = (data: string, { hasToken }: InstalledConfig, hasCredential: boolean): void => {
  if (hasToken || hasCredential) return;
  throw new UsageError(
    `no credential is stored in ${data}: give --enroll-token, or set GURUCONNECT_ENROLL_TOKEN`,
  );
};

/** Without the privileges to act as the system and to hand out a token, LocalSystem gets none of LocalService. */
const requirePrivileges = ({ workerAccount }: InstalledConfig, isReduced: boolean): void => {
  if (workerAccount !== 'local-service' || !isReduced) return;
  throw new UsageError(
    'a worker as LocalService (workerAccount) is started with privileges that --reduced-privileges takes away: one of them',
  );
};

const DONE = { installed: `${SERVICE_NAME} installed`, updated: `${SERVICE_NAME} updated` } as const;

const report = ({ kind, settings, startFailure, arrival }: Installed): Report => {
  if (startFailure !== undefined) {
    return join(
      {
        lines: [`${DONE[kind]}, but ${startFailure}`],
        code: EXIT.failed,
        facts: { result: kind, startFailure },
      },
      settingsReport(settings),
    );
  }
  const end: Report =
    arrival === undefined
      ? { lines: [`${DONE[kind]}; not started (--no-start)`], code: EXIT.ok }
      : arrivalReport(DONE[kind], arrival);
  return join({ lines: [], code: EXIT.ok, facts: { result: kind } }, end, settingsReport(settings));
};

/** The source is registered by now. */
const tellEventLog = async ({ settings }: Installed): Promise<void> => {
  const events = openEventLog();
  configuredEvents(settings).forEach(events.write);
  await events.close();
};

/** @throws UsageError before anything is changed; Win32Error and ServiceError after. */
export const install = async (context: ManageContext, choices: InstallChoices): Promise<Report> => {
  const { addon, data, ports } = context;
  const { options, allowInsecurePath, takeOverData } = choices;
  const program = serviceProgram(data);
  for (const path of codePaths(program).files) requireLocal(path);
  requireLocalFolder(data);
  if (!allowInsecurePath) await requireSafePath(context, program);
  const trust = { takeOver: takeOverData, insecureWay: allowInsecurePath };
  const plan = await inspectFolder(addon, data, trust);
  const store = configStore(data);
  const former = await formerFiles(data, plan, store);
  const config = installedConfig(configPath(data), former.config, options, process.env);
  requireMeans(data, config, former.hasCredential);
  requirePrivileges(config, choices.reducedPrivileges === true);
  await prepareFolder(addon, data, plan);
  if (config.certificates !== undefined) await writeCompanion(data, config.certificates);
  const installed = await installService(
    { ...ports, configStore: store, arrive: () => awaitArrival(ports, () => askStatus(data)) },
    { ...choices, program, config: config.text },
  );
  await tellEventLog(installed);
  return report(installed);
};
