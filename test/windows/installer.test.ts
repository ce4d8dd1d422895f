/** guruconnect.msi, installed, upgraded and removed by Windows Installer. */
import { existsSync } from 'node:fs';
import { ofKind } from '@guruconnect/relay';
import { SERVICE_NAME, VERSION } from '@guruconnect/shared/identity';
import { type Test, test } from 'tap';
import {
  DATA_FOLDER,
  FAILED,
  INSTALLER,
  type InstallerLab,
  NEWER,
  PROGRAM_FOLDER,
  openInstaller,
  testInstallers,
} from '../helpers/installer.ts';
import { isPackaged, openLab, windowsUnavailable } from '../helpers/windows.ts';

const skip =
  windowsUnavailable() ??
  (isPackaged ? (existsSync(INSTALLER) ? false : `${INSTALLER} is missing`) : 'of the packaged program');

const ENVIRONMENT = 'HKLM\\SYSTEM\\CurrentControlSet\\Control\\Session Manager\\Environment';
const PROGRAMS = 'HKLM\\SOFTWARE\\Microsoft\\Windows\\CurrentVersion\\Uninstall';
const EVENT_SOURCE = 'HKLM\\SYSTEM\\CurrentControlSet\\Services\\EventLog\\Application\\GuruConnectAgent';
const MEMORY = 'HKLM\\SOFTWARE\\GuruConnectInstaller';

const commandOf = (version: string): string =>
  `"${PROGRAM_FOLDER}\\${version}\\guruconnect.exe" "service-run" "--data" "${DATA_FOLDER}"`;

void test('the installer', { skip, timeout: 600_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  // What was installed from a file is removed with it, after its test.
  const { newer, broken } = testInstallers(suite);
  const query = async (...args: readonly string[]): Promise<string> =>
    (await lab.run('reg', ['query', ...args])).stdout;
  const typed = async (file: string): Promise<string> => (await lab.run('cmd', ['/c', 'type', file])).stdout;
  const inPath = async (): Promise<number> =>
    (await query(ENVIRONMENT, '/v', 'Path')).split(`;${PROGRAM_FOLDER}\\`).length - 1;
  const isNothingLeft = async (t: Test, installer: InstallerLab): Promise<void> => {
    t.same(await installer.below(PROGRAM_FOLDER), [], 'no program');
    t.equal(await installer.imagePath(), undefined, 'no service');
    t.notMatch(await query(PROGRAMS, '/s'), /GuruConnect/, 'no entry among the programs');
    t.equal(await inPath(), 0, 'nothing in the path');
    t.notMatch(await query(MEMORY), /ImagePath/, 'nothing of the installation itself');
  };
  const settings = (installer: InstallerLab): readonly string[] => [
    `RELAY=${installer.relay.url}`,
    `ENROLL_TOKEN=${installer.token}`,
  ];

  await suite.test('installed and removed', async (t) => {
    const installer = await openInstaller(t, lab);
    const { agentId } = await installer.online(INSTALLER, ...settings(installer));
    t.equal(await installer.imagePath(), commandOf(VERSION));
    const files = await installer.below(PROGRAM_FOLDER);
    const expected = [VERSION, 'guruconnect.cmd'].concat(
      ['THIRD-PARTY-LICENCES.txt', 'guruconnect.exe', 'sbom.cdx.json'].map((name) => `${VERSION}\\${name}`),
    );
    t.same(files.filter((name) => !name.includes('native-')).sort(), expected.sort());
    t.equal(files.filter((name) => name.endsWith('guruconnect.node')).length, 1);
    t.equal(await inPath(), 1, 'in the path');
    t.match(await query(PROGRAMS, '/s'), new RegExp(`DisplayVersion +REG_SZ +${VERSION}`));
    t.match(await lab.run('cmd', ['/c', `${PROGRAM_FOLDER}\\guruconnect.cmd`, 'version']), {
      code: 0,
      stdout: new RegExp(`^guruconnect ${VERSION}.*addon built`),
    });

    const { pid } = await lab.svcctl('query', SERVICE_NAME);
    const config = await typed(`${DATA_FOLDER}\\config.json`);
    t.match(await installer.msiexec('/i', INSTALLER, 'RELAY=wss://elsewhere.example'), { code: 0 });
    t.equal(
      await typed(`${DATA_FOLDER}\\config.json`),
      config,
      'what any user may repair, no user can point elsewhere',
    );
    t.match(await lab.svcctl('query', SERVICE_NAME), { state: 'running', pid }, 'nor restart');

    t.match(await installer.msiexec('/x', INSTALLER, 'KEEP_IDENTITY=1'), { code: 0 });
    await isNothingLeft(t, installer);
    t.ok((await installer.below(DATA_FOLDER)).includes('credential.json'), 'the identity is kept');
    t.equal((await installer.online(INSTALLER)).agentId, agentId, 'and is the machine’s again');
    t.equal(installer.enrolments(), 1, 'no token was needed');

    t.match(await installer.msiexec('/x', INSTALLER), { code: 0 });
    await isNothingLeft(t, installer);
    t.same(await installer.below(DATA_FOLDER), [], 'no data');
    t.notMatch(await query(EVENT_SOURCE), /EventMessageFile/, 'no event source');
  });

  await suite.test('what cannot be installed leaves nothing, and says why', async (t) => {
    const installer = await openInstaller(t, lab);
    const refused: readonly (readonly [RegExp, ...(readonly string[])])[] = [
      [/the service is not installed: .*no credential is stored/, `RELAY=${installer.relay.url}`],
      [
        /the service is not installed: .*GURUCONNECT_PROXY: not a URL/,
        ...settings(installer),
        'PROXY=a proxy',
      ],
      [/ALLOW_INSECURE_PATH and TAKE_OVER_DATA are 1/, ...settings(installer), 'TAKE_OVER_DATA=0'],
    ];
    for (const [log, ...properties] of refused) {
      t.match(await installer.msiexec('/i', INSTALLER, ...properties), { code: FAILED, log });
      await isNothingLeft(t, installer);
    }
  });

  await suite.test('upgraded: the identity stays', async (t) => {
    const installer = await openInstaller(t, lab);
    const { agentId } = await installer.online(INSTALLER, ...settings(installer));
    t.equal((await installer.online(newer)).agentId, agentId);
    t.equal(await installer.imagePath(), commandOf(NEWER));
    t.notOk((await installer.below(PROGRAM_FOLDER)).includes(VERSION), 'the old program is gone');
    t.match(await typed(`${PROGRAM_FOLDER}\\guruconnect.cmd`), NEWER, 'the command calls the new one');
    t.equal(await inPath(), 1);
    t.equal(installer.enrolments(), 1);
    t.match(await lab.svcctl('query', SERVICE_NAME), { state: 'running' });
  });

  await suite.test('an upgrade that fails leaves the old version running', async (t) => {
    const installer = await openInstaller(t, lab);
    await installer.online(INSTALLER, ...settings(installer));
    const { pid } = await lab.svcctl('query', SERVICE_NAME);
    t.match(await installer.msiexec('/i', broken), { code: FAILED, log: /the service is not installed/ });
    t.equal(await installer.imagePath(), commandOf(VERSION));
    const now = await lab.svcctl('query', SERVICE_NAME);
    t.match(now, { state: 'running', pid }, 'a program that does not run is not let near the service');

    const seen = installer.relay.events.length;
    t.match(await installer.msiexec('/i', newer, 'FAIL=install'), { code: FAILED });
    t.equal(await installer.imagePath(), commandOf(VERSION), 'where a later step fails, it comes back');
    const came = installer.relay.events.slice(seen).filter(ofKind('session-online'));
    t.equal(came.length, 2, 'the new one was online, then the old one again');
    t.notMatch(await query(MEMORY), /ImagePath/);
  });

  await suite.test('not downgraded; and a removal that fails leaves it running', async (t) => {
    const installer = await openInstaller(t, lab);
    const { agentId } = await installer.online(newer, ...settings(installer));
    t.match(await installer.msiexec('/i', INSTALLER), { code: FAILED });
    t.equal(await installer.imagePath(), commandOf(NEWER));
    t.notOk((await installer.below(PROGRAM_FOLDER)).includes(VERSION));

    const seen = installer.relay.events.length;
    t.match(await installer.msiexec('/x', newer, 'FAIL=removal', 'KEEP_IDENTITY=1'), { code: FAILED });
    t.equal(await installer.imagePath(), commandOf(NEWER));
    t.match(await lab.svcctl('query', SERVICE_NAME), { state: 'running' });
    const [back, ...more] = installer.relay.events.slice(seen).filter(ofKind('session-online'));
    t.same([back?.agentId, more.length], [agentId, 0], 'removed, and installed again');
  });

  await suite.test('a service that is another program’s by now is not removed with it', async (t) => {
    const installer = await openInstaller(t, lab);
    await installer.online(INSTALLER, ...settings(installer));
    const flags = ['--allow-insecure-path', '--take-over-data'];
    t.match(await lab.guruconnect(['install', ...flags]), { code: 0 });
    const theirs = await installer.imagePath();
    t.match(await installer.msiexec('/x', INSTALLER), { code: 0, log: /another program's by now/ });
    t.equal(await installer.imagePath(), theirs);
    t.match(await lab.svcctl('query', SERVICE_NAME), { state: 'running' });
    t.match(await lab.guruconnect(['uninstall', '--purge']), { code: 0 });
  });
});
