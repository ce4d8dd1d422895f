/** `guruconnect diagnostics`: one archive, with all that is needed, and not one of the secrets that lie about here. */
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createServer } from 'node:net';
import { spellingsOf } from '@guruconnect/supervisor/diagnostics/scrub';
import { type Test, test } from 'tap';
import { GURUCONNECT, ROOT, startProgram } from '../helpers/program.ts';
import { listen } from '../helpers/sockets.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { storeCredential } from '../store/stored.ts';

const skip = process.platform === 'win32' && 'POSIX only; test/windows has its counterpart';

const { unzipSync } = createRequire(join(ROOT, 'packages', 'supervisor', 'package.json'))('fflate') as {
  readonly unzipSync: (bytes: Uint8Array) => Readonly<Record<string, Uint8Array>>;
};

const unzip = (path: string): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(unzipSync(readFileSync(path))).map(([name, bytes]) => [
      name,
      Buffer.from(bytes).toString(),
    ]),
  );

const CANARIES = {
  credential: 'cak_CanaryCanaryCanaryCanaryCanary0123456789',
  former: 'cak_FormerFormerFormerFormerFormer0123456789',
  fileToken: 'canary-token+in/the=file',
  envToken: 'canary-token-of-the-environment',
  flagToken: 'canary-token-of-the-flag',
  password: 'canary:p@ss wörd/1',
};
const USER = 'ann';

/** Base64 that begins and ends somewhere else than the secret does, as in a header. */
const inBase64 = (secret: string): readonly string[] =>
  ['', 'a', 'ab', `${USER}:`].map((before) => Buffer.from(`${before}${secret}z`).toString('base64'));

const lines = Object.values(CANARIES).flatMap((secret) => [...spellingsOf(secret), ...inBase64(secret)]);

/** A machine with secrets in every place where one could be. */
const infested = async (t: Test) => {
  const data = tempDir(t);
  const { port, close } = await listen(t, createServer());
  await close();
  const proxy = `http://${USER}:${encodeURIComponent(CANARIES.password)}@127.0.0.1:${port}`;
  const config = { relay: 'wss://relay.example', enrollToken: CANARIES.fileToken, proxy };
  writeFileSync(join(data, 'config.json'), JSON.stringify(config), { mode: 0o600 });
  for (const [digit, credential] of [CANARIES.former, CANARIES.credential].entries()) {
    await storeCredential(data, {
      ...{ relay: config.relay, machineId: `00000000-0000-4000-8000-00000000000${digit}`, agentId: 'a' },
      ...{ enrolledAt: '2026-01-02T03:04:05.678Z', credential },
    });
  }
  const words = { reason: 'crashed', at: '2026-01-02T03:04:05.678Z', lines: [...lines, proxy], history: [] };
  writeFileSync(join(data, 'last-words.json'), JSON.stringify(words));
  mkdirSync(join(data, 'logs', 'worker'), { recursive: true });
  for (const name of ['supervisor.log', 'worker.log', 'worker.log.1', 'worker/worker.log']) {
    const logged = [...lines, proxy].map((text) => JSON.stringify({ level: 'info', msg: text }));
    writeFileSync(join(data, 'logs', name), [...lines, ...logged, 'the last line'].join('\n'));
  }
  return { data, proxy };
};

const diagnose = (data: string, output: string, ...args: readonly string[]) =>
  startProgram(GURUCONNECT, ['diagnostics', '--data', data, '--output', output, ...args], {
    env: { GURUCONNECT_ENROLL_TOKEN: CANARIES.envToken },
  }).ended;

void test('diagnostics', { skip }, async (suite) => {
  await suite.test(
    'all that is needed is in it, and of every secret nothing, however it is written',
    async (t) => {
      const { data } = await infested(t);
      const output = join(tempDir(t), 'd.zip');
      const { code, stdout, stderr } = await diagnose(data, output, '--enroll-token', CANARIES.flagToken);
      t.equal(code, 0, stderr);
      t.match(stdout, new RegExp(`^${output}: \\d+ KiB`));
      t.equal(statSync(output).mode & 0o777, 0o600);
      const files = unzip(output);
      t.same(Object.keys(files).sort(), [
        ...['README.txt', 'config.json', 'config.txt', 'doctor.json', 'doctor.txt', 'last-words.json'],
        ...['logs/supervisor.log', 'logs/worker.log', 'logs/worker.log.1', 'logs/worker/worker.log'],
        ...['status.json', 'status.txt', 'versions.json'],
      ]);
      for (const [name, text] of Object.entries(files)) {
        const found = [...lines, ...Object.values(CANARIES)].filter(
          (spelling) => spelling.length > 5 && text.toLowerCase().includes(spelling.toLowerCase()),
        );
        t.same(found, [], name);
      }
      t.match(files['logs/worker.log.1'], /the last line$/, 'and the rest of it is there');
      t.match(JSON.parse(files['doctor.json'] ?? ''), { checks: [{ name: 'registered' }] });
      t.match(JSON.parse(files['config.json'] ?? ''), { values: { enrollToken: { value: 'set' } } });
      t.match(JSON.parse(files['versions.json'] ?? ''), { node: { node: process.versions.node } });
      t.match(JSON.parse(files['last-words.json'] ?? ''), { reason: 'crashed' });
    },
  );

  await suite.test('another program can read it', async (t) => {
    const output = join(tempDir(t), 'd.zip');
    await diagnose(tempDir(t), output, '--relay', 'ws://127.0.0.1:9');
    const { status, error, stdout } = spawnSync('python3', ['-m', 'zipfile', '-t', output], {
      encoding: 'utf8',
    });
    if (error !== undefined) t.comment('not checked: there is no python3 to read it with');
    else t.equal(status, 0, stdout);
  });

  await suite.test(
    'what could not be had is named in it; a file that is there is not replaced',
    async (t) => {
      const data = tempDir(t);
      const output = join(tempDir(t), 'd.zip');
      t.match(await diagnose(data, output), { code: 0, stdout: /not in it: logs: ENOENT/ });
      t.match(unzip(output)['README.txt'], /logs: NOT HERE: ENOENT/);
      t.match(await diagnose(data, output), { code: 2, stderr: /is there already/ });
      t.match(await diagnose(data, join(data, 'no', 'd.zip')), {
        code: 1,
        stderr: /cannot be written: ENOENT/,
      });
    },
  );
});
