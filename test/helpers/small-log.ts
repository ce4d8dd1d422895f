/** Logs that are full soon, and what is in all the files of one. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { type LogFileParts, openLogFile } from '@guruconnect/shared/log-file';
import { LOG_LIMITS, type LogLimits } from '@guruconnect/shared/rotation';

export interface SmallLog extends Pick<LogLimits, 'fileBytes' | 'slots'> {
  readonly path: string;
}

/** Lines as pino writes them. @returns what writes one */
export const createLogWith = (
  { path, fileBytes, slots }: SmallLog,
  parts: Partial<LogFileParts> = {},
): ((fields: object) => void) => {
  const limits = { ...LOG_LIMITS, fileBytes, slots, stuckBytes: 2 * fileBytes, ...parts.limits };
  const { now = Date.now } = parts;
  const file = openLogFile(path, {
    ...parts,
    limits,
  });
  return (fields) => {
    file.write(
      `${JSON.stringify({ level: 30, time: new Date(now()).toISOString(), ...fields, msg: 'line' })}\n`,
    );
  };
};

/** The names of a log's files, and its lines in the order of the files' names. */
export const filesOf = (path: string): readonly string[] => {
  const stem = basename(path, '.log');
  return existsSync(dirname(path))
    ? readdirSync(dirname(path))
        .filter((name) => name === `${stem}.log` || new RegExp(`^${stem}\\.\\d+\\.log$`).test(name))
        .filter((name) => statSync(join(dirname(path), name)).isFile())
        .sort()
    : [];
};

export interface Written {
  readonly name?: string;
  readonly line?: number;
  readonly msg: string;
}

export const linesOf = (path: string): readonly Written[] =>
  filesOf(path)
    .flatMap((name) => readFileSync(join(dirname(path), name), 'utf8').split('\n'))
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Written);
