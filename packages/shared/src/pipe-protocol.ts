/**
 * What the supervisor and the worker say to each other: JSON lines of at most {@link MAX_LINE_BYTES} bytes. The first one
 * goes over the worker's stdin (it carries the one-time token, which must not be seen in an argv or an environment), the
 * others over the pipe it names. The end of the pipe is a message too: "stop" to the worker, "lost" to the supervisor.
 */
import type { AgentOptions } from './config.ts';
import { type Counters, parseCounters } from './counters.ts';

export const PIPE_VERSION = 1;
/** Longest line, in bytes without its newline. */
export const MAX_LINE_BYTES = 16 * 1024;

/** Why a worker is to stop; `supervisor-gone` is what the worker makes of the pipe's end. */
export type StopReason = 'stop' | 'shutdown' | 'supervisor-gone';
/** The controls a supervisor takes. */
export type Control = 'stop' | 'shutdown';

/** The relay link as the worker's own machine names it. */
export const LINK_STATES = ['enrolling', 'connecting', 'online', 'waiting', 'closing', 'done'] as const;
export type LinkState = (typeof LINK_STATES)[number];

/** Supervisor to worker, once, over stdin. */
export interface Bootstrap {
  readonly version: typeof PIPE_VERSION;
  readonly pipe: string;
  readonly token: string;
  readonly supervisorPid: number;
  readonly options: AgentOptions;
  /** Windows started the service because the machine has started. */
  readonly afterBoot: boolean;
}

/** How the link is; sent with every change and every {@link TIMING.beat} milliseconds from the worker's event loop. */
export interface Beat {
  readonly kind: 'beat';
  readonly link: LinkState;
  /** URL of the relay. */
  readonly relay: string;
  /** Milliseconds of the last heartbeat's round trip. */
  readonly roundTripMs?: number;
  /** Why the link is not online, in words. */
  readonly trouble?: string;
  readonly counters?: Counters;
}

export type WorkerMessage =
  | { readonly kind: 'hello'; readonly version: number; readonly token: string; readonly pid: number }
  | Beat
  /** A local permanent fault: the worker is about to end because trying again cannot help. */
  | { readonly kind: 'fault'; readonly code: string; readonly message: string };

export type SupervisorMessage = { readonly kind: 'stop'; readonly reason: Control };

/** One line, newline included. */
export const encode = (message: WorkerMessage | SupervisorMessage | Bootstrap): string =>
  `${JSON.stringify(message)}\n`;

type Fields = Readonly<Record<string, unknown>>;

const parseFields = (line: string): Fields | undefined => {
  try {
    const data: unknown = JSON.parse(line);
    return typeof data === 'object' && data !== null && !Array.isArray(data) ? (data as Fields) : undefined;
  } catch {
    return undefined;
  }
};

const isText = (value: unknown): value is string => typeof value === 'string';
const isOptionalText = (value: unknown): value is string | undefined => value === undefined || isText(value);
const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const parseHello = (fields: Fields): WorkerMessage | undefined => {
  const { version, token, pid } = fields;
  return isAmount(version) && isText(token) && isAmount(pid)
    ? { kind: 'hello', version, token, pid }
    : undefined;
};

const parseBeat = (fields: Fields): WorkerMessage | undefined => {
  const { link, relay, roundTripMs, trouble } = fields;
  const counters = parseCounters(fields['counters']);
  const known = LINK_STATES.find((state) => state === link);
  if (known === undefined || !isText(relay) || !isOptionalText(trouble)) return undefined;
  if (roundTripMs !== undefined && !isAmount(roundTripMs)) return undefined;
  return {
    kind: 'beat',
    link: known,
    relay,
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(counters === undefined ? {} : { counters }),
  };
};

const parseFault = ({ code, message }: Fields): WorkerMessage | undefined =>
  isText(code) && isText(message) ? { kind: 'fault', code, message } : undefined;

/** @returns `undefined` for what is not a message of this version: unknown kinds are ignored, never an error. */
export const parseWorkerMessage = (line: string): WorkerMessage | undefined => {
  const fields = parseFields(line);
  switch (fields?.['kind']) {
    case 'hello':
      return parseHello(fields);
    case 'beat':
      return parseBeat(fields);
    case 'fault':
      return parseFault(fields);
    default:
      return undefined;
  }
};

/** @returns `undefined` for what is not a message of this version. */
export const parseSupervisorMessage = (line: string): SupervisorMessage | undefined => {
  const fields = parseFields(line);
  const reason = fields?.['reason'];
  return fields?.['kind'] === 'stop' && (reason === 'stop' || reason === 'shutdown')
    ? { kind: 'stop', reason }
    : undefined;
};

/** @returns `undefined` for anything but a bootstrap of this version. Its options are validated where they are used. */
export const parseBootstrap = (line: string): Bootstrap | undefined => {
  const fields = parseFields(line);
  if (fields?.['version'] !== PIPE_VERSION) return undefined;
  const { pipe, token, supervisorPid, options } = fields;
  if (!isText(pipe) || !isText(token) || !isAmount(supervisorPid)) return undefined;
  if (typeof options !== 'object' || options === null) return undefined;
  const afterBoot = fields['afterBoot'] === true;
  return { version: PIPE_VERSION, pipe, token, supervisorPid, options, afterBoot };
};
