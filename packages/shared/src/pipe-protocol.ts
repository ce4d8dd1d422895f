/**
 * What the supervisor and the worker say to each other: JSON lines of at most {@link MAX_LINE_BYTES} bytes. The first one
 * goes over the worker's stdin (it carries the one-time token, which must not be seen in an argv or an environment), the
 * others over the pipe it names. The end of the pipe is a message too: "stop" to the worker, "lost" to the supervisor.
 */
import type { AgentOptions } from './config.ts';
import { type Counters, parseCounters } from './counters.ts';
import {
  type Fields,
  type StoreAnswer,
  type StoreRequest,
  isFields,
  parseStoreAnswer,
  parseStoreRequest,
} from './store-protocol.ts';
import { type WorkerAccount, WORKER_ACCOUNTS } from './worker-accounts.ts';
import { TIMING } from './timing.ts';

export const PIPE_VERSION = 1;
/** Longest line, in bytes without its newline. */
export const MAX_LINE_BYTES = 16 * 1024;
/** Longest text in a message, in UTF-16 units: with one in each of its fields a message is still a line, even where JSON escapes it all. */
export const MAX_TEXT = 1024;

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
  /** Whom the service has started it as; absent where the supervisor is no service. */
  readonly account?: WorkerAccount;
  /** What the store has of this machine, for a worker that may not touch it: such a worker asks for all else over the pipe. */
  readonly identity?: Fields;
  /** For the same worker: how the agent ended last time, where nobody had asked it to. */
  readonly lastWords?: Fields;
  /** Milliseconds between beats, {@link TIMING.beat} at the most and where it is absent. */
  readonly beatMs?: number;
}

/** How the link is; sent with every change and every `beatMs` milliseconds from the worker's event loop. */
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
  /** For how many beats the threads of libuv's pool have not answered; absent where they have. */
  readonly poolMisses?: number;
}

export type WorkerMessage =
  | { readonly kind: 'hello'; readonly version: number; readonly token: string; readonly pid: number }
  | Beat
  /** A local permanent fault: the worker is about to end because trying again cannot help. */
  | { readonly kind: 'fault'; readonly code: string; readonly message: string }
  | StoreRequest;

export type SupervisorMessage = { readonly kind: 'stop'; readonly reason: Control } | StoreAnswer;

/** Some texts are what a stranger on the network sent, a certificate's thousand names, say: too long a line would cost the worker its pipe. */
const cut = (_key: string, value: unknown): unknown =>
  typeof value === 'string' && value.length > MAX_TEXT ? `${value.slice(0, MAX_TEXT - 1)}…` : value;

/** One line, newline included. A worker's texts are cut to {@link MAX_TEXT}; a bootstrap is what the machine's own people wrote. */
export const encode = (message: WorkerMessage | SupervisorMessage | Bootstrap): string => {
  const text = JSON.stringify(message);
  // What is short as a whole has no text in it that is too long.
  return `${'kind' in message && text.length > MAX_TEXT ? JSON.stringify(message, cut) : text}\n`;
};

const isLine = (text: string): boolean => Buffer.byteLength(text) <= MAX_LINE_BYTES + 1;

/** Without the last words where all of it would be too long for a line: the agent matters more. @throws RangeError */
export const encodeBootstrap = (bootstrap: Bootstrap): string => {
  const whole = encode(bootstrap);
  if (isLine(whole)) return whole;
  const { lastWords: _dropped, ...rest } = bootstrap;
  const line = encode(rest);
  if (isLine(line)) return line;
  throw new RangeError(`what the worker has to be told is longer than ${MAX_LINE_BYTES} bytes`);
};

/** Keys that make an object something else where it is copied carelessly. No message has one of them. */
const FORBIDDEN: ReadonlySet<string> = new Set(['__proto__', 'constructor', 'prototype']);

/**
 * Leaves in a message only what may be in one, however deep. After the parsing and not as its reviver, which took five times as long as all
 * else that is done to a line.
 * @throws RangeError for a number that JSON has no word for, and which would come out as null
 */
const purify = (value: unknown): void => {
  if (typeof value === 'number' && !Number.isFinite(value)) throw new RangeError('not a finite number');
  if (typeof value !== 'object' || value === null) return;
  for (const key of Object.keys(value)) {
    purify((value as Fields)[key]);
    if (FORBIDDEN.has(key)) Reflect.deleteProperty(value, key);
  }
};

const parseFields = (line: string): Fields | undefined => {
  try {
    const data: unknown = JSON.parse(line);
    purify(data);
    return isFields(data) ? data : undefined;
  } catch {
    return undefined;
  }
};

const isText = (value: unknown): value is string => typeof value === 'string' && value.length <= MAX_TEXT;
const isOptionalText = (value: unknown): value is string | undefined => value === undefined || isText(value);
/** A stable name: it goes into logs, the last words and the relay's records. */
const isName = (value: unknown): value is string => isText(value) && /^[a-z][a-z0-9-]{0,63}$/.test(value);
const isWhole = (value: unknown): value is number => Number.isSafeInteger(value) && Number(value) >= 0;
const isAmount = (value: unknown): value is number =>
  typeof value === 'number' && Number.isFinite(value) && value >= 0;

const isOptionalAmount = (value: unknown): value is number | undefined =>
  value === undefined || isAmount(value);
/** A timer's worth: anything else is none, and the beats come as they always do. */
const isInterval = (value: unknown): value is number => isAmount(value) && value >= 1 && value <= TIMING.beat;

const parseHello = (fields: Fields): WorkerMessage | undefined => {
  const { version, token, pid } = fields;
  return isWhole(version) && isText(token) && isWhole(pid)
    ? { kind: 'hello', version, token, pid }
    : undefined;
};

const parseBeat = (fields: Fields): WorkerMessage | undefined => {
  const { link, relay, roundTripMs, trouble, poolMisses } = fields;
  const counters = parseCounters(fields['counters']);
  const known = LINK_STATES.find((state) => state === link);
  if (known === undefined || !isText(relay) || !isOptionalText(trouble)) return undefined;
  if (!isOptionalAmount(roundTripMs) || !isOptionalAmount(poolMisses)) return undefined;
  return {
    kind: 'beat',
    link: known,
    relay,
    ...(roundTripMs === undefined ? {} : { roundTripMs }),
    ...(trouble === undefined ? {} : { trouble }),
    ...(counters === undefined ? {} : { counters }),
    ...(poolMisses === undefined ? {} : { poolMisses }),
  };
};

const parseFault = ({ code, message }: Fields): WorkerMessage | undefined =>
  isName(code) && isText(message) ? { kind: 'fault', code, message } : undefined;

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
      return fields && parseStoreRequest(fields);
  }
};

/** @returns `undefined` for what is not a message of this version. */
export const parseSupervisorMessage = (line: string): SupervisorMessage | undefined => {
  const fields = parseFields(line);
  if (fields?.['kind'] !== 'stop') return fields && parseStoreAnswer(fields);
  const { reason } = fields;
  return reason === 'stop' || reason === 'shutdown' ? { kind: 'stop', reason } : undefined;
};

/** What only a service's workers, or some of them, are handed. */
const parseHanded = ({ account, identity, lastWords }: Fields) => {
  const known = WORKER_ACCOUNTS.find((name) => name === account);
  return {
    ...(known !== undefined && { account: known }),
    ...(isFields(identity) && { identity }),
    ...(isFields(lastWords) && { lastWords }),
  };
};

const OPTIONS: Readonly<Record<keyof AgentOptions, true>> = {
  relay: true,
  enrollToken: true,
  data: true,
  config: true,
  logLevel: true,
  ca: true,
  proxy: true,
  proxyFallback: true,
  pins: true,
  metricsPort: true,
  workerAccount: true,
};

/** The known ones, each a text of any length. */
const parseOptions = (value: unknown): AgentOptions | undefined => {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  const given = Object.entries(value).filter(([key]) => Object.hasOwn(OPTIONS, key));
  return given.every(([, text]) => typeof text === 'string') ? Object.fromEntries(given) : undefined;
};

/** @returns `undefined` for anything but a bootstrap of this version. Its options are validated where they are used. */
export const parseBootstrap = (line: string): Bootstrap | undefined => {
  const fields = parseFields(line);
  if (fields?.['version'] !== PIPE_VERSION) return undefined;
  const { pipe, token, supervisorPid } = fields;
  const options = parseOptions(fields['options']);
  if (!isText(pipe) || !isText(token) || !isWhole(supervisorPid) || options === undefined) return undefined;
  const afterBoot = fields['afterBoot'] === true;
  const { beatMs } = fields;
  return {
    ...{ version: PIPE_VERSION, pipe, token, supervisorPid, options, afterBoot },
    ...(isInterval(beatMs) && { beatMs }),
    ...parseHanded(fields),
  };
};
