// The manifest of winget: three files, as its repository and a private source take them.
// https://learn.microsoft.com/windows/package-manager/package/manifest
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';

const IDENTIFIER = 'GuruConnect.ManagedAgent';
const SCHEMA = '1.6.0';
const LOCALE = 'en-US';
/** Where the installer will be found; its name is put behind it. */
const ADDRESS = { variable: 'GURUCONNECT_DOWNLOAD_URL', none: 'https://downloads.guruconnect.example/' };

/** The values are ours, and none of them needs more than quotes. */
const quoted = (text) => `'${text.replaceAll("'", "''")}'`;

const file = (type, lines) =>
  [
    `# yaml-language-server: $schema=https://aka.ms/winget-manifest.${type}.${SCHEMA}.schema.json`,
    '',
    ...lines,
    `ManifestType: ${type}`,
    `ManifestVersion: ${SCHEMA}`,
    '',
  ].join('\n');

/**
 * @param {string} folder
 * @param {{ msi: string, version: string, productCode: string, upgradeCode: string }} installer `msi` as it is published: signed
 */
export function writeWinget(folder, { msi, version, productCode, upgradeCode }) {
  const hash = createHash('sha256').update(readFileSync(msi)).digest('hex').toUpperCase();
  const url = new URL(basename(msi), process.env[ADDRESS.variable] || ADDRESS.none).href;
  const head = [`PackageIdentifier: ${IDENTIFIER}`, `PackageVersion: ${version}`];
  const files = {
    '': file('version', [...head, `DefaultLocale: ${LOCALE}`]),
    '.installer': file('installer', [
      ...head,
      'Platform:',
      '- Windows.Desktop',
      'MinimumOSVersion: 10.0.0.0',
      'InstallerType: wix',
      'Scope: machine',
      'InstallModes:',
      '- silent',
      '- silentWithProgress',
      'UpgradeBehavior: install',
      'ElevationRequirement: elevatesSelf',
      `ProductCode: ${quoted(`{${productCode}}`)}`,
      'Installers:',
      '- Architecture: x64',
      `  InstallerUrl: ${url}`,
      `  InstallerSha256: ${hash}`,
      '  AppsAndFeaturesEntries:',
      `  - ProductCode: ${quoted(`{${productCode}}`)}`,
      `    UpgradeCode: ${quoted(`{${upgradeCode}}`)}`,
    ]),
    [`.locale.${LOCALE}`]: file('defaultLocale', [
      ...head,
      `PackageLocale: ${LOCALE}`,
      'Publisher: GuruConnect',
      'PackageName: GuruConnect Managed Agent',
      'License: Proprietary',
      'ShortDescription: Keeps a Windows machine reachable for remote support.',
    ]),
  };
  mkdirSync(folder, { recursive: true });
  for (const [name, text] of Object.entries(files))
    writeFileSync(join(folder, `${IDENTIFIER}${name}.yaml`), text);
}
