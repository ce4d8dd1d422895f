/** Exit codes of every `guruconnect` command. */
export const EXIT = {
  /** Done as asked. */
  ok: 0,
  /** It ran, and failed. */
  failed: 1,
  /** Nothing was done: wrong usage, bad configuration, or a command for another place. */
  usage: 2,
  /** `status`: not running. LSB's code for it; so is the next. */
  stopped: 3,
  /** `status`: not installed, and no supervisor in a console either. */
  absent: 4,
  /** `status`: on the way from one state to another. */
  pending: 5,
  /** `status`: it runs, and the relay cannot be reached, or nobody knows. */
  offline: 6,
  /** Administrator rights are missing; sysexits.h EX_NOPERM. */
  notElevated: 77,
  /** A local fault that trying again cannot mend (no credential and no token, unreadable store); sysexits.h EX_CONFIG. */
  localFault: 78,
  /** Ended at once by a second Ctrl-C: 128 + SIGINT. */
  interrupted: 130,
} as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];
