/** The service's commands against a Service Control Manager that nobody here wrote. */
import { existsSync, readFileSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { SERVICE_DESCRIPTION, SERVICE_DISPLAY_NAME, SERVICE_NAME } from '@guruconnect/shared/identity';
import { test } from 'tap';
import { STOPPED_OK } from '../helpers/agent-service.ts';
import { LABORATORY, openManaged } from '../helpers/managed-service.ts';
import { openLab, toWindowsPath, windowsUnavailable, agentProgram } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const DOES_NOT_EXIST = 1060;

void test('the service’s commands', { skip, timeout: 400_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  /** As reg.exe, which is not ours, reads it. */
  const registry = async (): Promise<string> =>
    (await lab.run('reg', ['query', `HKLM\\SYSTEM\\CurrentControlSet\\Services\\${SERVICE_NAME}`])).stdout;
  const isGone = async (pid: number): Promise<boolean> => (await lab.svcctl('alive', pid)).alive !== true;

  await suite.test('install: registered as it should be, running, online; status says so', async (t) => {
    const service = await openManaged(t, lab);
    t.match(await service.run('status'), { code: 4, stdout: /service +not installed/ });
    const { code, stdout, stderr } = await service.install();
    t.equal(code, 0, stderr);
    t.match(stdout, new RegExp(`^${SERVICE_NAME} installed: online at ${service.relay.url}`));
    t.match(stderr, /Waiting for the agent to be online, at most 10 s/);
    const entry = await registry();
    t.match(entry, /Start +REG_DWORD +0x2\b/, 'automatic');
    t.match(entry, /ErrorControl +REG_DWORD +0x1\b/, 'error control normal');
    t.match(entry, /Type +REG_DWORD +0x10\b/, 'own process');
    t.match(entry, /ObjectName +REG_SZ +LocalSystem/);
    t.ok(entry.includes(SERVICE_DISPLAY_NAME), 'display name');
    t.ok(entry.includes(SERVICE_DESCRIPTION), 'description');
    const program = agentProgram.map((path) => toWindowsPath(realpathSync(path)));
    const parts = [...program, 'service-run', '--data', toWindowsPath(service.data)];
    t.ok(entry.includes(parts.map((part) => `"${part}"`).join(' ')), 'every part is quoted');
    t.match(await service.run('status'), {
      code: 0,
      stdout: /service +running, pid \d+, up \d+ s\n +start type +automatic\n[^]*link +online at/,
    });
    const status = await service.status();
    t.equal(status.supervisor?.pid, (await service.query()).pid, 'told by the service itself');
    t.equal(status.credential, 'present');
    const stored = readFileSync(join(service.data, 'credential.json'), 'utf8');
    t.match(JSON.parse(stored), { version: 2, sealed: /^[A-Za-z0-9+/]{100,}=*$/ }, 'sealed for this machine');
    t.notMatch(stored, /cak_/);
    t.notMatch(JSON.stringify(status), /cak_/, 'the credential is never shown');
    t.notOk(JSON.stringify(status).includes(service.token), 'nor is the token');
    t.notOk(entry.includes(service.token), 'nor is it where every user can read it');
    if (status.service.recovery?.actions === null) {
      t.comment('not checked, as this platform does not know it: recovery as it reads back');
      t.match(stdout, /^warning: this Windows does not know: recovery actions, failure-actions flag/m);
      return;
    }
    t.match(status.service.recovery, { flag: true, actions: { resetPeriodS: 86_400 } });
    t.notMatch(stdout, /warning|error/);
  });

  await suite.test('start, stop and restart do what they say, and twice is once', async (t) => {
    const service = await openManaged(t, lab);
    for (const command of ['start', 'stop', 'restart']) {
      t.match(await service.run(command), {
        code: 4,
        stdout: '',
        stderr: /is not installed: "guruconnect install"/,
      });
    }
    t.match(JSON.parse((await service.run('stop', '--json')).stdout), {
      exitCode: 4,
      error: { kind: 'Win32Error', win32: { code: 1060, object: SERVICE_NAME } },
    });
    t.match((await service.run('stop', '--verbose')).stderr, /\n +code: 1060, operation: /);
    await service.install('--quiet');
    t.match(await service.run('start'), { code: 0, stdout: /is running already: online at/ });
    const { pid = 0 } = await service.query();
    t.match(await service.run('stop', '-q'), { code: 0, stdout: `${SERVICE_NAME} stopped\n`, stderr: '' });
    t.match(await service.query(), STOPPED_OK);
    t.ok(await isGone(pid), 'and its process is gone');
    t.match(await service.run('status'), { code: 3, stdout: /last exit +stopped as it was asked to/ });
    t.match(await service.run('stop'), { code: 0, stdout: /is stopped already/ });
    t.match(JSON.parse((await service.run('stop', '--json')).stdout), {
      command: 'stop',
      exitCode: 0,
      result: 'already-stopped',
      lines: [`${SERVICE_NAME} is stopped already`],
    });
    t.match(await service.run('start'), { code: 0, stdout: /started: online at/ });
    const before = (await service.query()).pid;
    const restart = await service.run('restart', '--json');
    t.match(JSON.parse(restart.stdout), {
      ...{ command: 'restart', exitCode: 0, result: 'restarted', forced: false },
      arrival: { kind: 'online', relay: service.relay.url },
    });
    t.not((await service.query()).pid, before);
    t.same(
      service.relay.events.filter(ofKind('session-closed')).map(({ reason }) => reason),
      ['service stop', 'service stop'],
      'every stop said goodbye',
    );
  });

  await suite.test('an update is in place: configuration, credential and service go on', async (t) => {
    const service = await openManaged(t, lab);
    await service.install();
    const { pid } = await service.query();
    const { code, stdout, stderr } = await service.run('install', ...LABORATORY, '--log-level', 'debug');
    t.equal(code, 0, stderr);
    t.match(stdout, new RegExp(`^${SERVICE_NAME} updated: online at ${service.relay.url}`));
    t.not((await service.query()).pid, pid, 'it was started again');
    t.match(JSON.parse(readFileSync(join(service.data, 'config.json'), 'utf8')), {
      relay: service.relay.url,
      logLevel: 'debug',
    });
    t.equal(service.relay.events.filter(ofKind('enrolled')).length, 1, 'it is the same machine');
  });

  await suite.test('an old service, unquoted and manual, is repaired', async (t) => {
    const service = await openManaged(t, lab);
    await lab.svcctl('create', SERVICE_NAME, 'C:\\A folder\\node.exe x.js service-run', 'demand');
    t.match(await service.run('status'), {
      code: 3,
      stdout: /start type +demand\n[^]*image path +not quoted/,
    });
    t.match(await service.install(), { code: 0, stdout: /updated: online at/ });
    const entry = await registry();
    t.match(entry, /Start +REG_DWORD +0x2\b/);
    t.ok(entry.includes(`"${toWindowsPath(agentProgram[0] ?? '')}" "`));
  });

  await suite.test(
    'uninstall: stopped and gone; --purge takes the agent’s files, and no others',
    async (t) => {
      const service = await openManaged(t, lab);
      await service.install();
      const { pid = 0 } = await service.query();
      writeFileSync(join(service.data, 'mine.txt'), '');
      t.match(await service.run('uninstall'), {
        code: 0,
        stdout: /uninstalled\r?\n.*kept, with the credential/,
      });
      t.equal((await service.query()).error, DOES_NOT_EXIST);
      t.ok(await isGone(pid));
      t.ok(existsSync(join(service.data, 'credential.json')));
      const data = ['--data', toWindowsPath(service.data)];
      t.match(
        await service.run('uninstall', '--purge', ...data),
        { code: 1, stdout: /is not installed\r?\n.*nothing was removed/ },
        'not the folder of a service, and not the agent’s alone',
      );
      rmSync(join(service.data, 'mine.txt'));
      t.equal((await service.install()).code, 0);
      writeFileSync(join(service.data, 'mine.txt'), '');
      t.match(await service.run('uninstall', '--purge'), { code: 0, stdout: /uninstalled\r?\n.*removed/ });
      t.notOk(existsSync(join(service.data, 'credential.json')));
      t.notOk(existsSync(join(service.data, 'logs')));
      t.ok(existsSync(join(service.data, 'mine.txt')));
    },
  );
});
