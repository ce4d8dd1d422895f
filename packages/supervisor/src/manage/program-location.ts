/** Where the program is that the service will run: this very one. */
import { existsSync, realpathSync } from 'node:fs';
import { join } from 'node:path';
import { WORKER_SCRIPT } from '../worker-script.ts';
import type { CodePaths } from './path-safety.ts';
import { programFiles, rootOf } from './program-files.ts';
import type { ServiceProgram } from './service-definition.ts';

const ROOT = rootOf(WORKER_SCRIPT);
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
  script: realpathSync.native(WORKER_SCRIPT),
  data,
});

/** What is at the top, and tells most mistakes at once. */
export const codePaths = ({ executable, script }: ServiceProgram): CodePaths => ({
  files: [executable, script],
  folders: CODE_FOLDERS.map((name) => join(ROOT, name))
    .filter((path) => existsSync(path))
    .map((path) => realpathSync.native(path)),
});

/** All that is below: thousands of files. */
export const codeFiles = (): CodePaths => programFiles(realpathSync.native(ROOT));
