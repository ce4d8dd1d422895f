// Programs of Node's from npm: the node.exe that the product is made of and the suites run, and this machine's of the same version.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const ROOT = fileURLToPath(new URL('..', import.meta.url));
const WINDOWS = 'win-x64';
const HERE = `${process.platform === 'win32' ? 'win' : process.platform}-${process.arch}`;

/** The newest line of Node that starts under Wine 8. */
export const NODE_VERSION = '22.23.3';
/** Of its node.exe. */
const WINDOWS_NODE_SHA256 = '9c9245166b4a8e182e0b797da9c20136117ff24368eaff1fec8343a123c8db0e';

const homeOf = (platform) => join(ROOT, '.cache', platform === WINDOWS ? 'windows-node' : `node-${platform}`);
const packageOf = (platform) => join(homeOf(platform), 'node_modules', `node-${platform}`);
const programOf = (platform) =>
  join(packageOf(platform), 'bin', platform.startsWith('win') ? 'node.exe' : 'node');

export const windowsNode = programOf(WINDOWS);
/** For what has to be made by the very version that it is made for. */
export const sameNode = programOf(HERE);

/** What is there already may be of another version. */
function isThere(platform) {
  if (!existsSync(programOf(platform))) return false;
  return JSON.parse(readFileSync(join(packageOf(platform), 'package.json'), 'utf8')).version === NODE_VERSION;
}

/** It runs as LocalSystem in the end, and comes without a lockfile. */
function requireTheOne(file) {
  const hash = createHash('sha256').update(readFileSync(file)).digest('hex');
  if (hash === WINDOWS_NODE_SHA256) return;
  rmSync(file);
  throw new Error(`${file}: its hash is ${hash}, and not the one that is known of Node ${NODE_VERSION}`);
}

function fetchNode(platform) {
  if (isThere(platform)) return;
  const quiet = ['--ignore-scripts', '--no-audit', '--no-fund', '--no-save'];
  // --force: npm would refuse a package that is made for another platform.
  const args = [
    'install',
    '--force',
    ...quiet,
    '--prefix',
    homeOf(platform),
    `node-${platform}@${NODE_VERSION}`,
  ];
  const { status, error, stdout, stderr } = spawnSync('npm', args, {
    encoding: 'utf8',
    shell: process.platform === 'win32',
  });
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`npm ${args.join(' ')} failed\n${stdout}${stderr}`);
}

export const fetchWindowsNode = () => {
  fetchNode(WINDOWS);
  requireTheOne(windowsNode);
};
export const fetchSameNode = () => fetchNode(HERE);
