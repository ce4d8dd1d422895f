/** Who could change what the service runs: of all the files that its program is made of, whichever program that is. */
import { readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { SERVICE_RUN_ARG } from '@guruconnect/shared/identity';
import { type CodePaths, type ReadSecurity, type Weakness, findWeakness } from '../manage/path-safety.ts';
import { codeFiles, codePaths, serviceProgram } from '../manage/program-location.ts';
import type { StatusFacts } from '../manage/status-facts.ts';
import { NotHere } from './gather.ts';
import { readImagePath } from '../manage/image-path.ts';

const ABSOLUTE = /^[A-Za-z]:\\/;

/** Node's own options stand in front of the script, and are none of its files. */
const scriptOf = (args: readonly string[]): string | undefined =>
  args.slice(0, Math.max(0, args.indexOf(SERVICE_RUN_ARG))).at(-1);

/** Windows looks for libraries there first. @throws the file system's errors */
const beside = (executable: string): CodePaths => {
  const folder = dirname(executable);
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => entry.isFile());
  return { files: files.map(({ name }) => join(folder, name)), folders: [] };
};

/** Windows' paths are the same in either case. */
const isSame = (a: string | undefined, b: string | undefined): boolean =>
  a?.toLowerCase() === b?.toLowerCase();

/** What to look at, the top first. @throws NotHere, UsageError, and the file system's errors */
export const codeOf = (line: string, data: string): readonly (() => CodePaths)[] => {
  const own = serviceProgram(data);
  const read = readImagePath(line);
  if (read.kind === 'untold')
    throw new NotHere('the image path does not tell which program it is that the service runs');
  const [executable = '', ...args] = read.parts;
  const script = scriptOf(args);
  if (isSame(executable, own.executable) && isSame(script, own.script))
    return [() => codePaths(own), () => codeFiles(own)];
  if (args[0] === SERVICE_RUN_ARG && ABSOLUTE.test(executable))
    return [() => ({ files: [executable], folders: [] }), () => beside(executable)];
  if (script === undefined || ![executable, script].every((path) => ABSOLUTE.test(path)))
    throw new NotHere('the service runs another program than this one, and its files cannot be told');
  const other = { executable, script, data };
  return [() => codePaths(other), () => codeFiles(other)];
};

/** @throws Win32Error, UsageError; NotHere where there is no telling what the service runs */
export const findProgramWeakness = async (
  read: ReadSecurity,
  { service, data }: StatusFacts,
): Promise<Weakness | undefined> => {
  if (service.kind !== 'installed') throw new NotHere('no service is installed');
  for (const paths of codeOf(service.config.imagePath, data)) {
    const weakness = await findWeakness(read, paths());
    if (weakness !== undefined) return weakness;
  }
  return undefined;
};
