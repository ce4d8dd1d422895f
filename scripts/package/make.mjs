// From what is compiled to dist: guruconnect.exe, everything in one file, and what lies beside it. The same input makes the same bytes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { addonFile, buildAddon } from '../native.mjs';
import { NODE_VERSION, fetchSameNode, fetchWindowsNode, windowsNode } from '../node-programs.mjs';
import { ROOT } from '../setup.mjs';
import { makeBlob } from './blob.mjs';
import { bundleProduct } from './bundle.mjs';
import { makeExecutable } from './executable.mjs';
import { identity, makeInstaller } from './installer.mjs';
import { licences } from './licences.mjs';
import { withNode } from './sbom.mjs';
import { sign } from './sign.mjs';
import { writeWinget } from './winget.mjs';

export const OUT = join(ROOT, 'dist');
/** For what is only on the way to it; relative, as it becomes part of the bytes. */
const DRAFTS = '.cache/package';

const read = (...path) => readFileSync(join(ROOT, ...path));

/** Of the checkout; what was changed since counts as well. */
function commit() {
  const git = (...args) => spawnSync('git', args, { cwd: ROOT, encoding: 'utf8' });
  const head = git('rev-parse', '--short=12', 'HEAD');
  if (head.status !== 0) return 'unknown';
  return `${head.stdout.trim()}${git('status', '--porcelain').stdout === '' ? '' : '+changes'}`;
}

/** Whatever ends up in a file's properties. */
const strings = ({ version }, hash) => ({
  CompanyName: 'GuruConnect',
  FileDescription: 'GuruConnect Managed Agent',
  FileVersion: version,
  InternalName: 'guruconnect',
  LegalCopyright: 'Copyright GuruConnect. Contains Node.js and other software under their own licences.',
  OriginalFilename: 'guruconnect.exe',
  ProductName: 'GuruConnect Managed Agent',
  ProductVersion: version,
  Comments: `commit ${hash}, Node ${NODE_VERSION}`,
});

/**
 * @param {(line: string) => void} say progress, for a person
 * @param {string} out absolute
 * @returns {Promise<{ executable: string, installer: string | undefined }>} files
 * @throws Error that says what is missing
 */
export async function makePackage(say, out = OUT) {
  const missing = buildAddon(say, 'win32-x64');
  if (missing !== undefined) throw new Error(`the addon for Windows is not built: ${missing}`);
  fetchWindowsNode();
  fetchSameNode();
  for (const folder of [out, join(ROOT, DRAFTS)]) mkdirSync(folder, { recursive: true });
  const manifest = JSON.parse(read('package.json'));
  const hash = commit();
  const { parts, folders } = await bundleProduct(DRAFTS, { GURUCONNECT_COMMIT: JSON.stringify(hash) });
  const executable = join(out, 'guruconnect.exe');
  writeFileSync(
    executable,
    makeExecutable({
      node: windowsNode,
      blob: makeBlob(DRAFTS, parts),
      icon: read('scripts', 'package', 'guruconnect.ico'),
      version: manifest.version,
      strings: strings(manifest, hash),
    }),
  );
  if (sign(executable)) say(`Signed: ${executable}`);
  writeFileSync(join(out, 'sbom.cdx.json'), withNode(read(DRAFTS, 'sbom.json'), manifest));
  writeFileSync(join(out, 'THIRD-PARTY-LICENCES.txt'), licences(folders));
  return { executable, installer: installer(out, executable, manifest) };
}

/**
 * What the installer is made of.
 * @param {string} out folder of what lies beside the executable
 */
export function installerParts(out, executable) {
  const addon = addonFile('win32-x64');
  return {
    executable,
    addon,
    addonHash: createHash('sha256').update(readFileSync(addon)).digest('hex'),
    beside: ['THIRD-PARTY-LICENCES.txt', 'sbom.cdx.json'].map((name) => ({ name, path: join(out, name) })),
  };
}

/** On Windows the tools for it are others; the executable is the same. @returns its file, or undefined */
function installer(out, executable, { version }) {
  if (process.platform === 'win32') return undefined;
  const msi = join(out, 'guruconnect.msi');
  makeInstaller(join(ROOT, DRAFTS, 'installer'), { ...installerParts(out, executable), version, msi });
  writeWinget(join(out, 'winget'), { msi, version, ...identity(version) });
  return msi;
}
