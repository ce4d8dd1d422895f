import { linkSync, mkdtempSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ofKind, startRelay } from '@guruconnect/relay';
import { test } from 'tap';
import { GURUCONNECT, ROOT } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { nodeExe, openLab, toWindowsPath, windowsUnavailable } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const TOKEN = 'enrolment-token-of-the-test';

void test('the agent in a Windows console', { skip, timeout: 120_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  await suite.test('comes online over a named pipe, stops by itself and says goodbye', async (t) => {
    const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
    t.teardown(() => relay.close());
    const data = mkdtempSync(join(ROOT, '.cache', 'console-'));
    t.teardown(() => {
      rmSync(data, { recursive: true, force: true });
    });
    const args = ['console', '--relay', relay.url, '--enroll-token', TOKEN, '--exit-after', '0.5'];
    const { code, stdout, stderr } = await lab.guruconnect([...args, '--data', toWindowsPath(data)]);
    t.equal(code, 0, stderr);
    t.match(stdout, /service: running[^]*link: online[^]*service: stopped/);
    t.equal((await relay.waitFor(ofKind('session-closed'), 5000)).reason, 'service stop');
  });

  await suite.test('is asked for its status over a pipe, as the service is', async (t) => {
    const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
    t.teardown(() => relay.close());
    const data = ['--data', toWindowsPath(tempDir(t))];
    const args = ['console', '--relay', relay.url, '--enroll-token', TOKEN, '--exit-after', '8', ...data];
    const console = lab.guruconnect(args);
    await relay.waitFor(ofKind('session-online'), 20_000);
    const status = await lab.guruconnect(['status', ...data]);
    t.equal(status.code, 0, status.stderr);
    t.match(status.stdout, /service +not installed\r?\n +console +running, pid \d+/);
    t.match(status.stdout, /link +online at/);
    const second = await lab.guruconnect(args);
    t.equal(second.code, 2, 'and nobody else may run beside it');
    t.match(second.stderr, /another supervisor is already running/);
    t.equal((await console).code, 0);
    const after = await lab.guruconnect(['status', ...data]);
    t.equal(after.code, 4, after.stdout);
  });

  await suite.test('a bad option is one line and exit code 2', async (t) => {
    const { code, stderr } = await lab.guruconnect(['console', '--bogus']);
    t.equal(code, 2);
    t.match(stderr, /^guruconnect: unknown option '--bogus': [^\n]*\n$/);
  });

  await suite.test('the addon loads into a node.exe of another name', async (t) => {
    const renamed = join(dirname(nodeExe), `guruconnect-${process.pid}.exe`);
    linkSync(nodeExe, renamed);
    t.teardown(() => {
      rmSync(renamed, { force: true });
    });
    const { code, stdout } = await lab.run(renamed, [toWindowsPath(GURUCONNECT), 'version']);
    t.equal(code, 0);
    t.match(stdout, /addon built/);
  });
});
