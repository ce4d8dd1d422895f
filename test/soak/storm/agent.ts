/** An agent of a storm: the product's supervisor in a console with the product's worker, and who starts it again. */
import { type ChildProcess, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { type LinkSight, UNSEEN, seeState, sightAt, stateOfLine } from './link-sight.ts';

export interface Place {
  readonly name: string;
  readonly relay: string;
  readonly token: string;
  readonly temp: string;
  /** What Node is started with: its own arguments, a script and that one's. */
  readonly program: readonly string[];
}

export interface Ended {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface StormAgent {
  readonly name: string;
  /** Of this life. */
  pids(): { readonly supervisor: number; readonly worker: number };
  /** Of its link, now. */
  sight(): LinkSight;
  start(): void;
  /** Resolves once this life is over. */
  ended(): Promise<Ended>;
  /** The link has left `state` since `from`, milliseconds of performance.now: when. `undefined` where it has not in time. */
  left(state: string, from: number, withinMs: number): Promise<number | undefined>;
  /** The same for a state that it is to come to. */
  reached(state: string, from: number, withinMs: number): Promise<number | undefined>;
  signal(whom: 'supervisor' | 'worker', signal: NodeJS.Signals): void;
  /** The last lines of its console. */
  words(): readonly string[];
}

const WORDS_KEPT = 20;

/** As people start it: without what a test's runner or npm has put into Node's options. */
const environment = ({ relay, token, temp }: Place): NodeJS.ProcessEnv => ({
  ...process.env,
  NODE_OPTIONS: undefined,
  GURUCONNECT_RELAY: relay,
  GURUCONNECT_ENROLL_TOKEN: token,
  TMPDIR: temp,
});

export const createAgent = (place: Place): StormAgent => {
  const { name, program } = place;
  let child: ChildProcess | undefined;
  let over: Promise<Ended> = Promise.resolve({ code: 0, signal: null });
  let worker = 0;
  let sight = UNSEEN;
  let words: readonly string[] = [];
  let tell: () => void = () => undefined;

  const hear = (line: string): void => {
    words = [...words.slice(1 - WORDS_KEPT), line];
    worker = Number(/^worker: pid (\d+)/.exec(line)?.[1] ?? worker);
    const state = stateOfLine(line);
    if (state === undefined) return;
    sight = seeState(sight, state, performance.now());
    tell();
  };
  const start = (): void => {
    const life = spawn(process.execPath, program, {
      stdio: ['ignore', 'pipe', 'pipe'],
      env: environment(place),
      // A Ctrl-C is for the storm, which ends in order.
      detached: true,
    });
    child = life;
    sight = UNSEEN;
    for (const stream of [life.stdout, life.stderr]) createInterface(stream).on('line', hear);
    over = new Promise((resolve) => {
      life.once('close', (code, signal) => {
        resolve({ code, signal });
      });
    });
  };
  const untilSight = (isMeant: (sight: LinkSight) => boolean, withinMs: number) =>
    new Promise<number | undefined>((resolve) => {
      const settle = (at: number | undefined): void => {
        clearTimeout(timer);
        tell = () => undefined;
        resolve(at);
      };
      tell = () => {
        if (isMeant(sight)) settle(sight.since);
      };
      const timer = setTimeout(settle, withinMs, undefined);
      tell();
    });
  const pids = () => ({ supervisor: child?.pid ?? 0, worker });
  return {
    name,
    pids,
    sight: () => sightAt(sight, performance.now()),
    start,
    ended: () => over,
    left: (state, from, withinMs) =>
      untilSight((seen) => seen.state !== state && seen.since >= from, withinMs),
    reached: (state, from, withinMs) =>
      untilSight((seen) => seen.state === state && seen.since >= from, withinMs),
    signal: (whom, signal) => {
      try {
        process.kill(pids()[whom], signal);
      } catch {
        // What has ended already had another reason to, and the step says so.
      }
    },
    words: () => words,
  };
};
