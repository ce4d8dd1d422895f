/**
 * The environment of the worker: what is named here, and nothing else. Of Node's own variables (NODE_OPTIONS, NODE_EXTRA_CA_CERTS,
 * NODE_TLS_REJECT_UNAUTHORIZED, …), of OpenSSL's and of the loader's (LD_PRELOAD, …) none is. Pure.
 */
import { ENVIRONMENT } from '@guruconnect/shared/environment';

type Environment = Readonly<Record<string, string | undefined>>;

/** Where Windows and its libraries look; where Node keeps temporary files; what the machine facts are made of. */
const WINDOWS: readonly string[] = [
  ...[
    'SystemRoot',
    'SystemDrive',
    'windir',
    'ProgramData',
    'ALLUSERSPROFILE',
    'TEMP',
    'TMP',
    'PATH',
    'PATHEXT',
  ],
  ...[
    'ComSpec',
    'OS',
    'COMPUTERNAME',
    'NUMBER_OF_PROCESSORS',
    'PROCESSOR_ARCHITECTURE',
    'PROCESSOR_IDENTIFIER',
  ],
  ...['ProgramFiles', 'ProgramFiles(x86)', 'ProgramW6432', 'CommonProgramFiles', 'USERNAME', 'USERDOMAIN'],
  ...['USERPROFILE', 'APPDATA', 'LOCALAPPDATA', 'HOMEDRIVE', 'HOMEPATH'],
];

const POSIX: readonly string[] = [
  ...['PATH', 'HOME', 'USER', 'LOGNAME', 'SHELL', 'TMPDIR', 'TZ', 'LANG', 'LANGUAGE', 'HOSTNAME'],
  ...['XDG_STATE_HOME', 'XDG_RUNTIME_DIR', 'LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LC_TIME'],
];

/** The agent's own, which are what a person sets for it, but for those that go over stdin. */
const OWN = /^GURUCONNECT_[A-Z_]+$/;
const SECRET: ReadonlySet<string> = new Set([ENVIRONMENT.enrollToken, ENVIRONMENT.proxy]);

const isSet = (entry: [string, string | undefined]): entry is [string, string] => entry[1] !== undefined;

/** Windows does not tell cases apart in names. */
export const workerEnvironment = (
  env: Environment,
  platform: NodeJS.Platform,
): Readonly<Record<string, string>> => {
  const isWindows = platform === 'win32';
  const spell = (name: string): string => (isWindows ? name.toUpperCase() : name);
  const allowed = new Set((isWindows ? WINDOWS : POSIX).map(spell));
  return Object.fromEntries(
    Object.entries(env)
      .filter(isSet)
      .filter(([name]) => allowed.has(spell(name)) || (OWN.test(spell(name)) && !SECRET.has(spell(name)))),
  );
};
