/** Reading the agent's configuration file: the effects that `config.ts` does without. */
import { readFileSync } from 'node:fs';
import { readCertificates } from './certificates.ts';
import {
  type AgentOptions,
  type Config,
  type ConfigFile,
  type ConfigSources,
  type Problem,
  type Settings,
  judgeConfig,
  problemError,
  sourceOf,
  valueOf,
} from './config.ts';
import { SYSTEM_PROXY } from './system-proxy.ts';
import { configPath, dataDir } from './data-folder.ts';
import { UsageError, messageOf } from './usage-error.ts';

/** The file that counts, whether it is there or not. */
export interface ConfigPlace {
  readonly path: string;
  /** By `--config`: then it has to be there. */
  readonly named: boolean;
}

/** `--config`, else `config.json` in the data folder. */
export const configFileOf = (flags: AgentOptions): ConfigPlace => ({
  path: flags.config ?? configPath(dataDir(flags)),
  named: flags.config !== undefined,
});

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

type Content = ConfigFile['content'];

/** @returns the reason where it is no JSON object. */
const contentOf = (text: string): Content | string => {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    return 'not valid JSON';
  }
  return typeof content === 'object' && content !== null && !Array.isArray(content)
    ? (content as Content)
    : 'not a JSON object';
};

/** @throws UsageError where it is no JSON object. Its keys are checked by `resolveConfig`. */
export const parseConfigFile = (path: string, text: string): Content => {
  const content = contentOf(text);
  if (typeof content === 'string') throw new UsageError(`${path}: ${content}`);
  return content;
};

/** @returns nothing for a file that is missing and may be; the reason where it cannot be read or understood. */
const read = ({ path, named }: ConfigPlace): Content | string | undefined => {
  try {
    return contentOf(readFileSync(path, 'utf8'));
  } catch (error) {
    return !named && isMissing(error) ? undefined : messageOf(error);
  }
};

/** What came of looking at a configuration. */
export interface Inspection {
  readonly place: ConfigPlace;
  readonly sources: ConfigSources;
  /** All that is wrong; empty where the next two are there. */
  readonly problems: readonly Problem[];
  readonly settings: Settings | undefined;
  readonly config: Config | undefined;
}

/** The certificates that are named, whatever else may be wrong. */
const trusted = (sources: ConfigSources, problems: readonly Problem[]) => {
  const path = valueOf(sources, 'ca');
  if (typeof path !== 'string' || problems.some(({ key }) => key === 'ca')) return {};
  try {
    return { ca: readCertificates(path) };
  } catch (error) {
    const problem: Problem = { source: sourceOf(sources, 'ca'), key: 'ca', reason: messageOf(error) };
    return { problem };
  }
};

/** What a machine of this kind has no use for, whatever else may be wrong. */
const unfit = (sources: ConfigSources, platform: NodeJS.Platform): readonly Problem[] =>
  platform !== 'win32' && valueOf(sources, 'proxy') === SYSTEM_PROXY
    ? [
        {
          source: sourceOf(sources, 'proxy'),
          key: 'proxy',
          reason: `"${SYSTEM_PROXY}" is for Windows: elsewhere there are no such settings`,
        },
      ]
    : [];

/** A file that cannot be understood may have had a relay in it: that none is left is no news then. */
const without = (place: ConfigPlace, reason: string, problems: readonly Problem[]): readonly Problem[] => [
  { source: { kind: 'file', name: place.path }, key: undefined, reason },
  ...problems.filter(({ source }) => source.kind !== 'default'),
];

/**
 * Looks at file, environment and flags and at the certificates that they name, as {@link loadConfig} does, and tells all
 * that is wrong, for a machine of this platform. Never throws.
 */
export const inspectConfig = (
  flags: AgentOptions,
  platform: NodeJS.Platform = process.platform,
): Inspection => {
  const place = configFileOf(flags);
  const content = read(place);
  const file = typeof content === 'object' ? { path: place.path, content } : undefined;
  const sources = { flags, env: process.env, file };
  const judged = judgeConfig(sources);
  const { ca, problem } = trusted(sources, judged.problems);
  const known = [
    ...judged.problems,
    ...(problem === undefined ? [] : [problem]),
    ...unfit(sources, platform),
  ];
  const problems = typeof content === 'string' ? without(place, content, known) : known;
  if (judged.settings === undefined || problems.length > 0) {
    return { place, sources, problems, settings: undefined, config: undefined };
  }
  const { ca: _path, ...rest } = judged.settings;
  return {
    place,
    sources,
    problems,
    settings: judged.settings,
    config: ca === undefined ? rest : { ...rest, ca },
  };
};

/**
 * File (`--config`, else `config.json` in the data folder if it is there), environment and flags, and the certificates
 * that they name. @throws UsageError with the first problem.
 */
export const loadConfig = (flags: AgentOptions): Config => {
  const { config, problems } = inspectConfig(flags);
  if (config === undefined) throw problemError(problems);
  return config;
};
