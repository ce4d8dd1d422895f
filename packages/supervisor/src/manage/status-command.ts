/** `guruconnect status`: one screen, or JSON, and an exit code by state. */
import { loadManager } from '@guruconnect/native';
import { usesColors } from '@guruconnect/shared/colors';
import { dataDir } from '@guruconnect/shared/data-folder';
import type { ExitCode } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import type { Invocation } from '../cli/command-description.ts';
import { installedFolder } from './context.ts';
import { nativeManager } from './native-manager.ts';
import { gatherStatus } from './status-facts.ts';
import { statusJson } from './status-json.ts';
import { statusReport } from './status-report.ts';
import { statusExitCode } from './status-verdict.ts';
import { renderStatus } from './status-view.ts';

/** @throws NativeError on Windows where the addon was not built. */
export const runStatus = async ({ options, own }: Pick<Invocation, 'options' | 'own'>): Promise<ExitCode> => {
  const manager = process.platform === 'win32' ? nativeManager(loadManager(), SERVICE_NAME) : undefined;
  const installed = manager === undefined ? undefined : await installedFolder(manager);
  const data = options.data === undefined && installed !== undefined ? installed : dataDir(options);
  const facts = await gatherStatus(manager, { ...options, data });
  process.stdout.write(
    own['json'] === true
      ? `${JSON.stringify(statusJson(facts), undefined, 2)}\n`
      : renderStatus(statusReport(facts, Date.now()), usesColors(process.stdout, process.env)),
  );
  return statusExitCode(facts);
};
