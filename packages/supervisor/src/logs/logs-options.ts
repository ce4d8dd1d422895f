/** What `guruconnect logs` is asked for. Pure but for the clock that it is given. */
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import type { AgentOptions } from '@guruconnect/shared/config';
import { LOG_LEVELS } from '@guruconnect/shared/log-levels';
import { UsageError } from '@guruconnect/shared/usage-error';
import { LOG_PARTS, type LogFilter, type LogPart } from './log-entry.ts';
import { parseSince } from './since.ts';

export interface LogsOptions extends LogFilter {
  readonly agent: AgentOptions;
  readonly part: LogPart | undefined;
  /** The last so many; `undefined` for all. */
  readonly lines: number | undefined;
  readonly isFollowing: boolean;
  readonly isJson: boolean;
}

const LINES = 200;
/** Who follows wants to see what comes. */
const LINES_BEFORE = 10;

type Value = string | boolean | undefined;

const oneOf = <T extends string>(flag: string, known: readonly T[], value: Value): T | undefined => {
  if (value === undefined) return undefined;
  const found = known.find((each) => each === value);
  if (found === undefined) throw new UsageError(`${flag}: not one of ${known.join(', ')}: ${String(value)}`);
  return found;
};

const parseLines = (value: Value): number | undefined => {
  if (value === 'all') return undefined;
  if (typeof value === 'string' && /^\d{1,7}$/.test(value)) return Number(value);
  throw new UsageError(`--lines: neither a number nor "all": ${String(value)}`);
};

/** @throws UsageError */
export const parseLogsOptions = (args: readonly string[], now: number): LogsOptions => {
  const { options, own } = parseAgentOptions(args, {
    lines: { type: 'string', short: 'n' },
    follow: { type: 'boolean', short: 'f' },
    since: { type: 'string' },
    level: { type: 'string' },
    part: { type: 'string' },
    json: { type: 'boolean' },
  });
  const { lines, since } = own;
  const isFollowing = own['follow'] === true;
  const byDefault = since === undefined ? (isFollowing ? LINES_BEFORE : LINES) : undefined;
  return {
    agent: options,
    part: oneOf('--part', LOG_PARTS, own['part']),
    level: oneOf('--level', LOG_LEVELS, own['level']),
    since: typeof since === 'string' ? parseSince(since, now) : undefined,
    lines: lines === undefined ? byDefault : parseLines(lines),
    isFollowing,
    isJson: own['json'] === true,
  };
};
