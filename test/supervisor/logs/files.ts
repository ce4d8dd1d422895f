/** Logs of a data folder as the agent writes them, and as it does not. */
import { appendFileSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { Test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

/** Noon of the day that the tests speak of, UTC. */
export const NOON = Date.parse('2026-11-26T12:00:00.000Z');

/** A line as pino writes it. @param second after noon. */
export const line = (second: number, fields: Readonly<Record<string, unknown>> = {}): string => {
  const { level = 30, ...rest } = fields;
  const time = new Date(NOON + second * 1000).toISOString();
  return JSON.stringify({ level, time, pid: 1, hostname: 'h', name: 'worker', ...rest });
};

export interface DataFolder {
  readonly data: string;
  path(...name: readonly string[]): string;
  /** A file of the folder of logs, in place of what was there. */
  write(name: string, lines: readonly string[]): void;
  append(name: string, ...lines: readonly string[]): void;
}

export const dataFolder = (t: Pick<Test, 'teardown'>): DataFolder => {
  const data = tempDir(t);
  const path = (...name: readonly string[]): string => join(data, 'logs', ...name);
  return {
    data,
    path,
    write: (name, lines) => {
      mkdirSync(dirname(path(name)), { recursive: true });
      writeFileSync(path(name), lines.map((text) => `${text}\n`).join(''));
    },
    append: (name, ...lines) => {
      appendFileSync(path(name), lines.map((text) => `${text}\n`).join(''));
    },
  };
};
