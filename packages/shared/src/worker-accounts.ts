/** Whom the worker may run as. */

/** `own`: as whoever runs the supervisor, LocalSystem in the service. `local-service`: with a restricted token, as LocalService. */
export const WORKER_ACCOUNTS = ['own', 'local-service'] as const;
export type WorkerAccount = (typeof WORKER_ACCOUNTS)[number];

/** What is said of anything else. */
export const NO_WORKER_ACCOUNT = `not one of ${WORKER_ACCOUNTS.join(', ')}`;
