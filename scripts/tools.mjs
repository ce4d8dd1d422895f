// What the suites need on Linux, from Debian: installed where this is root, named where it is not.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';

/** Programs (or paths) by which a package is known to be there, and the package. Most are for the Windows suites. */
const TOOLS = [
  { program: 'wine', packageName: 'wine' },
  { program: 'wineserver', packageName: 'wine64' },
  { program: 'x86_64-w64-mingw32-g++-posix', packageName: 'g++-mingw-w64-x86-64-posix' },
  { program: 'cmake', packageName: 'cmake' },
  { program: 'c++', packageName: 'g++' },
];

/** For the suites of the network, which skip what is not there. The program alone: nothing of it is started at boot. */
const NETWORK_TOOLS = [
  { program: '/usr/lib/python3/dist-packages/websockets', packageName: 'python3-websockets' },
  { program: 'tinyproxy', packageName: 'tinyproxy-bin' },
  { program: 'ip', packageName: 'iproute2' },
  { program: 'openssl', packageName: 'openssl' },
];

/** For the package, whose suite signs it with a certificate of its own, and the installer. */
const PACKAGE_TOOLS = [
  { program: 'osslsigncode', packageName: 'osslsigncode' },
  { program: 'wixl', packageName: 'wixl' },
  { program: 'msibuild', packageName: 'msitools' },
];

/** For `--lint`, which names what is not there. */
const LINT_TOOLS = [{ program: 'clang-tidy', packageName: 'clang-tidy' }];

const APT_TIMEOUT_MS = 20 * 60_000;

const has = (program) =>
  program.startsWith('/')
    ? existsSync(program)
    : spawnSync('sh', ['-c', `command -v ${program}`], { stdio: 'ignore' }).status === 0;
const missingPackages = (tools) =>
  tools.filter(({ program }) => !has(program)).map((tool) => tool.packageName);

function aptGet(args) {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
  const result = spawnSync('apt-get', args, { env, encoding: 'utf8', timeout: APT_TIMEOUT_MS });
  if (result.status === 0) return true;
  process.stderr.write(`${result.stdout ?? ''}${result.stderr ?? ''}`);
  return false;
}

/**
 * @param {(line: string) => void} say
 * @param {boolean} lint whether style is checked as well
 * @returns {string | undefined} why the Windows suites cannot run, and the command that would help
 */
export function installTools(say, lint = false) {
  if (process.platform !== 'linux') return undefined;
  const missing = missingPackages([
    ...TOOLS,
    ...NETWORK_TOOLS,
    ...PACKAGE_TOOLS,
    ...(lint ? LINT_TOOLS : []),
  ]);
  if (missing.length === 0) return undefined;
  const command = `apt-get install --no-install-recommends ${missing.join(' ')}`;
  if (process.getuid() !== 0 || !has('apt-get')) {
    const why = `not installed: ${missing.join(', ')}; as root: ${command}`;
    if (missingPackages(TOOLS).length > 0) return why;
    say(`Some suites, or parts of them, are skipped: ${why}`);
    return undefined;
  }
  say(`Installing ${missing.join(', ')} (Debian)...`);
  aptGet(['update', '-q']);
  aptGet(['install', '-y', '-q', '--no-install-recommends', ...missing]);
  const still = missingPackages(TOOLS);
  return still.length === 0 ? undefined : `could not be installed: ${still.join(', ')}; try: ${command}`;
}
