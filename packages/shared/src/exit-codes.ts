/** Exit codes of every `guruconnect` command, and what they mean: the help and docs/operations.md have it from here. */
export const EXIT = {
  ok: 0,
  failed: 1,
  usage: 2,
  /** LSB's code for it; so is the next. */
  stopped: 3,
  absent: 4,
  pending: 5,
  offline: 6,
  unhealthy: 7,
  /** sysexits.h EX_NOPERM. */
  notElevated: 77,
  /** sysexits.h EX_CONFIG. */
  localFault: 78,
  /** 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** Of every command that has no words of its own for a code. */
const ALL = 'all';

/** By the names of the commands, parted by commas. */
const MEANINGS: Readonly<Record<keyof typeof EXIT, Readonly<Record<string, string>>>> = {
  ok: {
    [ALL]: 'done as asked',
    status: 'running and online',
    'config check': 'valid, whatever it warns of',
  },
  failed: {
    [ALL]: 'it ran, and failed',
    logs: 'there are none',
    install:
      'it failed; or it is installed, but not started, or recovery could not be set: the lines say which',
  },
  usage: {
    [ALL]:
      'wrong usage or configuration, nothing was changed; a Windows command elsewhere; the addon is not built',
    'config check': 'not valid; wrong usage',
  },
  stopped: { status: 'not running' },
  absent: { 'status, start, stop, restart': 'not installed' },
  pending: { status: 'starting or stopping' },
  offline: { status: 'running, but not online, or the supervisor hangs or does not answer' },
  unhealthy: {
    doctor:
      'a check has failed; warnings and what was skipped are none. `--crash-drill`: the agent did not come back by itself',
  },
  notElevated: {
    'install, uninstall, start, stop, restart, status, logs, doctor': 'administrator rights are missing',
  },
  localFault: { worker: 'a local fault that trying again cannot mend: no credential and no token, say' },
  interrupted: { 'console, worker': 'ended at once by a second Ctrl-C' },
};

export interface ExitMeaning {
  readonly code: ExitCode;
  /** Names of commands; empty: all. */
  readonly of: readonly string[];
  readonly meaning: string;
}

/** The table, in the order of the codes. */
export const EXIT_MEANINGS: readonly ExitMeaning[] = Object.entries(EXIT).flatMap(([name, code]) =>
  Object.entries(MEANINGS[name as keyof typeof EXIT]).map(([of, meaning]) => ({
    code,
    of: of === ALL ? [] : of.split(', '),
    meaning,
  })),
);

/** What the exit codes of one command mean. */
export const exitCodesOf = (command: string): readonly ExitMeaning[] =>
  Object.values(EXIT).flatMap((code) => {
    const meanings = EXIT_MEANINGS.filter((meaning) => meaning.code === code);
    const own = meanings.find(({ of }) => of.includes(command)) ?? meanings.find(({ of }) => of.length === 0);
    return own === undefined ? [] : [own];
  });
