/** The configuration file that an installation leaves behind: what was there, and over it what was given. */
import { createHash } from 'node:crypto';
import { type AgentOptions, type Settings, CONFIG_KEYS, resolveConfig } from '@guruconnect/shared/config';
import { parseConfigFile } from '@guruconnect/shared/config-file';
import { readCertificates } from '@guruconnect/shared/certificates';
import { ENVIRONMENT, variable } from '@guruconnect/shared/environment';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import type { WorkerAccount } from '@guruconnect/shared/worker-accounts';

/** Given on the command line, else in the environment; what is in neither stays as it is. */
const given = (options: AgentOptions, env: NodeJS.ProcessEnv): Readonly<Record<string, string>> =>
  Object.fromEntries(
    CONFIG_KEYS.flatMap((key) => {
      const value = options[key] ?? variable(env, key);
      return value === undefined ? [] : [[key, value] as const];
    }),
  );

/** A file that lies in the data folder, to be made there. */
export interface Companion {
  readonly name: string;
  readonly text: string;
}

/**
 * The administrator's certificates, for a copy that the service can read as long as it lives and nobody else can change. Its
 * name is its hash, so that a former one stays as it is for a former configuration that is put back.
 */
const copyOf = (path: string, origin: string): Companion => {
  try {
    const text = `${readCertificates(path).join('\n')}\n`;
    return { name: `ca-${createHash('sha256').update(text).digest('hex').slice(0, 16)}.pem`, text };
  } catch (error) {
    throw new UsageError(`${origin}: ${messageOf(error)}`);
  }
};

/** What a flag can only say as text is written as what it is: a list, and a number. */
const asTheyAre = (
  { pins, metricsPort }: Readonly<Record<string, string>>,
  config: Settings,
): Partial<Settings> => ({
  ...(pins !== undefined && { pins: config.pins }),
  ...(metricsPort !== undefined && { metricsPort: config.metricsPort }),
});

export interface InstalledConfig {
  /** The file's new content; `undefined` where it need not change. */
  readonly text: string | undefined;
  readonly certificates: Companion | undefined;
  readonly hasToken: boolean;
  readonly workerAccount: WorkerAccount;
}

/**
 * @param former the file's present content.
 * @throws UsageError for a file that cannot be understood, and for what would not be a valid configuration.
 */
export const installedConfig = (
  path: string,
  former: string | undefined,
  options: AgentOptions,
  env: NodeJS.ProcessEnv,
): InstalledConfig => {
  const before = former === undefined ? {} : parseConfigFile(path, former);
  const { ca, ...rest } = given(options, env);
  const origin = options.ca === undefined ? ENVIRONMENT.ca : '--ca';
  const certificates = ca === undefined ? undefined : copyOf(ca, origin);
  // What is wrong with what was given is told by its option or variable.
  resolveConfig({
    flags: { ...options, ca: undefined },
    env: { ...env, [ENVIRONMENT.ca]: undefined },
    file: { path, content: before },
  });
  const written = { ...before, ...rest, ...(certificates && { ca: certificates.name }) };
  const config = resolveConfig({ flags: {}, env: {}, file: { path, content: written } });
  const content = { ...written, ...asTheyAre(rest, config) };
  const text = `${JSON.stringify(content, undefined, 2)}\n`;
  return {
    text: text === former ? undefined : text,
    certificates,
    hasToken: config.enrollToken !== undefined,
    workerAccount: config.workerAccount,
  };
};
