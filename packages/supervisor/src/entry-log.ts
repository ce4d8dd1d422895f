/** The service's log of what fails before there is a log: a line in the shape of its own, written without any package. */
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { dataDir, logDir } from '@guruconnect/shared/data-folder';
import { openLogFile } from '@guruconnect/shared/log-file';
import { type MakeDataFolder, makeServiceFolder } from './data-folder-maker.ts';

/** pino's level for the end of a process. */
const FATAL = 60;

/** `--data`, out of arguments that may be wrong in any other way. */
const dataOption = (args: readonly string[]): string | undefined => {
  const { data } = parseArgs({
    args: [...args],
    options: { data: { type: 'string' } },
    strict: false,
  }).values;
  return typeof data === 'string' && data !== '' ? data : undefined;
};

const describe = (error: unknown): object =>
  error instanceof Error
    ? { type: error.name, message: error.message, stack: error.stack }
    : { message: String(error) };

/** Appends to `supervisor.log`. Never rejects: where that cannot be written, there is nobody left to tell. */
export const logEntryFailure = async (
  args: readonly string[],
  error: unknown,
  makeDataFolder: MakeDataFolder = makeServiceFolder,
): Promise<void> => {
  try {
    const options = { data: dataOption(args) };
    await makeDataFolder(dataDir(options));
    const time = new Date().toISOString();
    const line = { level: FATAL, time, pid: process.pid, name: 'supervisor', err: describe(error) };
    const log = openLogFile(join(logDir(options), 'supervisor.log'));
    log.write(`${JSON.stringify({ ...line, msg: 'the supervisor has failed' })}\n`);
    log.close();
  } catch {
    // See above.
  }
};
