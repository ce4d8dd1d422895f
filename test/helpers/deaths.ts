/** Every way a worker may die, in every state of its service, and what has to come of it: two tables. Pure. */
import { BEAT_MISSES, TIMING } from '@guruconnect/shared/timing';

export const STATES = ['starting', 'running', 'stopping'] as const;
export type State = (typeof STATES)[number];
/** A console is on POSIX, a service under Windows' SCM. */
export type HostKind = 'console' | 'service';

/** All that the service can see of a death. */
type Manner =
  /** The process ends, by itself or by another's hand. */
  | 'ends'
  /** It has no pipe any more, and lives. */
  | 'hangs-up'
  /** Its event loop stands still. */
  | 'stalls'
  /** It lives and does not do what it is told to. */
  | 'stays';

type End = Readonly<Record<HostKind, number | string>>;

export interface Death {
  readonly manner: Manner;
  /** Exit code or signal that the log must name, on either host; undefined where the supervisor has to kill it. */
  readonly end?: End;
  /** What the log calls it, where that is neither `exited` nor `signal`. */
  readonly reason?: Readonly<Partial<Record<HostKind, string>>>;
  /** Words that the log must have of it. */
  readonly says?: RegExp;
  /** Where it can come about; everywhere unless said. */
  readonly only?: readonly State[];
  /** Node writes a native stack before it ends, which takes Wine seconds: a bound may be over first. */
  readonly slow?: boolean;
}

export interface Outcome {
  readonly exit: 'OK' | 'FAILED';
  /** What the machine goes through after `starting`. */
  readonly walk: readonly string[];
  /** The bound that passes until the supervisor kills it. */
  readonly killedAfter?: keyof typeof BOUNDS;
}

/** In milliseconds. */
const BOUNDS = {
  hello: TIMING.workerHello,
  exit: TIMING.exitGrace,
  stop: TIMING.stopGrace,
  // With the short beats that the supervisors of the tests ask for.
  hung: (BEAT_MISSES + 1) * 1000,
} as const;

const code = (value: number): End => ({ console: value, service: value });
const BY_ABORT = { console: 'SIGABRT', service: 134 } as const;
const STATUS_BREAKPOINT = 0x80000003;

/** By the names that worker-dies.ts gives them; the last three need no such program. */
export const DEATHS = {
  'exits-0': { manner: 'ends', end: code(0) },
  'exits-1': { manner: 'ends', end: code(1) },
  'faults-78': { manner: 'ends', end: code(78) },
  throws: { manner: 'ends', end: code(1), says: /thrown on purpose/ },
  rejects: { manner: 'ends', end: code(1), says: /rejected on purpose/ },
  aborts: { manner: 'ends', end: BY_ABORT, slow: true },
  'heap-full': {
    manner: 'ends',
    end: BY_ABORT,
    reason: { console: 'heap', service: 'heap' },
    says: /heap/i,
    slow: true,
  },
  crashes: {
    manner: 'ends',
    end: { console: 'SIGSEGV', service: STATUS_BREAKPOINT },
    reason: { service: 'crashed-0x80000003' },
  },
  killed: { manner: 'ends', end: { console: 'SIGKILL', service: 3 } },
  'drops-pipe': { manner: 'hangs-up' },
  babbles: { manner: 'hangs-up' },
  hangs: { manner: 'stalls' },
  deaf: { manner: 'stays', only: ['starting', 'stopping'] },
  'leaves-child': { manner: 'ends', end: code(0) },
  silent: { manner: 'hangs-up', only: ['starting'] },
  'no-script': { manner: 'ends', end: code(1), says: /Cannot find module/, only: ['starting'] },
  'no-node': {
    manner: 'ends',
    end: { console: 'none', service: 'none' },
    reason: { console: 'not-started', service: 'not-started' },
    says: /ENOENT|does not exist/,
    only: ['starting'],
  },
} as const satisfies Readonly<Record<string, Death>>;
export type DeathName = keyof typeof DEATHS;

const UP = 'starting -worker-ready-> running';
const ASKED = 'running -control-> stopping';
const GONE = 'stopping -worker-exited-> stopped';
const LATE = 'starting -timeout-> stopping';

const OUTCOMES: Readonly<Record<Manner, Readonly<Record<State, Outcome>>>> = {
  ends: {
    starting: { exit: 'FAILED', walk: ['starting -worker-exited-> stopped'] },
    running: { exit: 'FAILED', walk: [UP, 'running -worker-exited-> stopped'] },
    stopping: { exit: 'OK', walk: [UP, ASKED, GONE] },
  },
  'hangs-up': {
    starting: { exit: 'FAILED', walk: [LATE, GONE], killedAfter: 'hello' },
    running: { exit: 'FAILED', walk: [UP, 'running -pipe-lost-> stopping', GONE], killedAfter: 'exit' },
    stopping: { exit: 'OK', walk: [UP, ASKED, GONE], killedAfter: 'stop' },
  },
  stalls: {
    starting: { exit: 'FAILED', walk: [LATE, GONE], killedAfter: 'hello' },
    running: { exit: 'FAILED', walk: [UP, 'running -worker-hung-> stopping', GONE], killedAfter: 'hung' },
    stopping: { exit: 'OK', walk: [UP, ASKED, GONE], killedAfter: 'stop' },
  },
  // It is told to stop in any case; while it lives and nobody asks for anything, nothing is wrong.
  stays: {
    starting: { exit: 'OK', walk: ['starting -control-> stopping', GONE], killedAfter: 'stop' },
    running: { exit: 'OK', walk: [UP] },
    stopping: { exit: 'OK', walk: [UP, ASKED, GONE], killedAfter: 'stop' },
  },
};

export const deathOf = (name: DeathName): Death => DEATHS[name];

/** @returns one of which has to come about; none where the death cannot: the SCM sends no controls to a service that is starting. */
export const outcomesOf = (name: DeathName, state: State, host: HostKind): readonly Outcome[] => {
  const { manner, only = STATES, slow = false } = deathOf(name);
  if (!only.includes(state)) return [];
  if (host === 'service' && manner === 'stays' && state === 'starting') return [];
  const late = host === 'service' && slow ? [OUTCOMES.stalls[state]] : [];
  return [OUTCOMES[manner][state], ...late];
};

/** The end of the pipe may be seen just before the exit: the same end, over one more state. */
export const sameWalk = (walk: readonly string[]): readonly string[] =>
  walk.flatMap((step) =>
    step === 'running -worker-exited-> stopped' ? ['running -pipe-lost-> stopping', GONE] : [step],
  );

export interface Cell {
  readonly name: DeathName;
  readonly state: State;
  readonly outcomes: readonly Outcome[];
}

/** Milliseconds that pass until the worker is killed. */
export const boundOf = (outcome: Outcome | undefined): number =>
  outcome?.killedAfter === undefined ? 0 : BOUNDS[outcome.killedAfter];

/** What the log has to call it; an end that was asked for has no name. */
export const reasonOf = (
  { name, state }: Cell,
  host: HostKind,
  { exit, killedAfter }: Outcome,
): RegExp | undefined => {
  const { end, reason } = deathOf(name);
  if (exit === 'OK') return undefined;
  if (killedAfter !== undefined)
    return killedAfter === 'hung' ? /^hung-/ : new RegExp(`^killed-after-${killedAfter}$`);
  // Before the hello its fault is a stranger's.
  if (name === 'faults-78' && state !== 'starting') return /^on-purpose$/;
  return new RegExp(`^${reason?.[host] ?? (typeof end?.[host] === 'string' ? 'signal' : 'exited')}$`);
};

/** All that can come about on a host, those first that take long. */
export const cellsOf = (host: HostKind): readonly Cell[] => {
  const names = Object.keys(DEATHS) as DeathName[];
  return names
    .flatMap((name) => STATES.map((state) => ({ name, state, outcomes: outcomesOf(name, state, host) })))
    .filter(({ outcomes }) => outcomes.length > 0)
    .sort((a, b) => boundOf(b.outcomes[0]) - boundOf(a.outcomes[0]));
};
