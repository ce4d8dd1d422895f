/** Where the agent's files are. */
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import type { AgentOptions } from './config.ts';
import { variable } from './environment.ts';

const defaultDataDir = (): string => {
  if (process.platform === 'win32')
    return join(process.env['ProgramData'] ?? 'C:\\ProgramData', 'GuruConnect');
  return join(process.env['XDG_STATE_HOME'] ?? join(homedir(), '.local', 'state'), 'guruconnect');
};

/** Folder of the credential, the logs and the default configuration file: `--data`, `GURUCONNECT_DATA`, the default. */
export const dataDir = (options: AgentOptions): string =>
  resolve(options.data ?? variable(process.env, 'data') ?? defaultDataDir());

export const logDir = (options: AgentOptions): string => join(dataDir(options), 'logs');
