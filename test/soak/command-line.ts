/** `npm run soak -- ...`: what a person may ask of it. Pure. */
import { parseArgs } from 'node:util';
import { EVENT_KINDS, type EventKind } from './storm/event.ts';

export const USAGE = `npm run soak -- --minutes N     a storm: crashes, stops, restarts of the relay, partitions and floods, in random order
npm run soak -- --cycles N      N crashes and N stops of a service in one process, every tenth with the real agent
npm run soak -- --reconnects N  an agent that loses N sessions, each as soon as it has one

A storm is over two real agents (a supervisor in a console with its worker) at the embedded relay, for N minutes (0.5 is half of
one). After each event both have to be online within their bound; in the end nothing of what they hold may have grown.

  --seed S        the order and the sizes of what happens, or of the cycles; a storm draws one and prints it, cycles take 1
  --only KINDS    of a storm: ${EVENT_KINDS.join(',')}
  --json          of a storm: the report as JSON on standard output, and what happens on standard error
  --leak          plants a leak, which has to be found: exit code 1
  --windows       of cycles: under Wine
  --relay URL     of cycles: a relay that is there already, with --token T
  --help

Exit codes: 0 all is well, 1 a bound was missed or something has grown, 2 usage. Ctrl-C ends a storm after the event that is under way.`;

export type CommandLine =
  | { readonly kind: 'help' }
  | { readonly kind: 'usage-error'; readonly why: string }
  | {
      readonly kind: 'storm';
      readonly minutes: number;
      readonly seed: number;
      readonly only: ReadonlySet<EventKind>;
      readonly json: boolean;
      readonly leak: boolean;
    }
  | {
      readonly kind: 'cycles';
      readonly cycles: number;
      readonly seed: number;
      readonly relay: string | undefined;
      readonly token: string;
      readonly windows: boolean;
      readonly leak: boolean;
    }
  | { readonly kind: 'reconnects'; readonly count: number; readonly token: string };

const OPTIONS = {
  minutes: { type: 'string' },
  cycles: { type: 'string' },
  reconnects: { type: 'string' },
  seed: { type: 'string' },
  only: { type: 'string' },
  json: { type: 'boolean' },
  leak: { type: 'boolean' },
  windows: { type: 'boolean' },
  relay: { type: 'string' },
  token: { type: 'string' },
  help: { type: 'boolean', short: 'h' },
} as const;

const read = (args: readonly string[]) =>
  parseArgs({ args: [...args], options: OPTIONS, allowPositionals: false }).values;
type Values = ReturnType<typeof read>;

const MODES = ['minutes', 'cycles', 'reconnects'] as const;
type Mode = (typeof MODES)[number];

/** What goes with which. */
const WITH: Readonly<Record<Mode, ReadonlySet<string>>> = {
  minutes: new Set(['minutes', 'seed', 'only', 'json', 'leak']),
  cycles: new Set(['cycles', 'seed', 'relay', 'token', 'windows', 'leak']),
  reconnects: new Set(['reconnects', 'token']),
};
const MOST_MINUTES = 10_080;
const MOST_SEED = 4_294_967_295;

/** @throws RangeError */
const numberOf = (name: string, text: string | undefined, least: number, most: number): number => {
  const value = Number(text);
  if (text?.trim() !== '' && value >= least && value <= most) return value;
  throw new RangeError(`--${name}: a number from ${least} to ${most} is wanted, and not ${String(text)}`);
};

/** @throws RangeError */
const integerOf = (name: string, text: string | undefined, least: number, most: number): number => {
  const value = numberOf(name, text, least, most);
  if (Number.isInteger(value)) return value;
  throw new RangeError(`--${name}: a whole number is wanted, and not ${String(text)}`);
};

const isKind = (text: string): text is EventKind => EVENT_KINDS.some((kind) => kind === text);

/** @throws RangeError */
const kindsOf = (text: string | undefined): ReadonlySet<EventKind> => {
  if (text === undefined) return new Set(EVENT_KINDS);
  const kinds = text.split(',');
  const wrong = kinds.find((kind) => !isKind(kind));
  if (wrong !== undefined) throw new RangeError(`--only: ${EVENT_KINDS.join(',')}, and not "${wrong}"`);
  return new Set(kinds.filter(isKind));
};

/** @throws RangeError */
const modeOf = (values: Values): Mode => {
  const [mode, another] = MODES.filter((name) => values[name] !== undefined);
  if (mode === undefined || another !== undefined)
    throw new RangeError(`one of ${MODES.map((name) => `--${name}`).join(', ')} is wanted`);
  const stray = Object.keys(values).find((name) => !WITH[mode].has(name));
  if (stray !== undefined) throw new RangeError(`--${stray} has no meaning with --${mode}`);
  return mode;
};

const judge = (values: Values, drawSeed: () => number): CommandLine => {
  const mode = modeOf(values);
  const { token = 'soak', leak = false } = values;
  const seed = (otherwise: () => number): number =>
    values.seed === undefined ? otherwise() : integerOf('seed', values.seed, 0, MOST_SEED);
  const count = (): number => integerOf(mode, values[mode], 1, Number.MAX_SAFE_INTEGER);
  if (mode === 'reconnects') return { kind: 'reconnects', count: count(), token };
  if (mode === 'cycles') {
    const { relay, windows = false } = values;
    return { kind: 'cycles', cycles: count(), seed: seed(() => 1), relay, token, windows, leak };
  }
  return {
    kind: 'storm',
    minutes: numberOf('minutes', values.minutes, 0.01, MOST_MINUTES),
    seed: seed(drawSeed),
    only: kindsOf(values.only),
    json: values.json ?? false,
    leak,
  };
};

/** Never throws; `why` is one line. @param drawSeed for a storm that is given none. */
export const parseCommandLine = (args: readonly string[], drawSeed: () => number): CommandLine => {
  try {
    const values = read(args);
    return values.help === true ? { kind: 'help' } : judge(values, drawSeed);
  } catch (error) {
    // parseArgs explains an unknown option over several sentences; the first says it.
    const [why = 'bad arguments'] = (error as Error).message.split(/\n|\. /, 1);
    return { kind: 'usage-error', why };
  }
};
