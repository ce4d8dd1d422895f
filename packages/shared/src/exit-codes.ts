/** Exit codes of every `guruconnect` command. */
export const EXIT = {
  /** Done as asked. */
  ok: 0,
  /** It ran, and failed. */
  failed: 1,
  /** Nothing was done: wrong usage, bad configuration, or a command for another place. */
  usage: 2,
  /** A local fault that trying again cannot mend (no credential and no token, unreadable store); sysexits.h EX_CONFIG. */
  localFault: 78,
  /** Ended at once by a second Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
