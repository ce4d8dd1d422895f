/** What the installed service has to be. Pure. */
import { SERVICE_DESCRIPTION, SERVICE_DISPLAY_NAME, SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import { optionOf, quoteCommandLine, splitCommandLine } from './command-line.ts';
import type { FailureActions, ServiceConfig } from './service-manager.ts';

const SERVICE_WIN32_OWN_PROCESS = 0x10;
const SERVICE_ERROR_NORMAL = 1;
const LOCAL_SYSTEM = 'LocalSystem';

/** The program that the service runs, every path absolute. */
export interface ServiceProgram {
  /** node.exe, or the packaged program. */
  readonly executable: string;
  /** What node is to run. */
  readonly script: string | undefined;
  /**
   * The folder of configuration, credential and logs. It is in the image path, as a service and a terminal do not agree on
   * what `%ProgramData%` is under every Windows there is.
   */
  readonly data: string;
}

export const imagePath = ({ executable, script, data }: ServiceProgram): string =>
  quoteCommandLine([executable, ...(script === undefined ? [] : [script]), SERVICE_RUN_ARG, '--data', data]);

/** LocalSystem, own process, automatic, error control normal. */
export const serviceConfig = (program: ServiceProgram): ServiceConfig => ({
  serviceType: SERVICE_WIN32_OWN_PROCESS,
  startType: 'auto',
  errorControl: SERVICE_ERROR_NORMAL,
  imagePath: imagePath(program),
  displayName: SERVICE_DISPLAY_NAME,
  account: LOCAL_SYSTEM,
});

export const DESCRIPTION = SERVICE_DESCRIPTION;

/** The data folder that an installed service was given, or `undefined` for the default one. */
export const dataOfImagePath = (path: string): string | undefined =>
  optionOf(splitCommandLine(path).slice(1), 'data');

const SECOND = 1000;
const MINUTE = 60 * SECOND;

/** Growing, so that a fault that does not pass costs little; the last one repeats, so that none is ever the last. */
export const RECOVERY: FailureActions = {
  resetPeriodS: 86_400,
  actions: [5 * SECOND, 5 * SECOND, 5 * SECOND, 30 * SECOND, 2 * MINUTE, 10 * MINUTE].map((delayMs) => ({
    kind: 'restart',
    delayMs,
  })),
};

/**
 * `--reduced-privileges yes`: what Phase 1 does needs none of LocalSystem's privileges, and this one everybody has (without it
 * every folder on the way to a file is checked). It does not reach what LocalSystem may do by its mere name.
 */
export const REDUCED_PRIVILEGES: readonly string[] = ['SeChangeNotifyPrivilege'];
