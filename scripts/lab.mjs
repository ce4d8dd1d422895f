// Brings what the Windows suites drive: the built lab programs and, on Linux, a Windows node.exe.
// Cheap when everything is there already.
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { buildCmake } from './cmake.mjs';
import { fetchWindowsNode, windowsNode } from './node-programs.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAB = join(ROOT, 'test', 'windows', 'lab');

export const labPrograms = join(LAB, 'build');

export { windowsNode };

export const buildLab = () => void buildCmake(LAB, labPrograms);

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  buildLab();
  if (process.platform !== 'win32') fetchWindowsNode();
}
