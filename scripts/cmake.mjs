// Programs for Windows beside the addon, by cmake: natively there, with mingw elsewhere.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));

/**
 * @param {string} source folder of the CMakeLists.txt
 * @param {string} build folder
 * @returns {string} that of the programs
 * @throws Error with what cmake said
 */
export function buildCmake(source, build) {
  run('cmake', ['-S', source, '-B', build, ...generator(), '-DCMAKE_BUILD_TYPE=Release', ...toolchain()]);
  run('cmake', ['--build', build, '--config', 'Release']);
  return build;
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
