/** Where the program is that the service will run: this very one. */
import { existsSync, readdirSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { addonFile } from '@guruconnect/native';
import { OWN_SCRIPT } from '../own-program.ts';
import type { CodePaths } from './path-safety.ts';
import { programFiles, rootOf } from './program-files.ts';
import type { ServiceProgram } from './service-definition.ts';

const CODE_FOLDERS = [
  'node_modules',
  'packages',
  ...['native', 'shared', 'store', 'supervisor', 'worker'].flatMap((name) => [
    join('packages', name),
    join('packages', name, 'dist'),
  ]),
];

/** Links and network drives are resolved: what counts is what is run. */
export const serviceProgram = (data: string): ServiceProgram => ({
  executable: realpathSync.native(process.execPath),
  script: OWN_SCRIPT === undefined ? undefined : realpathSync.native(OWN_SCRIPT),
  data,
});

/** What is at the top, and tells most mistakes at once. */
export const codePaths = ({ executable, script }: ServiceProgram): CodePaths => {
  if (script === undefined) return { files: [executable, addonFile()], folders: [] };
  const root = rootOf(script);
  return {
    files: [executable, script],
    folders: CODE_FOLDERS.map((name) => join(root, name))
      .filter((path) => existsSync(path))
      .map((path) => realpathSync.native(path)),
  };
};

const filesIn = (folder: string): readonly string[] =>
  readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map(({ name }) => join(folder, name));

/** Beside an executable and a library Windows looks for others first, whatever else lies there. */
const besides = (executable: string): CodePaths => ({
  files: [executable, addonFile()].flatMap((file) => filesIn(dirname(file))),
  folders: [],
});

/** All that is below: of a checkout thousands of files. */
export const codeFiles = ({ executable, script }: ServiceProgram): CodePaths =>
  script === undefined ? besides(executable) : programFiles(realpathSync.native(rootOf(script)));
