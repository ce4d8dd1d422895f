/** `guruconnect diagnostics`: one archive for a ticket, without a secret in it. */
import { resolve } from 'node:path';
import { parseAgentOptions } from '@guruconnect/shared/agent-options';
import { type ExitCode, EXIT } from '@guruconnect/shared/exit-codes';
import { printable } from '@guruconnect/shared/printable';
import { UsageError, messageOf } from '@guruconnect/shared/usage-error';
import { findPatient, leaveAnyway } from '../doctor/doctor-command.ts';
import { type ArchiveEntry, writeArchive } from './archive.ts';
import { defaultName, gatherContents } from './contents.ts';
import { contentsPage } from './entries.ts';
import { createScrub } from './scrub.ts';

const write = (path: string, entries: Iterable<ArchiveEntry>): number => {
  try {
    return writeArchive(path, entries);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST')
      throw new UsageError(`${path} is there already: name another file (--output)`);
    throw new Error(`the archive cannot be written: ${messageOf(error)}`, { cause: error });
  }
};

/** @throws UsageError; Error where the archive cannot be written */
export const runDiagnostics = async (args: readonly string[]): Promise<ExitCode> => {
  const { options, own } = parseAgentOptions(args, { output: { type: 'string' }, json: { type: 'boolean' } });
  if (own['output'] === '') throw new UsageError('--output: empty');
  const at = new Date();
  const path = own['output'] === undefined ? defaultName(at) : resolve(String(own['output']));
  const json = own['json'] === true;
  const { entries, secrets } = await gatherContents(await findPatient(options), json);
  const scrub = createScrub(secrets);
  const all = [contentsPage(entries, at.toISOString()), ...entries];
  const bytes = write(
    path,
    all.flatMap((entry) =>
      entry.kind === 'text' ? [{ name: scrub(entry.name), text: scrub(entry.text) }] : [],
    ),
  );
  const missing = entries.flatMap((entry) =>
    entry.kind === 'missing' ? [{ name: entry.name, why: scrub(entry.why) }] : [],
  );
  process.stdout.write(
    json
      ? `${JSON.stringify({ path, bytes, missing }, undefined, 2)}\n`
      : [
          `${path}: ${Math.ceil(bytes / 1024)} KiB, secrets taken out; look through it before you hand it on`,
          ...missing.map(({ name, why }) => `not in it: ${name}: ${why}`),
        ]
          .map((line) => `${printable(line)}\n`)
          .join(''),
  );
  leaveAnyway();
  return EXIT.ok;
};
