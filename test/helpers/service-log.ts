/** What a supervisor wrote about a run: supervisor.log, as data. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface LogLine {
  /** Milliseconds since the epoch. */
  readonly at: number;
  /** Of the process that wrote it. */
  readonly pid?: number;
  readonly msg: string;
  readonly from?: string;
  readonly event?: string;
  readonly to?: string;
  /** The bound that a worker was killed after. */
  readonly after?: string;
  readonly fault?: { readonly code: string };
  /** Of `worker killed`, and of `worker exited`. */
  readonly hang?: string;
  readonly reason?: string;
  readonly livedMs?: number;
  readonly history?: readonly { readonly at: string; readonly what: string }[];
  readonly worker?: {
    readonly pid?: number;
    readonly code?: number;
    readonly signal?: string;
    lastWords: string[];
  };
}

export const readLog = (dataDir: string, name: 'supervisor' | 'worker' = 'supervisor'): readonly LogLine[] =>
  readFileSync(join(dataDir, 'logs', `${name}.log`), 'utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const fields = JSON.parse(line) as LogLine & { time: string };
      return { ...fields, at: Date.parse(fields.time) };
    });

/** The transitions of the service's machine, as `running -control-> stopping`. */
export const transitions = (lines: readonly LogLine[]): readonly string[] =>
  lines
    .filter(({ msg, event }) => msg === 'service' && event !== 'start')
    .map(({ from = '', event = '', to = '' }) => `${from} -${event}-> ${to}`);

export const transitionTo = (lines: readonly LogLine[], state: string): LogLine | undefined =>
  lines.find((line) => line.msg === 'service' && line.to === state && line.event !== 'start');

export const workerExit = (lines: readonly LogLine[]): LogLine | undefined =>
  lines.find((line) => line.msg === 'worker exited');
