/** `guruconnect status` beside a supervisor in a console, and the service's commands where there is no SCM. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRelay } from '@guruconnect/relay';
import { test } from 'tap';
import { GURUCONNECT, fixture, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows has its counterpart';
const TOKEN = 'enrolment-token-of-the-test';

const ask = async (data: string, ...args: string[]) => {
  const { code, stdout, stderr } = await startProgram(GURUCONNECT, ['status', '--data', data, ...args]).ended;
  return { code, stdout, stderr };
};

void test('status', { skip }, async (suite) => {
  await suite.test(
    'of a supervisor that is online: one screen, JSON, exit code 0; then stopped: 3',
    async (t) => {
      const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
      t.teardown(() => relay.close());
      const data = tempDir(t);
      const agent = startProgram(GURUCONNECT, ['console', '--relay', relay.url, '--data', data], {
        env: { GURUCONNECT_ENROLL_TOKEN: TOKEN },
      });
      await agent.seen(/link: online/);
      const { code, stdout } = await ask(data, '--relay', relay.url);
      t.equal(code, 0);
      t.match(stdout, new RegExp(`console +running, pid ${agent.pid}, up \\d+ s`));
      t.match(stdout, /worker +pid \d+\n +link +online at ws:\/\/127/);
      t.match(stdout, /credential +present/);
      const json = JSON.parse((await ask(data, '--json')).stdout) as { supervisor: { pid: number } };
      t.equal(json.supervisor.pid, agent.pid);
      t.equal(statSync(join(data, 'status.sock')).mode & 0o777, 0o600, 'for its own user');
      const secret = (
        JSON.parse(readFileSync(join(data, 'credential.json'), 'utf8')) as { credential: string }
      ).credential;
      const all = `${stdout}${JSON.stringify(json)}`;
      t.notMatch(all, secret, 'the credential is not shown');
      t.notMatch(all, TOKEN, 'nor is the token');

      agent.kill('SIGTERM');
      t.equal((await agent.ended).code, 0);
      const after = await ask(data);
      t.equal(after.code, 3);
      t.match(after.stdout, /no supervisor runs for this data folder/);
    },
  );

  await suite.test('of a supervisor whose worker cannot reach the relay: 6, with the reason', async (t) => {
    const data = tempDir(t);
    const agent = startProgram(GURUCONNECT, ['console', '--relay', 'ws://127.0.0.1:9', '--data', data], {
      env: { GURUCONNECT_ENROLL_TOKEN: TOKEN },
    });
    await agent.seen(/link: waiting/);
    const { code, stdout } = await ask(data);
    t.equal(code, 6);
    t.match(stdout, /link +(waiting|enrolling) \(.*ECONNREFUSED/);
    agent.kill('SIGTERM');
    await agent.ended;
  });

  await suite.test(
    'of a supervisor that is stopped dead (SIGSTOP): silent, within its bound, and 6',
    async (t) => {
      const data = tempDir(t);
      const agent = startProgram(fixture('supervisor'), [data, fixture('worker-obedient')]);
      await agent.seen(/service: running/);
      agent.kill('SIGSTOP');
      const { code, stdout } = await ask(data);
      t.match(stdout, /supervisor +the supervisor has not answered within 2 s/);
      t.equal(code, 6);
      agent.kill('SIGCONT');
      agent.kill('SIGTERM');
      await agent.ended;
    },
  );

  await suite.test('of a supervisor that was killed: what it left behind is no status', async (t) => {
    const data = tempDir(t);
    const agent = startProgram(fixture('supervisor'), [data, fixture('worker-obedient')]);
    await agent.seen(/service: running/);
    agent.kill('SIGKILL');
    await agent.ended;
    t.equal((await ask(data)).code, 3);
    const next = startProgram(fixture('supervisor'), [data, fixture('worker-obedient')]);
    await next.seen(/service: running/);
    t.match((await ask(data)).stdout, new RegExp(`pid ${next.pid}`), 'and the next one takes its place');
    next.kill('SIGTERM');
    await next.ended;
  });

  await suite.test('tells what is wrong with the configuration', async (t) => {
    const data = tempDir(t);
    writeFileSync(join(data, 'config.json'), '{"relay":"http://r"}');
    t.match((await ask(data)).stdout, /relay +.*config\.json: relay: not a ws/);
  });

  for (const command of ['install', 'uninstall', 'start', 'stop', 'restart']) {
    await suite.test(`${command} says in one line what it needs, and exits 2`, async (t) => {
      const { code, stdout, stderr } = await startProgram(GURUCONNECT, [command]).ended;
      t.equal(code, 2);
      t.equal(stdout, '');
      t.match(stderr, new RegExp(`^guruconnect: ${command} needs Windows[^\\n]*console[^\\n]*\\n$`));
    });
    await suite.test(`${command} --help shows the help`, async (t) => {
      const { code, stdout } = await startProgram(GURUCONNECT, [command, '--help']).ended;
      t.equal(code, 0);
      t.match(stdout, /^Usage: guruconnect/);
    });
  }
});
