/** What `guruconnect config check` has to say. Pure: the facts are gathered by `config-command.ts`. */
import { isAbsolute } from 'node:path';
import {
  type ConfigKey,
  type ConfigSources,
  type Problem,
  type Settings,
  type Source,
  CONFIG_KEYS,
  problemLine,
  sourceOf,
} from '@guruconnect/shared/config';
import type { Inspection } from '@guruconnect/shared/config-file';
import { SYSTEM_PROXY } from '@guruconnect/shared/system-proxy';
import { ENVIRONMENT, variable } from '@guruconnect/shared/environment';

/** What is stored: the relay that a credential is for, none at all, or nothing that could be read from here. */
export type StoredFor =
  | { readonly kind: 'relay'; readonly relay: string }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown' };

export interface ConfigFacts {
  readonly inspection: Inspection;
  /** Whether there is a file, readable or not. */
  readonly present: boolean;
  /** Permission bits of the file; `undefined` where there is no file, or nothing to be learnt from them (Windows). */
  readonly mode: number | undefined;
  readonly stored: StoredFor;
}

/** Nothing that keeps the agent from starting. */
export interface Remark {
  readonly level: 'warning' | 'info';
  readonly text: string;
}

/** A key as it counts. `value` is fit to be shown: a secret is `set`; `undefined` where the key has no value. */
export interface Row {
  readonly key: ConfigKey;
  readonly value: string | undefined;
  readonly source: Source;
}

export interface ConfigReport {
  readonly file: { readonly path: string; readonly present: boolean; readonly named: boolean };
  readonly problems: readonly Problem[];
  readonly remarks: readonly Remark[];
  /** Empty where there are problems. */
  readonly rows: readonly Row[];
}

const shown = (settings: Settings, key: ConfigKey): string | undefined => {
  const value = settings[key];
  if (value === undefined) return undefined;
  if (key === 'enrollToken') return 'set';
  if (key === 'proxy' && value !== SYSTEM_PROXY) return new URL(String(value)).origin;
  return Array.isArray(value) ? value.join(', ') : String(value);
};

const hasPassword = (proxy: unknown): boolean => {
  if (typeof proxy !== 'string') return false;
  return URL.canParse(proxy) ? new URL(proxy).password !== '' : proxy.includes('@');
};

const secretsIn = ({ content }: NonNullable<ConfigSources['file']>): string | undefined => {
  const secrets = [
    ...(content['enrollToken'] === undefined ? [] : ['the enrolment token']),
    ...(hasPassword(content['proxy']) ? ["the proxy's password"] : []),
  ];
  return secrets.length === 0 ? undefined : secrets.join(' and ');
};

const OTHERS = 0o077;

const readable = ({ inspection, mode }: ConfigFacts): readonly Remark[] => {
  const { file } = inspection.sources;
  const secrets = file === undefined ? undefined : secretsIn(file);
  if (file === undefined || secrets === undefined || mode === undefined || (mode & OTHERS) === 0) return [];
  const octal = (mode & 0o777).toString(8).padStart(4, '0');
  return [
    {
      level: 'warning',
      text: `${file.path}: has ${secrets} in it and is open to others (mode ${octal}): chmod 600`,
    },
  ];
};

/** Paths that depend on the folder a command is started in; one in the file does not. */
const relativePaths = ({ inspection }: ConfigFacts): readonly Remark[] => {
  const { flags, env } = inspection.sources;
  const paths: readonly (readonly [origin: string, path: string | undefined])[] = [
    ['--config', flags.config],
    flags.data === undefined ? [ENVIRONMENT.data, variable(env, 'data')] : ['--data', flags.data],
    flags.ca === undefined ? [ENVIRONMENT.ca, variable(env, 'ca')] : ['--ca', flags.ca],
  ];
  return paths
    .filter(([, path]) => path !== undefined && !isAbsolute(path))
    .map(([origin]) => ({
      level: 'warning',
      text: `${origin}: a relative path, which means another place wherever the agent is started`,
    }));
};

const means = ({ inspection: { settings, sources }, stored }: ConfigFacts): readonly Remark[] => {
  if (settings === undefined || stored.kind === 'unknown') return [];
  const enrolled = stored.kind === 'relay' && stored.relay === settings.relay;
  if (settings.enrollToken === undefined) {
    if (enrolled) return [];
    const why =
      stored.kind === 'none' ? 'no credential is stored' : 'the stored credential is for another relay';
    return [
      {
        level: 'warning',
        text: `enrollToken: ${why}, and there is no token to get one: the agent would not start`,
      },
    ];
  }
  if (!enrolled) return [];
  const where = sourceOf(sources, 'enrollToken');
  const origin = where.kind === 'default' ? '' : `${where.name}: `;
  return [
    {
      level: 'info',
      text: `${origin}the enrolment token is not needed: a credential for this relay is stored`,
    },
  ];
};

export const configReport = (facts: ConfigFacts): ConfigReport => {
  const { place, sources, problems, settings } = facts.inspection;
  return {
    file: { ...place, present: facts.present },
    problems,
    remarks: [...readable(facts), ...relativePaths(facts), ...means(facts)],
    rows:
      settings === undefined
        ? []
        : CONFIG_KEYS.map((key) => ({ key, value: shown(settings, key), source: sourceOf(sources, key) })),
  };
};

/** In one line, with the key that may have been meant. */
export const problemText = (problem: Problem): string =>
  problem.meant === undefined
    ? problemLine(problem)
    : `${problemLine(problem)}: did you mean "${problem.meant}"?`;
