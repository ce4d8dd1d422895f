/**
 * `workerAccount: local-service` in a real service: the supervisor keeps the store, the worker never opens it. Wine knows neither
 * accounts nor who may get in, so that what Windows enforces is not shown here; there the worker runs as the service does.
 */
import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { LOCAL_SERVICE } from '@guruconnect/shared/descriptor';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { type Test, test } from 'tap';
import { STOPPED_FAILED } from '../helpers/agent-service.ts';
import { type ManagedService, openManaged } from '../helpers/managed-service.ts';
import { managerCalls } from '../helpers/manager-calls.ts';
import { bytesOf, encoded, secretsCalls } from '../helpers/secrets-calls.ts';
import {
  openLab,
  onWindows,
  toWindowsPath,
  windowsUnavailable,
  windowsFixture,
  agentProgram,
  nodeExe,
} from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const SOON = 20_000;
/** SERVICE_NO_CHANGE: type, start and error control. */
const AS_IT_IS = [0xffffffff, 0xffffffff, 0xffffffff] as const;
const ACCOUNT = ['--worker-account', 'local-service'] as const;

interface Line {
  readonly pid: number;
  readonly msg: string;
  readonly part?: string;
}
const textOf = (path: string): string => (existsSync(path) ? readFileSync(path, 'utf8') : '');
const linesOf = ({ data }: ManagedService, ...path: readonly string[]): readonly Line[] =>
  textOf(join(data, 'logs', ...path))
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
const workerLines = (service: ManagedService) => linesOf(service, 'worker', 'worker.log');
const supervisorLines = (service: ManagedService) => linesOf(service, 'supervisor.log');

/** Arguments and environments of everything that runs. Under Wine a Windows process is one of Linux. */
const processesOf = (): string =>
  readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => ['cmdline', 'environ'].map((what) => join('/proc', pid, what)))
    .map((path) => {
      try {
        return readFileSync(path, 'utf8');
      } catch {
        return '';
      }
    })
    .join('\n');

void test('a worker that is to run as LocalService', { skip, timeout: 400_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const security = managerCalls(lab);
  const secrets = secretsCalls(lab);

  /** As this Windows opens it, in a process of its own. */
  const credentialOf = async (t: Test, { data }: ManagedService): Promise<string> => {
    const { sealed } = JSON.parse(readFileSync(join(data, 'credential.json'), 'utf8')) as { sealed: string };
    const entropy = readFileSync(join(data, 'credential.entropy'));
    const step = ['unprotectData', encoded(Buffer.from(sealed, 'base64')), encoded(entropy)] as const;
    const [opened] = await secrets(t, step);
    return bytesOf(opened).data.toString('utf8');
  };
  /** Installed and online, with the worker's account as far as the platform has one. */
  const install = async (t: Test, service: ManagedService): Promise<void> => {
    const { code, stderr } = await service.install(...ACCOUNT, '--no-start');
    t.equal(code, 0, stderr);
    if (!onWindows) {
      t.comment('not checked, as this platform gives no token of LocalService: that the worker has it');
      const { imagePath = '' } = (await service.status()).service;
      const quoted = (program: readonly string[]) =>
        program.map((path) => `"${toWindowsPath(path)}"`).join(' ');
      const ours = quoted([nodeExe, windowsFixture('service-own-rights')]);
      const [changed] = await security(
        ...[
          [
            'addon',
            'scmChange',
            SERVICE_NAME,
            ...AS_IT_IS,
            imagePath.replace(quoted(agentProgram), ours),
            null,
            null,
          ] as const,
        ],
      );
      t.equal(changed?.value, 0);
    }
    const before = service.relay.events.length;
    const started = await service.run('start');
    t.equal(started.code, 0, `${started.stderr}${JSON.stringify(supervisorLines(service))}`);
    await service.relay.waitFor(ofKind('session-online'), SOON, before);
  };
  const sidsOf = async (...path: readonly string[]): Promise<readonly string[]> => {
    const [found] = await security(['addon', 'fileSecurity', toWindowsPath(join(...path))]);
    const { aces = [] } = found?.value as { aces?: readonly { sid: string }[] };
    return aces.map(({ sid }) => sid);
  };
  const isOpened = async (t: Test, { data }: ManagedService): Promise<void> => {
    for (const name of ['credential.json', 'credential.entropy', 'machine.json'])
      t.notOk((await sidsOf(data, name)).includes(LOCAL_SERVICE), `${name} is closed`);
    if (!onWindows) {
      t.comment(
        'not checked, as this platform keeps no such entries: that LocalService is let in to the rest',
      );
      return;
    }
    for (const path of [[data], [data, 'config.json'], [data, 'logs', 'worker']])
      t.ok((await sidsOf(...path)).includes(LOCAL_SERVICE), `${path.join('\\')} is open`);
    t.notOk((await sidsOf(data, 'logs')).includes(LOCAL_SERVICE), 'logs is closed');
  };

  await suite.test('the supervisor reads and writes the store, the worker has its log apart', async (t) => {
    const service = await openManaged(t, lab);
    await install(t, service);
    const { supervisor } = await service.status();
    t.match(workerLines(service)[0], { msg: 'worker started' });
    t.notOk(
      workerLines(service).some(({ part }) => part === 'store'),
      'the worker has looked for nothing',
    );
    const stored = supervisorLines(service).filter(
      ({ msg }) => msg === 'a new credential from the worker was stored',
    );
    t.same(
      stored.map(({ pid }) => pid),
      [supervisor?.pid],
    );
    t.notOk(
      existsSync(join(service.data, 'logs', 'worker.log')),
      'nothing lies where the other worker has its log',
    );
    await isOpened(t, service);
    const before = service.relay.events.length;
    const restarted = await service.run('restart');
    t.equal(
      restarted.code,
      0,
      `${restarted.stdout}${restarted.stderr}${JSON.stringify(supervisorLines(service))}`,
    );
    await service.relay.waitFor(ofKind('session-online'), SOON, before);
    t.equal(service.relay.events.slice(before).find(ofKind('enrolled')), undefined, 'what is stored is used');
  });

  await suite.test('the credential is in no argument, no environment and no log', async (t) => {
    const service = await openManaged(t, lab);
    await install(t, service);
    const secret = await credentialOf(t, service);
    t.match(secret, /^cak_/);
    if (onWindows) t.comment('not checked, as there is no /proc: arguments and environments');
    else {
      const processes = processesOf();
      t.match(processes, '--supervised', 'the worker is among them');
      t.notMatch(processes, secret);
      t.notMatch(processes, service.token);
    }
    const logs = [supervisorLines(service), workerLines(service)].flat();
    t.ok(logs.length > 4);
    t.notMatch(JSON.stringify(logs), secret);
    t.notMatch(JSON.stringify(logs), service.token);
  });

  await suite.test('last words go by the supervisor, there and back', async (t) => {
    const service = await openManaged(t, lab);
    await install(t, service);
    const { supervisor } = await service.status();
    const before = service.relay.events.length;
    await lab.svcctl('terminate', supervisor?.workerPid ?? 0, 7);
    await service.relay.waitFor(ofKind('session-closed'), SOON, before);
    t.match(await service.run('status'), { stdout: /last words +(?:exited|signal), \d+ s ago/ });
    await service.run('start');
    const { lastWords } = await service.relay.waitFor(ofKind('session-online'), SOON, before);
    t.match(lastWords, { reason: /^(?:exited|signal)$/, at: String });
    t.match(lastWords?.lines.join('\n'), /"to":"online"/, 'with the end of its own log');
    t.equal((await service.run('stop')).code, 0);
    t.notOk(existsSync(join(service.data, 'last-words.json')), 'and are forgotten');
  });

  await suite.test(
    'back to a worker of its own: the same credential, and the log where it was',
    async (t) => {
      const service = await openManaged(t, lab);
      await install(t, service);
      const before = service.relay.events.length;
      const { code, stderr } = await service.install('--worker-account', 'own');
      t.equal(code, 0, stderr);
      await service.relay.waitFor(ofKind('session-online'), SOON, before);
      t.equal(service.relay.events.slice(before).find(ofKind('enrolled')), undefined);
      t.match(linesOf(service, 'worker.log')[0], { msg: 'worker started' });
      t.match(
        linesOf(service, 'worker.log')
          .map(({ part }) => part)
          .join(),
        'store',
        'it keeps the store itself',
      );
      t.notOk((await sidsOf(service.data)).includes(LOCAL_SERVICE));
    },
  );

  await suite.test(
    'an account that cannot be had: the service fails, and no worker runs as another',
    async (t) => {
      if (onWindows) {
        t.comment('not checked, as LocalService can be had: what happens where it cannot');
        return;
      }
      const service = await openManaged(t, lab);
      t.not((await service.install(...ACCOUNT)).code, 0);
      const exits = supervisorLines(service).filter(({ msg }) => msg === 'worker exited');
      t.match(exits[0], { reason: 'not-started', worker: { lastWords: [/as LocalService: /] } });
      t.same(workerLines(service), []);
      t.equal(service.relay.events.length, 0);
    },
  );

  await suite.test('an account that there is not: the service fails, and says why', async (t) => {
    const service = await openManaged(t, lab);
    t.equal((await service.install('--no-start')).code, 0);
    const path = join(service.data, 'config.json');
    const config = JSON.parse(readFileSync(path, 'utf8')) as object;
    writeFileSync(path, JSON.stringify({ ...config, workerAccount: 'LocalService' }));
    t.not((await service.run('start')).code, 0);
    t.match(await service.query(), STOPPED_FAILED);
    t.match(JSON.stringify(supervisorLines(service)), /workerAccount: not one of own, local-service/);
    t.same(workerLines(service), [], 'and no worker was started');
    t.equal(service.relay.events.length, 0);
  });
});
