/** The client of the SCM that measures (`bench/native/meter.c`), as a process that lives as long as the benchmark. */
import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { PROGRAM, wine } from './programs.ts';

/** Longer than any bound of its own. */
const ANSWER_MS = 90_000;
const PINGS = 5;

/** Moments of this process' `performance.now()`, in milliseconds. */
export interface Measured {
  readonly begin: number;
  readonly reached: number;
  /** Of the service or the program. */
  readonly win32ExitCode: number;
  readonly serviceExitCode: number;
}

export type MeterCommand =
  'clock' | 'create' | 'delete' | 'start' | 'stop' | 'busy' | 'crash' | 'freeze' | 'run';

export interface Meter {
  /** Does it. @throws MeterError for what Windows refuses, and for a state that does not come within 60 s. */
  ask(command: MeterCommand, ...args: readonly (string | number)[]): Promise<Measured>;
  close(): Promise<void>;
}

export class MeterError extends Error {
  override name = 'MeterError';
}

interface Answer {
  readonly error: number;
  readonly nowUs?: number;
  readonly beginUs?: number;
  readonly reachedUs?: number;
  readonly win32ExitCode?: number;
  readonly serviceExitCode?: number;
}

type Exchange = (fields: readonly (string | number)[]) => Promise<Answer>;

/** What its clock shows at our zero: of some questions the one that was answered fastest. Milliseconds. */
const clockOffset = async (exchange: Exchange): Promise<number> => {
  let best = { took: Infinity, offset: 0 };
  for (let ping = 0; ping < PINGS; ping += 1) {
    const sent = performance.now();
    const { nowUs = 0 } = await exchange(['clock']);
    const came = performance.now();
    if (came - sent < best.took) best = { took: came - sent, offset: nowUs / 1000 - (sent + came) / 2 };
  }
  return best.offset;
};

/** @param prefix booted. */
export const openMeter = (prefix: string): Meter => {
  const child = spawn('wine', [PROGRAM.meter], {
    env: wine.wineEnvironment(prefix),
    stdio: ['pipe', 'pipe', 'ignore'],
  });
  const ended = new Promise<void>((resolve) => child.once('close', () => resolve()));
  const lines = createInterface({ input: child.stdout })[Symbol.asyncIterator]();
  const exchange: Exchange = async (fields) => {
    child.stdin.write(`${fields.join('\t')}\n`);
    const bound = setTimeout(() => child.kill('SIGKILL'), ANSWER_MS);
    const line = (await lines.next()) as IteratorResult<string, undefined>;
    clearTimeout(bound);
    if (line.done === true) throw new MeterError(`the meter has ended over: ${fields.join(' ')}`);
    return JSON.parse(line.value) as Answer;
  };
  return {
    ask: async (command, ...args) => {
      // Each time: Windows' clock under Wine is not the one that this process reads, and the two drift.
      const offset = await clockOffset(exchange);
      const answer = await exchange([command, ...args]);
      if (answer.error !== 0)
        throw new MeterError(`${[command, ...args].join(' ')}: Windows error ${answer.error}`);
      const { beginUs = 0, reachedUs = 0, win32ExitCode = 0, serviceExitCode = 0 } = answer;
      const at = (us: number): number => us / 1000 - offset;
      return { begin: at(beginUs), reached: at(reachedUs), win32ExitCode, serviceExitCode };
    },
    close: async () => {
      child.stdin.end();
      await ended;
    },
  };
};
