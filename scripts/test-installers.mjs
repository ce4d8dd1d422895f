// `node scripts/test-installers.mjs FOLDER`: the installers that the suite of the installer wants beside the product's own, which is in dist.
import { spawnSync } from 'node:child_process';
import { mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { buildLab, labPrograms } from './lab.mjs';
import { ROOT } from './setup.mjs';

/** Higher than any of the product's. */
const NEWER = '99.1.0';
/** Steps of the installer that fail where the property says so: as LocalSystem, in its script; without data the action refuses. */
const FAILURES = [
  { name: 'FailInstall', when: 'FAIL="install"', at: 6599 },
  { name: 'FailRemoval', when: 'FAIL="removal"', at: 3396 },
];

function addFailures(msi) {
  for (const { name, when, at } of FAILURES)
    for (const query of [
      `INSERT INTO \`CustomAction\` (\`Action\`, \`Type\`, \`Source\`, \`Target\`) VALUES ('${name}', 3073, 'Actions', 'UninstallService')`,
      `INSERT INTO \`InstallExecuteSequence\` (\`Action\`, \`Condition\`, \`Sequence\`) VALUES ('${name}', '${when}', ${at})`,
    ]) {
      const { status, stderr } = spawnSync('msibuild', [msi, '-q', query], { encoding: 'utf8' });
      if (status !== 0) throw new Error(`msibuild: ${query}: ${stderr}`);
    }
}

/** `newer.msi`, whose steps can be made to fail, and `broken.msi`, whose program is none. @param {string} folder absolute */
export async function makeTestInstallers(folder) {
  const { installerParts } = await import('./package/make.mjs');
  const { makeInstaller } = await import('./package/installer.mjs');
  buildLab();
  mkdirSync(folder, { recursive: true });
  const dist = join(ROOT, 'dist');
  const parts = { ...installerParts(dist, join(dist, 'guruconnect.exe')), version: NEWER };
  const make = (name, changed) => {
    const msi = join(folder, name);
    makeInstaller(join(folder, 'drafts'), { ...parts, ...changed, msi });
    return msi;
  };
  addFailures(make('newer.msi', {}));
  make('broken.msi', { executable: join(labPrograms, 'svcctl.exe') });
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
  const [folder] = process.argv.slice(2);
  if (folder === undefined) throw new Error('usage: node scripts/test-installers.mjs FOLDER');
  await makeTestInstallers(resolve(folder));
}
