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

/** The machine's credential, as the worker stores it. */
export const credentialPath = (dir: string): string => join(dir, 'credential.json');

/** The configuration file where none is named. */
export const configPath = (dir: string): string => join(dir, 'config.json');

const OWN_FILES: ReadonlySet<string> = new Set([
  'config.json',
  'credential.json',
  'credential.json.previous',
  'machine.json',
  'logs',
  'status.sock',
  'stopped',
]);

/** A copy of the administrator's certificates, by their hash. */
const OWN_CA = /^ca-[0-9a-f]{16}\.pem$/;

/** What write-file-atomic leaves behind where its process is killed: the name, and 32 bits of a hash in decimal. */
const OWN_TEMPORARY = /^(?:(?:config|credential|machine)\.json|ca-[0-9a-f]{16}\.pem)\.\d{1,10}$/;

/** Whether the agent keeps something by this name in its data folder, if only for a moment. */
export const isOwnFile = (name: string): boolean =>
  OWN_FILES.has(name) || OWN_CA.test(name) || OWN_TEMPORARY.test(name);
