/** `guruconnect doctor`: the checks, what to do about each, and on request the repair and the drill. */
import { isAddonBuilt, loadManager } from '@guruconnect/native';
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import { usesColors } from '@guruconnect/shared/colors';
import type { AgentOptions } from '@guruconnect/shared/config';
import { dataDir } from '@guruconnect/shared/data-folder';
import type { ExitCode } from '@guruconnect/shared/exit-codes';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { TIMING } from '@guruconnect/shared/timing';
import { UsageError } from '@guruconnect/shared/usage-error';
import { installedFolder } from '../manage/context.ts';
import { nativeManager } from '../manage/native-manager.ts';
import { openProgress } from '../manage/progress-view.ts';
import type { CheckName, Finding } from './check.ts';
import { examine } from './examine.ts';
import type { DoctorFacts } from './facts.ts';
import { findingsExitCode, findingsJson, renderFindings } from './findings-view.ts';
import { gather } from './gather.ts';
import { type WindowsParts, systemPorts } from './system-ports.ts';
import { systemAfter, within } from './within.ts';

/** What `install --allow-insecure-path` lets pass. */
const ANSWERED_FOR: readonly CheckName[] = ['program', 'data-folder', 'store'];

const windowsParts = (): WindowsParts | undefined => {
  if (process.platform !== 'win32' || !isAddonBuilt()) return undefined;
  const addon = loadManager();
  return { addon, manager: nativeManager(addon, SERVICE_NAME) };
};

/** A look that was given up may hold the process for ever. */
export const leaveAnyway = (): void => {
  setTimeout(() => process.exit(), TIMING.exitGuard).unref();
};

const orLeave = async <T>(work: Promise<T>): Promise<T> => {
  try {
    return await work;
  } catch (error) {
    leaveAnyway();
    throw error;
  }
};

/** The machine that is meant: the installed service's, where no other folder is named. @throws Error where the SCM does not answer */
export const findPatient = async (options: AgentOptions) => {
  const windows = windowsParts();
  const installed =
    windows === undefined
      ? undefined
      : await orLeave(
          within({ after: systemAfter, who: 'the Service Control Manager' }, () =>
            installedFolder(windows.manager),
          ),
        );
  const data = options.data === undefined && installed !== undefined ? installed : dataDir(options);
  return { windows, options: { ...options, data } };
};

export type Patient = Awaited<ReturnType<typeof findPatient>>;

/** @param quiet without a word on stderr about the wait. */
export const lookAt = async ({ windows, options }: Patient, quiet: boolean): Promise<DoctorFacts> => {
  const progress = openProgress(quiet);
  try {
    progress.step('the checks', TIMING.probe);
    return await orLeave(gather(systemPorts(windows, options)));
  } finally {
    progress.end();
  }
};

/** @throws UsageError */
const requireWindows = ({ windows }: Patient): WindowsParts => {
  if (windows !== undefined) return windows;
  throw new UsageError(
    'doctor --fix needs Windows and its Service Control Manager: it repairs what install sets',
  );
};

const print = (findings: readonly Finding[], json: boolean, changed?: readonly string[]): void => {
  process.stdout.write(
    json
      ? `${JSON.stringify({ ...findingsJson(findings), ...(changed && { changed }) }, undefined, 2)}\n`
      : renderFindings(findings, usesColors(process.stdout, process.env)),
  );
};

const OWN = {
  json: { type: 'boolean' },
  fix: { type: 'boolean' },
  'crash-drill': { type: 'boolean' },
  yes: { type: 'boolean' },
  'allow-insecure-path': { type: 'boolean' },
} as const;

/** @throws UsageError; what `--fix` and `--crash-drill` throw */
export const runDoctor = async (args: readonly string[]): Promise<ExitCode> => {
  const { options, own } = parseAgentOptions(args, OWN);
  const json = own['json'] === true;
  const [fix, drill] = [own['fix'] === true, own['crash-drill'] === true];
  if (fix && drill) throw new UsageError('doctor: --fix and --crash-drill: one after the other');
  const patient = await findPatient(options);
  if (drill)
    return (await import('./drill-command.ts')).runDrill(patient, { json, yes: own['yes'] === true });
  const allowInsecurePath = own['allow-insecure-path'] === true;
  const tolerated = allowInsecurePath ? ANSWERED_FOR : [];
  const repairs = fix
    ? { windows: requireWindows(patient), fix: await import('./fix-command.ts') }
    : undefined;
  const facts = await lookAt(patient, json);
  const changed = await repairs?.fix.runFix(patient, repairs.windows, { facts, allowInsecurePath });
  const findings = examine(changed === undefined ? facts : await lookAt(patient, json), tolerated);
  if (changed !== undefined && !json) {
    const lines = changed.length === 0 ? ['nothing was to be repaired'] : changed;
    process.stdout.write(lines.map((line) => `${line}\n`).join(''));
  }
  print(findings, json, changed);
  leaveAnyway();
  return findingsExitCode(findings);
};
