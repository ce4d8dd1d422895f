// guruconnect.msi, from guruconnect.exe and what lies beside it: wixl makes the cabinet and the plain tables, installer-tables.mjs the rest,
// msibuild (of the same package) the database. The same input makes the same bytes.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { copyFileSync, mkdirSync, readFileSync, rmSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { buildCmake } from '../cmake.mjs';
import { ROOT } from '../setup.mjs';
import { formatIdt, parseIdt } from './idt.mjs';
import { finishTables, setPackageCode } from './installer-tables.mjs';
import { sign } from './sign.mjs';

const SOURCE = join(ROOT, 'packages', 'native', 'installer');
const CABINET = 'guruconnect.cab';
const BINARY = { Binary: 'Binary.Actions', Icon: 'Icon.guruconnect.ico' };
/** Never to be changed: by it a new version knows the old one. */
const UPGRADE_CODE = '1C4E6B0A-93D2-5F8B-A7C1-5D3E9F20B846';
/** Of every file in the cabinet. */
const FILE_TIME = new Date('2020-01-01T00:00:00Z');

function run(program, args, cwd) {
  const env = { ...process.env, TZ: 'UTC' };
  const { status, error, stdout, stderr } = spawnSync(program, args, {
    cwd,
    env,
    maxBuffer: 512 * 1024 * 1024,
  });
  if (error?.code === 'ENOENT') throw new Error(`${program} is not installed (Debian: msitools, wixl)`);
  if (error !== undefined) throw error;
  if (status !== 0) throw new Error(`${program} ${args.join(' ')} failed\n${stdout}${stderr}`);
  return stdout;
}

/** RFC 9562, version 5, as the installer writes it: the same name is the same everywhere. */
function guid(name) {
  const hash = createHash('sha1').update(`${UPGRADE_CODE}/${name}`).digest();
  hash[6] = (hash[6] & 0x0f) | 0x50;
  hash[8] = (hash[8] & 0x3f) | 0x80;
  const hex = hash.subarray(0, 16).toString('hex').toUpperCase();
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-');
}

/** What wixl is told, and what winget has to know. @param {string} version three numbers */
export const identity = (version) => ({ upgradeCode: UPGRADE_CODE, productCode: guid(`product/${version}`) });

/** The files as the cabinet takes them. @returns their hash */
function stage(folder, { executable, addon, beside, version }) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const actions = join(buildCmake(SOURCE, join(SOURCE, 'build')), 'guruconnect-actions.dll');
  const files = {
    'guruconnect.exe': readFileSync(executable),
    'guruconnect.node': readFileSync(addon),
    'guruconnect-actions.dll': readFileSync(actions),
    'guruconnect.ico': readFileSync(join(ROOT, 'scripts', 'package', 'guruconnect.ico')),
    'guruconnect.cmd': Buffer.from(`@"%~dp0${version}\\guruconnect.exe" %*\r\n`),
    ...Object.fromEntries(beside.map((file) => [file.name, readFileSync(file.path)])),
  };
  const hash = createHash('sha256');
  for (const [name, content] of Object.entries(files)) {
    const path = join(folder, name);
    writeFileSync(path, content);
    utimesSync(path, FILE_TIME, FILE_TIME);
    hash.update(`${name}\0${content.length}\0`).update(content);
  }
  // It goes with the installer and is looked at by the same programs.
  sign(join(folder, 'guruconnect-actions.dll'));
  copyFileSync(join(ROOT, 'scripts', 'package', 'guruconnect.wxs'), join(folder, 'guruconnect.wxs'));
  return hash.digest('hex');
}

function draft(folder, version, addonHash) {
  const { productCode, upgradeCode } = identity(version);
  const defined = {
    Version: version,
    ProductCode: productCode,
    UpgradeCode: upgradeCode,
    CommandGuid: guid('command'),
    ProgramGuid: guid(`program/${version}`),
    AddonGuid: guid(`addon/${version}`),
    AddonFolder: `native-${addonHash.slice(0, 16)}`,
  };
  const defines = Object.entries(defined).flatMap(([name, value]) => ['-D', `${name}=${value}`]);
  run('wixl', ['-a', 'x64', ...defines, '-o', 'draft.msi', 'guruconnect.wxs'], folder);
}

/** Of all that the tables say. */
function digest(tables) {
  const hash = createHash('sha256');
  for (const name of Object.keys(tables).sort()) hash.update(`${name}\0${formatIdt(tables[name])}\0`);
  return hash.digest('hex');
}

function readTables(folder) {
  const names = [
    ...String(run('msiinfo', ['tables', 'draft.msi'], folder)).split('\n'),
    '_SummaryInformation',
  ];
  const wanted = new Set(names.filter((name) => name !== '' && name !== '_ForceCodepage'));
  return Object.fromEntries(
    [...wanted].map((name) => [
      name,
      parseIdt(String(run('msiinfo', ['export', 'draft.msi', name], folder))),
    ]),
  );
}

/** Streams lie beside the tables, where msibuild looks for them. */
function writeDatabase(folder, tables, msi) {
  for (const [table, stream] of Object.entries(BINARY)) {
    mkdirSync(join(folder, table), { recursive: true });
    writeFileSync(join(folder, table, stream), run('msiinfo', ['extract', 'draft.msi', stream], folder));
  }
  writeFileSync(join(folder, CABINET), run('msiinfo', ['extract', 'draft.msi', CABINET], folder));
  const files = Object.entries(tables).map(([name, table]) => {
    writeFileSync(join(folder, `${name}.idt`), formatIdt(table));
    return `${name}.idt`;
  });
  rmSync(msi, { force: true });
  run('msibuild', [msi, '-i', ...files.sort(), '-a', CABINET, CABINET], folder);
}

/** Windows Installer compares three numbers, the greatest of which is the table's of newer versions. */
function requireVersion(version) {
  const numbers = /^(\d+)\.(\d+)\.(\d+)$/.exec(version)?.slice(1).map(Number);
  const most = [127, 255, 65_535];
  if (numbers?.every((number, at) => number <= most[at])) return;
  throw new Error(`no version for an installer: ${version} (at most ${most.join('.')})`);
}

/**
 * @param {string} folder for what is only on the way to it, absolute
 * @param {{ executable: string, addon: string, addonHash: string, beside: { name: string, path: string }[], version: string, msi: string }} parts
 * @throws Error that says what is missing
 */
export function makeInstaller(folder, parts) {
  const { version, addonHash, msi } = parts;
  requireVersion(version);
  const hash = stage(folder, parts);
  draft(folder, version, addonHash);
  const tables = readTables(folder);
  finishTables(tables, { version });
  setPackageCode(tables, '');
  setPackageCode(tables, `{${guid(`package/${hash}/${digest(tables)}`)}}`);
  writeDatabase(folder, tables, msi);
  sign(msi);
}
