/** `guruconnect config check | schema`: looks at what the agent would load, and at nothing else; changes nothing. */
import { readFileSync, statSync } from 'node:fs';
import { isAddonBuilt, loadManager } from '@guruconnect/native';
import type { AgentOptions } from '@guruconnect/shared/config';
import { type Inspection, inspectConfig } from '@guruconnect/shared/config-file';
import { configSchemaText } from '@guruconnect/shared/config-json-schema';
import { credentialPath, dataDir } from '@guruconnect/shared/data-folder';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Invocation } from './cli/command-description.ts';
import { type ConfigReport, type StoredFor, configReport } from './config-report.ts';
import { configJson, renderConfig } from './config-view.ts';
import { installedFolder } from './manage/context.ts';
import { nativeManager } from './manage/native-manager.ts';

/** Of the credential its relay alone; whether it is usable is the worker's to judge. */
const storedFor = (dir: string): StoredFor => {
  try {
    const { relay } = JSON.parse(readFileSync(credentialPath(dir), 'utf8')) as { readonly relay?: unknown };
    return typeof relay === 'string' ? { kind: 'relay', relay } : { kind: 'unknown' };
  } catch (error) {
    return { kind: (error as NodeJS.ErrnoException).code === 'ENOENT' ? 'none' : 'unknown' };
  }
};

/** Windows makes up the bits that others have. */
const statOf = (path: string): { readonly present: boolean; readonly mode: number | undefined } => {
  try {
    const { mode } = statSync(path);
    return { present: true, mode: process.platform === 'win32' ? undefined : mode };
  } catch (error) {
    return { present: (error as NodeJS.ErrnoException).code !== 'ENOENT', mode: undefined };
  }
};

/** An installed service has its data folder in its image path: what it loads is meant, where no other is named. */
const asInstalled = async (options: AgentOptions): Promise<AgentOptions> => {
  if (process.platform !== 'win32' || options.data !== undefined || !isAddonBuilt()) return options;
  const data = await installedFolder(nativeManager(loadManager(), SERVICE_NAME));
  return data === undefined ? options : { ...options, data };
};

/** The report on a configuration, beside what is stored in the data folder. */
export const storedReport = (inspection: Inspection, data: string): ConfigReport =>
  configReport({ inspection, ...statOf(inspection.place.path), stored: storedFor(data) });

export const runCheck = async ({ options, own }: Pick<Invocation, 'options' | 'own'>): Promise<ExitCode> => {
  const flags = await asInstalled(options);
  const inspection = inspectConfig(flags);
  const report = storedReport(inspection, dataDir(flags));
  process.stdout.write(
    own['json'] === true ? `${JSON.stringify(configJson(report), undefined, 2)}\n` : renderConfig(report),
  );
  return report.problems.length === 0 ? EXIT.ok : EXIT.usage;
};

export const runSchema = (): ExitCode => {
  process.stdout.write(configSchemaText());
  return EXIT.ok;
};
