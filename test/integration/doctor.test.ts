/** `guruconnect doctor` as a process, beside an agent in a console: the way that it tries is the worker's own. */
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startRelay } from '@guruconnect/relay';
import { CHECK_NAMES } from '@guruconnect/supervisor/doctor/check';
import { type Test, test } from 'tap';
import { CA_FILE } from '../helpers/certificates.ts';
import { GURUCONNECT, startProgram } from '../helpers/program.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { tlsFront } from '../helpers/tls-front.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows has its counterpart';
const TOKEN = 'enrolment-token-of-the-test';

interface Json {
  readonly checks: readonly {
    readonly name: string;
    readonly result: string;
    readonly because: string | null;
    readonly what: string | null;
    readonly why: string | null;
  }[];
  readonly exitCode: number;
}

const doctor = async (data: string, ...args: readonly string[]) => {
  const { code, stdout, stderr } = await startProgram(GURUCONNECT, ['doctor', '--data', data, ...args]).ended;
  return { code, stdout, stderr };
};

const asJson = async (data: string, ...args: readonly string[]) => {
  const { code, stdout } = await doctor(data, '--json', ...args);
  const json = JSON.parse(stdout) as Json;
  const of = (name: string) => json.checks.find((check) => check.name === name);
  return { code, json, of, stdout };
};

const configured = (t: Test, config: object): string => {
  const data = tempDir(t);
  writeFileSync(join(data, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  return data;
};

void test('doctor', { skip }, async (suite) => {
  await suite.test('an agent that is online is well, and stays so; then its relay is gone', async (t) => {
    const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
    t.teardown(() => relay.close());
    const front = await tlsFront(t, relay, 'loopback');
    const data = configured(t, { relay: front.url, ca: CA_FILE, enrollToken: TOKEN });
    const agent = startProgram(GURUCONNECT, ['console', '--data', data]);
    await agent.seen(/link: online/);
    const { code, json, of, stdout } = await asJson(data);
    t.equal(code, 0, stdout);
    t.same(
      json.checks.map(({ name }) => name),
      CHECK_NAMES,
    );
    for (const name of ['data-folder', 'store', 'credential', 'clock', 'tcp', 'tls', 'relay', 'link', 'disk'])
      t.match(of(name), { result: 'ok' }, name);
    t.match(of('link'), { what: /^online for \d+ s/ });
    t.equal(relay.sessions().length, 1, 'the session goes on');
    const told = `${stdout}${(await doctor(data)).stdout}`;
    t.notMatch(told, new RegExp(`cak_|${TOKEN}`), 'no secret is told');

    await front.close();
    await agent.seen(/link: (waiting|connecting)/);
    const after = await asJson(data);
    t.equal(after.code, 7);
    t.match(after.of('tcp'), { result: 'failed' });
    t.match(after.of('relay'), { result: 'skipped', because: 'tcp' });
    agent.kill('SIGTERM');
    await agent.ended;
  });

  await suite.test(
    'the worker’s certificates count, and not those of the caller’s environment',
    async (t) => {
      const relay = await startRelay({ port: 0, enrollTokens: [TOKEN] });
      t.teardown(() => relay.close());
      const front = await tlsFront(t, relay, 'loopback');
      const data = configured(t, { relay: front.url, enrollToken: TOKEN });
      const { ended } = startProgram(GURUCONNECT, ['doctor', '--json', '--data', data], {
        env: { NODE_EXTRA_CA_CERTS: CA_FILE, NODE_TLS_REJECT_UNAUTHORIZED: '0' },
      });
      const { code, stdout } = await ended;
      t.equal(code, 7);
      const tls = (JSON.parse(stdout) as Json).checks.find(({ name }) => name === 'tls');
      t.match(tls, { result: 'failed', why: /issued by CN=GuruConnect test CA/ });
    },
  );

  await suite.test('without a configuration it says what it can', async (t) => {
    const { code, of } = await asJson(tempDir(t));
    t.equal(code, 7);
    t.match(of('configuration'), { result: 'failed' });
    t.match(of('relay'), { result: 'skipped', because: 'configuration' });
    t.match(of('disk'), { result: 'ok' });
    t.match(of('registered'), { result: 'skipped', why: /no Windows/ });
  });

  await suite.test('what needs Windows says so in one line, and exits 2', async (t) => {
    for (const flag of ['--fix', '--crash-drill']) {
      const { code, stdout, stderr } = await doctor(tempDir(t), flag, '--relay', 'ws://127.0.0.1:9');
      t.equal(code, 2);
      t.equal(stdout, '');
      t.match(stderr, /guruconnect: doctor --\S+ needs Windows/);
    }
    t.match(await doctor(tempDir(t), '--fix', '--crash-drill'), { code: 2, stderr: /one after the other/ });
  });
});
