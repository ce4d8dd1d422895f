// What the Windows suites need on Linux, from Debian: installed where this is root, named where it is not.
import { spawnSync } from 'node:child_process';

/** Programs by which a package is known to be there, and the package. */
const TOOLS = [
  { program: 'wine', packageName: 'wine' },
  { program: 'wineserver', packageName: 'wine64' },
  { program: 'x86_64-w64-mingw32-g++-posix', packageName: 'g++-mingw-w64-x86-64-posix' },
  { program: 'cmake', packageName: 'cmake' },
  { program: 'c++', packageName: 'g++' },
];

const APT_TIMEOUT_MS = 20 * 60_000;

const has = (program) => spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const missingPackages = () => TOOLS.filter(({ program }) => !has(program)).map((tool) => tool.packageName);

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: APT_TIMEOUT_MS });
  if (result.status === 0) return true;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  return false;
}

/**
 * @param {(line: string) => void} say
 * @returns {string | undefined} why the Windows suites cannot run, and the command that would help
 */
export function installTools(say) {
  if (process.platform !== 'linux') return undefined;
  const missing = missingPackages();
  if (missing.length === 0) return undefined;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0 || !has('apt-get'))
    return `not installed: ${missing.join(', ')}; as root: ${command}`;
  say(`Installing ${missing.join(', ')} (Debian)...`);
  aptGet(['update', '-q']);
  aptGet(['install', '-y', '-q', '--no-install-recommends', ...missing]);
  const still = missingPackages();
  return still.length === 0 ? undefined : `could not be installed: ${still.join(', ')}; try: ${command}`;
}
