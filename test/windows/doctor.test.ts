/** `doctor`, its repair, its drill, and `diagnostics`, against a Service Control Manager that nobody here wrote. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ofKind } from '@guruconnect/relay';
import { SERVICE_NAME } from '@guruconnect/shared/identity';
import { test } from 'tap';
import { type ManagedService, openManaged } from '../helpers/managed-service.ts';
import { ROOT } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { nodeExe, openLab, toWindowsPath, windowsUnavailable, windowsFixture } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
/** The laboratory's disk belongs to a user who is no administrator. */
const ANSWERED_FOR = '--allow-insecure-path';
/** Of no file: it is registered, and never started. */
const SPACED = 'C:\\Program Files\\old agent\\node.exe';
const RESTART_MS = '1500';

const { unzipSync } = createRequire(join(ROOT, 'packages', 'supervisor', 'package.json'))('fflate') as {
  readonly unzipSync: (bytes: Uint8Array) => Readonly<Record<string, Uint8Array>>;
};

interface Json {
  readonly checks: readonly { readonly name: string; readonly result: string; readonly why: string | null }[];
  readonly changed?: readonly string[];
  readonly counts: Readonly<Record<string, number>>;
}

const doctor = async (service: ManagedService, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await service.run('doctor', '--json', ANSWERED_FOR, ...args);
  if (stdout === '') throw new Error(`doctor ended with ${String(code)}: ${stderr}`);
  const json = JSON.parse(stdout) as Json;
  const of = (name: string): string | undefined => json.checks.find((check) => check.name === name)?.result;
  return { code, json, of, stdout };
};

void test('doctor and diagnostics', { skip, timeout: 400_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  await suite.test('nothing is installed: that is the one failure of all of it', async (t) => {
    const service = await openManaged(t, lab);
    const { code, of, json } = await doctor(service, '--data', toWindowsPath(service.data));
    t.equal(code, 7);
    t.equal(of('registered'), 'failed');
    t.match(
      json.checks.find(({ name }) => name === 'image-path'),
      { result: 'skipped', because: 'registered' },
    );
  });

  await suite.test('a service that runs is well, and its archive has no secret', async (t) => {
    const service = await openManaged(t, lab);
    t.equal((await service.install()).code, 0);
    const { code, of, json, stdout } = await doctor(service);
    t.equal(code, 0, stdout);
    for (const name of ['registered', 'image-path', 'start-type', 'account', 'running', 'configuration'])
      t.equal(of(name), 'ok', name);
    for (const name of ['credential', 'clock', 'dns', 'tcp', 'proxy', 'pins', 'relay', 'link', 'disk'])
      t.equal(of(name), 'ok', name);
    t.equal(service.relay.sessions().length, 1, 'the session goes on');
    t.equal(service.relay.events.filter(ofKind('session-opened')).length, 1);
    const told = (await service.status()).service.recovery?.actions !== null;
    const expected = told ? 'ok' : 'skipped';
    if (!told) t.comment('not checked, as this platform does not know it: recovery and the flag');
    t.equal(of('recovery'), expected);
    t.equal(of('failure-flag'), expected);
    t.not(of('program'), 'skipped', 'it is looked at');
    const loose = ['program', 'data-folder', 'store'].filter((name) => of(name) !== 'ok');
    if (loose.length > 0)
      t.comment(`not checked, as the laboratory's disk is its user's: ${loose.join(', ')}`);

    const output = join(tempDir(t), 'd.zip');
    const made = await service.run('diagnostics', '--output', toWindowsPath(output));
    t.equal(made.code, 0, made.stderr);
    const files = unzipSync(readFileSync(output));
    t.match(
      Object.keys(files).sort(),
      /README.txt[^]*doctor.json[^]*logs\/supervisor.log[^]*logs\/worker.log/,
    );
    const all = Object.values(files)
      .map((bytes) => Buffer.from(bytes).toString())
      .join('\n');
    t.match(all, /"presence": "installed"/);
    t.notMatch(all, /cak_[A-Za-z0-9]/);
    t.notOk(
      [`${stdout}${all}`].some((text) => text.includes(service.token)),
      'no token either',
    );
    t.equal(json.counts['failed'], 0);
  });

  await suite.test('an old service, unquoted and manual: found, repaired, and found well', async (t) => {
    const service = await openManaged(t, lab);
    const data = toWindowsPath(service.data);
    await lab.svcctl(
      'create',
      SERVICE_NAME,
      `${SPACED} x.js service-run --relay ${service.relay.url} --data "${data}"`,
      'demand',
    );
    const found = await doctor(service, '--relay', service.relay.url);
    t.equal(found.code, 7);
    t.equal(found.of('image-path'), 'failed');
    t.equal(found.of('start-type'), 'failed');
    const fixed = await doctor(service, '--relay', service.relay.url, '--fix');
    t.match(fixed.json.changed, ['changed: start type', 'changed: image path', 'changed: description']);
    t.equal(fixed.of('image-path'), 'ok');
    t.equal(
      (await service.status()).service.imagePath,
      `"${SPACED}" "x.js" "service-run" "--relay" "${service.relay.url}" "--data" "${data}"`,
      'the same program and every argument of it',
    );
    t.equal(fixed.of('start-type'), 'ok');
    t.equal(fixed.of('running'), 'failed', 'it repairs, and starts nothing');
    t.equal(fixed.code, 7);
  });

  await suite.test(
    'the drill: the worker is killed, and it is told whether the SCM brought it back',
    async (t) => {
      const service = await openManaged(t, lab);
      t.match(await service.run('doctor', '--crash-drill', '--yes'), {
        code: 2,
        stderr: /no service is installed/,
      });
      t.equal((await service.install()).code, 0);
      const before = (await service.status()).supervisor?.workerPid;
      t.match(await service.run('doctor', '--crash-drill'), { code: 2, stderr: /--yes/ });
      const drill = await service.run('doctor', '--crash-drill', '--yes');
      if (drill.code === 0) {
        t.match(drill.stdout, /restarted by the SCM\r?\n.*online\r?\n.*came back by itself/);
        t.not((await service.status()).supervisor?.workerPid, before);
        return;
      }
      t.match(drill, { code: 2, stderr: /does not tell its recovery/ });
      t.equal((await service.status()).supervisor?.workerPid, before, 'it was left alone');
      t.comment('not checked, as this platform has no recovery: that the SCM brings the agent back');
      const { code, stdout, stderr } = await lab.run(nodeExe, [
        toWindowsPath(windowsFixture('drill')),
        RESTART_MS,
      ]);
      t.equal(code, 7, stderr);
      t.match(
        stdout,
        /service stopped\r?\n+failed: not restarted: [^\n]*\n+the service was started again by hand/,
      );
      t.match(await service.run('start'), { code: 0, stdout: /is running already: online at/ });
      t.not((await service.status()).supervisor?.workerPid, before);
    },
  );
});
