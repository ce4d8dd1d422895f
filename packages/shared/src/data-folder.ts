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

/** The one folder that a worker may write to which may not write to the data folder. */
export const workerLogDir = (dir: string): string => join(dir, 'logs', 'worker');

/** The worker's log. @param apart where it may not write beside the supervisor's. */
export const workerLogPath = (options: AgentOptions, apart: boolean): string =>
  join(apart ? workerLogDir(dataDir(options)) : logDir(options), 'worker.log');

/** The machine's credential, as the store keeps it. */
export const credentialPath = (dir: string): string => join(dir, 'credential.json');

/** How the agent ended last time, if nobody had asked it to. */
export const lastWordsPath = (dir: string): string => join(dir, 'last-words.json');

/** What the credential is sealed with on Windows, beside DPAPI's own key: 32 random bytes. */
export const entropyPath = (dir: string): string => join(dir, 'credential.entropy');

/** The machine's identity, as the store keeps it. */
export const machinePath = (dir: string): string => join(dir, 'machine.json');

/** The configuration file where none is named. */
export const configPath = (dir: string): string => join(dir, 'config.json');

const OWN_FILES: ReadonlySet<string> = new Set([
  'config.json',
  'credential.json',
  'credential.json.previous',
  'last-words.json',
  'credential.json.damaged',
  'credential.entropy',
  'machine.json',
  'logs',
  'status.sock',
  'stopped',
  'hung',
]);

/** What of the agent's nobody may read but who keeps the store, whole or left half by a power cut. */
export const isSecretFile = (name: string): boolean =>
  /^(?:credential\.json(?:\.previous|\.damaged)?|credential\.entropy|machine\.json)(?:\.new|\.\d{1,10})?$/.test(
    name,
  );

/** What the worker reads of its own: the configuration, and the certificates that it names. */
export const isConfigFile = (name: string): boolean => name === 'config.json' || OWN_CA.test(name);

/** A copy of the administrator's certificates, by their hash. */
const OWN_CA = /^ca-[0-9a-f]{16}\.pem$/;

/** What write-file-atomic leaves behind where its process is killed: the name, and 32 bits of a hash in decimal. */
const OWN_TEMPORARY = /^(?:(?:config|credential|machine)\.json|ca-[0-9a-f]{16}\.pem)\.\d{1,10}$/;

/** What a power cut leaves of a file that the store was replacing. */
const OWN_NEW = /^(?:credential\.json(?:\.previous)?|credential\.entropy|machine\.json)\.new$/;

/** Whether the agent keeps something by this name in its data folder, if only for a moment. */
export const isOwnFile = (name: string): boolean =>
  [OWN_CA, OWN_TEMPORARY, OWN_NEW].some((pattern) => pattern.test(name)) || OWN_FILES.has(name);
