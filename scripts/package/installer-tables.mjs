// What wixl cannot say of an installer: the actions with their types, their order, rollback, what is secret, a program's version.
import { columnSetter } from './idt.mjs';

/** Between the fields of an action's data: in no URL, no path and no token. */
const SEPARATOR = '\u001f';

/** https://learn.microsoft.com/windows/win32/msi/summary-list-of-all-custom-action-types */
const DLL = 1;
const SET_PROPERTY = 51;
/** https://learn.microsoft.com/windows/win32/msi/custom-action-in-script-execution-options */
const ROLLBACK = 0x100;
const COMMIT = 0x200;
const IN_SCRIPT = 0x400;
const NO_IMPERSONATION = 0x800;
const HIDDEN = 0x2000;
const AS_SYSTEM = DLL | IN_SCRIPT | NO_IMPERSONATION;

/** What an administrator may give, each for an option of `guruconnect install`: with a value, and without. */
const SETTINGS = ['RELAY', 'ENROLL_TOKEN', 'CA', 'PROXY'];
const FLAGS = ['ALLOW_INSECURE_PATH', 'TAKE_OVER_DATA'];
const KEEP_IDENTITY = 'KEEP_IDENTITY';
const PROGRAM = '[#guruconnect.exe]';

const data = (...fields) => fields.join(SEPARATOR);
const values = (names) => names.map((name) => `[${name}]`);
const WAY_BACK = data(PROGRAM, ...values(FLAGS));

/**
 * Not for a repair either, which any user may ask for, with properties of his own.
 * https://learn.microsoft.com/windows/win32/msi/restricted-public-properties
 */
const INSTALLED = 'NOT Installed';
/** Not where a newer version takes its place: that has the service by then. The DLL looks as well. */
const REMOVED = 'REMOVE~="ALL" AND NOT UPGRADINGPRODUCTCODE';

/** Actions that run as LocalSystem, in the order of their numbers; before each that is given data is the one that sets it. */
const DEFERRED = [
  { name: 'RememberForRemoval', runs: 'RememberService', when: REMOVED, at: 3390 },
  { name: 'RollbackUninstall', runs: 'RollBack', kind: ROLLBACK, data: WAY_BACK, when: REMOVED, at: 3392 },
  {
    name: 'UninstallService',
    runs: 'UninstallService',
    data: data(PROGRAM, `[${KEEP_IDENTITY}]`),
    when: REMOVED,
    at: 3394,
  },
  // Last of all that can fail: what comes after it would have to bring the former version back.
  { name: 'RememberForInstall', runs: 'RememberService', when: INSTALLED, at: 6590 },
  { name: 'RollbackInstall', runs: 'RollBack', kind: ROLLBACK, data: WAY_BACK, when: INSTALLED, at: 6592 },
  {
    name: 'InstallService',
    runs: 'InstallService',
    kind: HIDDEN,
    data: data(PROGRAM, ...values([...SETTINGS, ...FLAGS])),
    when: INSTALLED,
    at: 6594,
  },
  { name: 'ForgetService', runs: 'ForgetService', kind: COMMIT, when: '', at: 6596 },
];

const CUSTOM_ACTIONS = DEFERRED.flatMap(({ name, runs, kind = 0, data: target }) => [
  ...(target === undefined ? [] : [[`Set${name}`, SET_PROPERTY, name, target]]),
  [name, AS_SYSTEM | kind, 'Actions', runs],
]).map((row) => [...row.map(String), '']);

const SEQUENCE = [
  ...DEFERRED.flatMap(({ name, data: target, when, at }) => [
    ...(target === undefined ? [] : [[`Set${name}`, when, at - 1]]),
    [name, when, at],
  ]),
  ['WriteEnvironmentStrings', '', 5200],
  ['RemoveEnvironmentStrings', '', 3300],
  // When the new version is there for good: the old one ran until it was replaced, and nothing of it is missed.
  ['RemoveExistingProducts', '', 6700],
];

/** Machine's `Path`, at its end; not what others have there. https://learn.microsoft.com/windows/win32/msi/environment-table */
const ENVIRONMENT = {
  head: ['Environment\tName\tValue\tComponent_', 's72\tl255\tL255\ts72', 'Environment\tEnvironment'],
  rows: [['Path', '=-*Path', '[~];[ProductFolder]', 'Command']],
};

/** A bare name is the table's own. @param {string} name */
const setSequence = (table, [name, condition, number]) => {
  table.rows = table.rows.filter(([action]) => action !== name);
  table.rows.push([name, condition, String(number)]);
};

function setProperty(table, name, value) {
  table.rows = table.rows.filter(([property]) => property !== name);
  table.rows.push([name, value]);
}

/** Without one, Windows would take any other version of the file for newer. */
function setFileVersion({ File, MsiFileHash }, name, version) {
  const set = columnSetter(File);
  const row = File.rows.find(([file]) => file === name);
  set(row, 'Version', `${version}.0`);
  set(row, 'Language', '1033');
  // Of files without a version alone.
  MsiFileHash.rows = MsiFileHash.rows.filter(([file]) => file !== name);
}

/** @param {Record<string, import('./idt.mjs').Table>} tables as wixl made them; changed in place */
export function finishTables(tables, { version }) {
  tables.CustomAction = {
    head: ['Action\tType\tSource\tTarget\tExtendedType', 's72\ti2\tS72\tS0\tI4', 'CustomAction\tAction'],
    rows: CUSTOM_ACTIONS,
  };
  tables.Environment = ENVIRONMENT;
  const order = tables.InstallExecuteSequence;
  for (const row of SEQUENCE) setSequence(order, row);
  setProperty(
    tables.Property,
    'SecureCustomProperties',
    ['NEWERVERSION', 'OLDERVERSION', ...SETTINGS, ...FLAGS, KEEP_IDENTITY].sort().join(';'),
  );
  setProperty(tables.Property, 'MsiHiddenProperties', ['ENROLL_TOKEN', 'InstallService', 'PROXY'].join(';'));
  setFileVersion(tables, 'guruconnect.exe', version);
  // When it was made and saved would be another time with every build.
  for (const row of tables._SummaryInformation.rows)
    if (row[0] === '12' || row[0] === '13') row[1] = '2020/01/01 00:00:00';
}

/** By it Windows knows a package that it has seen: another one has another. @param {string} code in braces */
export function setPackageCode({ _SummaryInformation: summary }, code) {
  for (const row of summary.rows) if (row[0] === '9') row[1] = code;
}
