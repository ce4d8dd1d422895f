/** Reading the agent's configuration file: the effects that `config.ts` does without. */
import { readFileSync } from 'node:fs';
import { readCertificates } from './certificates.ts';
import {
  type AgentOptions,
  type Config,
  type ConfigFile,
  type ConfigSources,
  originOf,
  resolveConfig,
} from './config.ts';
import { configPath, dataDir } from './data-folder.ts';
import { UsageError, messageOf } from './usage-error.ts';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

const readText = (path: string, required: boolean): string | undefined => {
  try {
    return readFileSync(path, 'utf8');
  } catch (error) {
    if (!required && isMissing(error)) return undefined;
    throw new UsageError(`${path}: ${messageOf(error)}`);
  }
};

/** @throws UsageError where it is no JSON object. Its keys are checked by `resolveConfig`. */
export const parseConfigFile = (path: string, text: string): ConfigFile['content'] => {
  let content: unknown;
  try {
    content = JSON.parse(text.replace(/^\uFEFF/, ''));
  } catch {
    throw new UsageError(`${path}: not valid JSON`);
  }
  if (typeof content === 'object' && content !== null && !Array.isArray(content)) {
    return content as ConfigFile['content'];
  }
  throw new UsageError(`${path}: not a JSON object`);
};

const readTrusted = (path: string, sources: ConfigSources): readonly string[] => {
  try {
    return readCertificates(path);
  } catch (error) {
    throw new UsageError(`${originOf(sources, 'ca')}: ${messageOf(error)}`);
  }
};

/**
 * File (`--config`, else `config.json` in the data folder if it is there), environment and flags, and the certificates
 * that they name. @throws UsageError
 */
export const loadConfig = (flags: AgentOptions): Config => {
  const path = flags.config ?? configPath(dataDir(flags));
  const text = readText(path, flags.config !== undefined);
  const file = text === undefined ? undefined : { path, content: parseConfigFile(path, text) };
  const sources = { flags, env: process.env, file };
  const { ca, ...settings } = resolveConfig(sources);
  return ca === undefined ? settings : { ...settings, ca: readTrusted(ca, sources) };
};
