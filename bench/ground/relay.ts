/** A relay, ours or a bare one, in a process of its own, as a bench rules it. */
import { join } from 'node:path';
import { BENCH } from '../places.ts';
import { type Program, launch } from './program.ts';

export type RelayCommand =
  | { readonly kind: 'enrol'; readonly count: number }
  /** Says when so many are online. */
  | { readonly kind: 'await'; readonly count: number }
  | { readonly kind: 'collect' }
  /** Of the one session. */
  | { readonly kind: 'ask'; readonly count: number; readonly atOnce: number }
  /** The same at a rate; a bare one alone can. */
  | { readonly kind: 'pace'; readonly perSecond: number; readonly ms: number };

export type RelayNews =
  | { readonly kind: 'listening'; readonly url: string }
  | { readonly kind: 'enrolled'; readonly credentials: readonly string[] }
  /** @property at milliseconds since the epoch */
  | { readonly kind: 'online'; readonly at: number }
  | { readonly kind: 'collected'; readonly heapBytes: number }
  | { readonly kind: 'asked'; readonly ms: number }
  | { readonly kind: 'paced'; readonly answers: number };

type News<K extends RelayNews['kind']> = Extract<RelayNews, { kind: K }>;

export interface RelayProcess {
  readonly pid: number;
  readonly url: string;
  enrol(count: number): Promise<readonly string[]>;
  /** To be called before they are started. @returns when the last of them was online, in milliseconds since the epoch */
  online(count: number, withinMs: number): Promise<number>;
  /** Collects its garbage. @returns bytes of its heap */
  collect(): Promise<number>;
  /** Status requests to its one session. @returns milliseconds until the last answer */
  ask(count: number, atOnce: number): Promise<number>;
  /** Status requests at a rate, for so long. @returns the answers */
  pace(perSecond: number, ms: number): Promise<number>;
  end(): Promise<void>;
}

const SOON = 30_000;
const LONG = 300_000;
/** No agent of a bench is to be sent away for coming too fast: what is measured is what the relay can do. */
const UNBOUNDED = 1_000_000;

const rule = (program: Program, url: string): RelayProcess => ({
  pid: program.pid,
  url,
  enrol: async (count) => {
    program.send({ kind: 'enrol', count } as RelayCommand);
    return (await program.next<News<'enrolled'>>('enrolled', SOON)).credentials;
  },
  online: async (count, withinMs) => {
    program.send({ kind: 'await', count } as RelayCommand);
    return (await program.next<News<'online'>>('online', withinMs)).at;
  },
  collect: async () => {
    program.send({ kind: 'collect' });
    return (await program.next<News<'collected'>>('collected', SOON)).heapBytes;
  },
  ask: async (count, atOnce) => {
    program.send({ kind: 'ask', count, atOnce } as RelayCommand);
    return (await program.next<News<'asked'>>('asked', LONG)).ms;
  },
  pace: async (perSecond, ms) => {
    program.send({ kind: 'pace', perSecond, ms } as RelayCommand);
    return (await program.next<News<'paced'>>('paced', LONG)).answers;
  },
  end: program.end,
});

const start = async (node: string, script: string, args: readonly string[]): Promise<RelayProcess> => {
  const program = await launch({
    file: node,
    args: ['--expose-gc', join(BENCH, 'dist', script), ...args],
    talks: true,
  });
  return rule(program, (await program.next<News<'listening'>>('listening', SOON)).url);
};

/** The embedded one. */
export const startOurs = (node: string): Promise<RelayProcess> =>
  start(node, join('ground', 'relay-program.js'), [String(UNBOUNDED)]);

/** A `ws` server that says what the agents wait for, and judges nothing. */
export const startBare = (node: string): Promise<RelayProcess> =>
  start(node, join('ground', 'bare-relay-program.js'), []);
