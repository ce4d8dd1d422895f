/** The tables of guruconnect.msi: what Windows Installer will do in which order, and what it hides. What it does is in test/windows. */
import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { VERSION } from '@guruconnect/shared/identity';
import { type Test, test } from 'tap';
import { ROOT } from '../helpers/program.ts';

const MSI = join(ROOT, 'dist', 'guruconnect.msi');
const posix = {
  skip:
    process.platform === 'win32'
      ? 'msitools are not for Windows'
      : !existsSync(MSI) && 'npm run package makes it',
};
const HIDDEN = 0x2000;
const AS_SYSTEM = 0x800 | 0x400;
const ROLLBACK = 0x100;
const COMMIT = 0x200;

/** A table's rows, their fields in order. */
const table = (t: Test, name: string): readonly (readonly string[])[] => {
  const { status, stdout, stderr } = spawnSync('msiinfo', ['export', MSI, name], { encoding: 'utf8' });
  t.equal(status, 0, stderr);
  return stdout
    .split('\r\n')
    .slice(3)
    .filter((line) => line !== '')
    .map((line) => line.split('\t'));
};
const byName = (rows: readonly (readonly string[])[]): ReadonlyMap<string, readonly string[]> =>
  new Map(rows.map(([name = '', ...rest]) => [name, rest]));

test('the token, and what may hold a password, are hidden wherever they pass', posix, (t) => {
  const properties = byName(table(t, 'Property'));
  const [hidden = ''] = properties.get('MsiHiddenProperties') ?? [];
  const actions = byName(table(t, 'CustomAction'));
  const secret = /\[(ENROLL_TOKEN|PROXY)\]/;
  const carriers = [...actions].filter(([, [, , target = '']]) => secret.test(target));
  t.same(
    carriers.map(([name]) => name),
    ['SetInstallService'],
  );
  for (const [, [, property = '']] of carriers) {
    t.ok(hidden.split(';').includes(property), `${property} is hidden as a property`);
    t.ok(Number(actions.get(property)?.[0]) & HIDDEN, `${property} is hidden as an action's data`);
  }
  for (const name of ['ENROLL_TOKEN', 'PROXY']) t.ok(hidden.split(';').includes(name), name);
  t.end();
});

test('what runs as LocalSystem is in the script, and each is given its data right before', posix, (t) => {
  const order = byName(table(t, 'InstallExecuteSequence'));
  const at = (name: string): number => Number(order.get(name)?.[1]);
  const actions = byName(table(t, 'CustomAction'));
  const deferred = [...actions].filter(([, [type]]) => (Number(type) & 0x3f) === 1);
  t.equal(deferred.length, 7);
  for (const [name, [type]] of deferred) {
    t.equal(Number(type) & AS_SYSTEM, AS_SYSTEM, `${name}: none as whoever installs`);
    t.equal(Boolean(Number(type) & ROLLBACK), name.startsWith('Rollback'), `${name}: its kind`);
    t.equal(Boolean(Number(type) & COMMIT), name === 'ForgetService', `${name}: its kind`);
    if (!actions.has(`Set${name}`)) continue;
    t.equal(at(`Set${name}`) + 1, at(name), `${name}: its data`);
    t.same(order.get(`Set${name}`)?.[0], order.get(name)?.[0], `${name}: its condition`);
  }
  t.ok(at('RememberForInstall') < at('RollbackInstall') && at('RollbackInstall') < at('InstallService'));
  t.ok(
    at('RememberForRemoval') < at('RollbackUninstall') && at('RollbackUninstall') < at('UninstallService'),
  );
  t.ok(at('UninstallService') < at('RemoveFiles'), 'the program removes its service while it is there');
  for (const name of ['InstallFiles', 'PublishProduct', 'WriteEnvironmentStrings'])
    t.ok(at(name) < at('RememberForInstall'), `${name} comes before the service is touched`);
  t.ok(at('InstallFinalize') > at('InstallService'));
  t.ok(at('RemoveExistingProducts') > at('InstallFinalize'), 'the old one goes when the new one is there');
  t.match(order.get('UninstallService')?.[0], /REMOVE.*NOT UPGRADINGPRODUCTCODE/);
  t.end();
});

test('what any user may ask for, a repair, has none of what was given', posix, (t) => {
  const order = byName(table(t, 'InstallExecuteSequence'));
  const secret = /\[(RELAY|ENROLL_TOKEN|CA|PROXY|ALLOW_INSECURE_PATH|TAKE_OVER_DATA)\]/;
  const carriers = table(t, 'CustomAction').filter(([, , , target = '']) => secret.test(target));
  const whens = carriers.map(([name = '']) => [name, order.get(name)?.[0]]).sort();
  t.same(whens, [
    ['SetInstallService', 'NOT Installed'],
    ['SetRollbackInstall', 'NOT Installed'],
    ['SetRollbackUninstall', 'REMOVE~="ALL" AND NOT UPGRADINGPRODUCTCODE'],
  ]);
  t.end();
});

test('every property that an administrator gives reaches an installer that asks for consent', posix, (t) => {
  const properties = byName(table(t, 'Property'));
  const [secure = ''] = properties.get('SecureCustomProperties') ?? [];
  const targets = table(t, 'CustomAction').map(([, , , target = '']) => target);
  const used = new Set(targets.flatMap((target) => target.match(/\[([A-Z_]+)\]/g) ?? []));
  t.ok(used.size >= 7);
  for (const name of used) t.ok(secure.split(';').includes(name.slice(1, -1)), name);
  const folders = table(t, 'Directory').map(([name = '']) => name);
  t.same(
    folders.filter((name) => name === name.toUpperCase()),
    ['TARGETDIR'],
    'no folder is a property that can be given',
  );
  const documented = readFileSync(join(ROOT, 'docs', 'deployment.md'), 'utf8');
  for (const name of used) t.ok(documented.includes(`\`${name.slice(1, -1)}\``), `${name} is documented`);
  t.end();
});

test('a newer file is known as one, and the codes belong to the version', posix, (t) => {
  const properties = byName(table(t, 'Property'));
  t.same(properties.get('ProductVersion'), [VERSION]);
  const files = byName(table(t, 'File'));
  t.match(files.get('guruconnect.exe')?.[3], new RegExp(`^${VERSION.replaceAll('.', '\\.')}\\.0$`));
  t.notOk(byName(table(t, 'MsiFileHash')).has('guruconnect.exe'), 'one with a version has no hash');
  const upgrades = table(t, 'Upgrade');
  for (const [code] of upgrades) t.same([code], properties.get('UpgradeCode'));
  t.same(upgrades.map(([, from, to, , , , property]) => [property, from, to]).sort(), [
    ['NEWERVERSION', VERSION, '127.255.65535'],
    ['OLDERVERSION', '0.0.0', VERSION],
  ]);
  t.end();
});
