// Brings what the Windows suites drive: the built lab programs and, on Linux, a Windows node.exe.
// Cheap when everything is there already.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { fetchWindowsNode, windowsNode } from './node-programs.mjs';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const LAB = join(ROOT, 'test', 'windows', 'lab');

export const labPrograms = join(LAB, 'build');

export { windowsNode };

export function buildLab() {
  const settings = [...generator(), '-DCMAKE_BUILD_TYPE=Release', ...toolchain()];
  run('cmake', ['-S', LAB, '-B', labPrograms, ...settings]);
  run('cmake', ['--build', labPrograms, '--config', 'Release']);
}

function generator() {
  return spawnSync('ninja', ['--version'], { stdio: 'ignore' }).status === 0 ? ['-G', 'Ninja'] : [];
}

function toolchain() {
  if (process.platform === 'win32') return [];
  const file = join(ROOT, 'packages', 'native', 'cmake', 'mingw-w64-x86_64.cmake');
  return [`-DCMAKE_TOOLCHAIN_FILE=${file}`];
}

/**
 * @param {string} program
 * @param {string[]} args
 */
function run(program, args) {
  const { status, error, stdout, stderr } = spawnSync(program, args, { cwd: ROOT, encoding: 'utf8' });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stdout}${stderr}`);
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  buildLab();
  if (process.platform !== 'win32') fetchWindowsNode();
}
