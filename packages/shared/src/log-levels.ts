/** pino's levels, as far as the agent uses them. */
export const LOG_LEVELS = ['error', 'warn', 'info', 'debug'] as const;
export type LogLevel = (typeof LOG_LEVELS)[number];

/** `info` for anything that is no level: a log must not fall silent over its own configuration. */
export const toLogLevel = (given: unknown): LogLevel => LOG_LEVELS.find((level) => level === given) ?? 'info';
