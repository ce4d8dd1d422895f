/** `guruconnect logs` as a person meets it: the real launcher and real files. */
import { spawnSync } from 'node:child_process';
import { appendFileSync, chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap, { test } from 'tap';
import { GURUCONNECT, fixture, startProgram } from '../../helpers/program.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { dataFolder, line } from './files.ts';

tap.jobs = 4;
const bounded = { timeout: 60_000 };
const posix = { ...bounded, skip: process.platform === 'win32' && 'POSIX rights and shells' };
const NOBODY = '65534';
const MEBIBYTE = 1024 * 1024;

const run = (data: string, ...args: readonly string[]) =>
  startProgram(GURUCONNECT, ['logs', '--data', data, ...args], { env: { TZ: 'UTC' } }).ended;

test('for a person: when, how severe, who, what', bounded, async (t) => {
  const { data, write } = dataFolder(t);
  write('supervisor.log', [line(0, { name: 'supervisor', msg: 'service started' })]);
  write('worker.log', [
    line(1, { part: 'link', from: 'connecting', to: 'online', msg: 'link' }),
    line(2, {
      level: 50,
      err: { type: 'Error', message: 'm', stack: 'Error: m\n    at x' },
      msg: 'worker failed',
    }),
  ]);
  const { code, stdout, stderr } = await run(data);
  t.same([code, stderr], [0, '']);
  t.equal(
    stdout,
    [
      '[2026-11-26 12:00:00.000] INFO (supervisor): service started',
      '[2026-11-26 12:00:01.000] INFO (worker/link): link {"from":"connecting","to":"online"}',
      '[2026-11-26 12:00:02.000] ERROR (worker): worker failed',
      '    err: {',
      '      "type": "Error",',
      '      "message": "m",',
      '      "stack":',
      '          Error: m',
      '              at x',
      '    }\n',
    ].join('\n'),
  );
});

test('for a program: the lines as they are', bounded, async (t) => {
  const { data, write } = dataFolder(t);
  const [first, second] = [line(0, { msg: 'ü🔑 "quoted"' }), line(1, { msg: 'x', nested: { a: [1, null] } })];
  write('worker.log', [second]);
  write('supervisor.log', [first]);
  const { code, stdout } = await run(data, '--json');
  t.same([code, stdout], [0, `${first}\n${second}\n`]);
  t.equal((await run(data, '--json', '--part', 'worker')).stdout, `${second}\n`);
  t.equal((await run(data, '--json', '-n', '1')).stdout, `${second}\n`);
});

test('two hundred lines, unless more are asked for', bounded, async (t) => {
  const { data, write } = dataFolder(t);
  write(
    'worker.log',
    Array.from({ length: 300 }, (_none, n) => line(n, { n })),
  );
  t.equal((await run(data, '--json')).stdout.split('\n').length - 1, 200);
  t.equal((await run(data, '--json', '-n', 'all')).stdout.split('\n').length - 1, 300);
  t.equal((await run(data, '--json', '--since', '2026-11-26T12:00Z')).stdout.split('\n').length - 1, 300);
});

test('whatever is in a log, it steers no terminal and forges no line', bounded, async (t) => {
  const { data, write } = dataFolder(t);
  const evil = '\x1b[2J\x07\x9b1m\u202e\nforged';
  const timed = '{"level":30,"time":"2026-11-26T12:00:00.000Z",';
  write('worker.log', [
    line(0, { msg: evil, [evil]: evil, err: { type: evil, message: evil, stack: `Error: ${evil}` } }),
    line(0, { msg: 7, name: { evil }, part: [evil], type: 'Error', stack: `Error: ${evil}` }),
    `not JSON ${evil.replace('\n', '')}`,
    `${timed}"torn`,
    `${timed}"__proto__":{"name":"x"},"msg":"p"}`,
    `${timed}"deep":${'['.repeat(30_000)}}`,
    '\0'.repeat(50),
  ]);
  for (const args of [[], ['--json']]) {
    const { code, stdout, stderr } = await run(data, ...args);
    t.same([code, stderr], [0, '']);
    // What is left may be lines, and of these none is one of the log's own but those that are.
    t.notMatch(stdout, /(?!\n)[\p{C}\u2028\u2029]/u);
    t.notMatch(stdout, /^forged/m);
  }
  for (const text of (await run(data, '--json')).stdout.split('\n').slice(0, 2)) JSON.parse(text);
});

test('who has read enough ends it, without a word', posix, (t) => {
  const { data, write } = dataFolder(t);
  write(
    'worker.log',
    Array.from({ length: 50_000 }, (_none, n) => line(n, { n, text: 'x'.repeat(100) })),
  );
  const command = `env -u NODE_OPTIONS "$0" "$@" -n all | head -n 1; echo "$?"`;
  const args = ['-c', command, process.execPath, GURUCONNECT, 'logs', '--data', data];
  const { stdout, stderr } = spawnSync(
    'bash',
    args.map((each) => each.replace('"$?"', '"${PIPESTATUS[0]}"')),
    {
      encoding: 'utf8',
    },
  );
  t.equal(stderr, '');
  t.match(stdout, /^\[2026-[^\n]*\n0\n$/);
  t.end();
});

test('a disk that is full is said, and is no success', posix, async (t) => {
  const { data, write } = dataFolder(t);
  write('worker.log', [line(0)]);
  const { code, stderr } = await startProgram('-c', [], {
    by: ['sh', '-c', `exec "$0" '${process.execPath}' '${GURUCONNECT}' logs --data '${data}' > /dev/full`],
  }).ended;
  t.match([code, stderr], [1, /^guruconnect: .*ENOSPC[^\n]*\n$/]);
});

test('no logs: it says where it has looked', bounded, async (t) => {
  const data = tempDir(t);
  const { code, stdout, stderr } = await run(data);
  t.same([code, stdout], [1, '']);
  t.equal(stderr, `guruconnect: no logs yet in ${join(data, 'logs')}, ${join(data, 'logs', 'worker')}\n`);
});

test(
  'no right to read them: one line each says what to do, and what may be read is shown',
  posix,
  async (t) => {
    const { data, path, write } = dataFolder(t);
    write('supervisor.log', [line(0)]);
    chmodSync(path('supervisor.log'), 0o600);
    for (const folder of [data, path()]) chmodSync(folder, 0o755);
    const asNobody = () => startProgram(fixture('run-logs'), [NOBODY, '--data', data]).ended;
    if (process.getuid?.() !== 0) chmodSync(path('supervisor.log'), 0o000);
    const none = await asNobody();
    t.equal(none.code, 77);
    t.match(
      none.stderr,
      /^guruconnect: .*supervisor\.log: cannot be read: use the account .* \(EACCES[^\n]*\n/,
    );
    write('worker.log', [line(0, { msg: 'seen' })]);
    const some = await asNobody();
    t.match([some.code, some.stdout], [0, /seen/]);
    t.match(some.stderr, /cannot be read/);
    if (process.getuid?.() === 0) chmodSync(path(), 0o700);
    else chmodSync(path(), 0o000);
    t.match(await asNobody(), { code: 77, stdout: '' });
    chmodSync(path(), 0o700);
  },
);

test('fifty megabytes are read through in little memory', posix, async (t) => {
  const { data, path, write } = dataFolder(t);
  mkdirSync(path(), { recursive: true });
  const block = Array.from({ length: 5000 }, (_none, n) => line(n, { n, text: 'x'.repeat(120) })).join('\n');
  for (const name of ['worker.1.log', 'worker.2.log', 'worker.3.log', 'worker.4.log', 'worker.log']) {
    writeFileSync(path(name), '');
    for (let size = 0; size < 10 * MEBIBYTE; size += block.length) appendFileSync(path(name), `${block}\n`);
  }
  const peak = async (...args: readonly string[]) => {
    const { code, stderr } = await startProgram(fixture('run-logs'), ['0', '--data', data, ...args]).ended;
    t.equal(code, 0);
    return Number(/peak (\d+) kB/.exec(stderr)?.[1]);
  };
  const little = await peak('-n', '1');
  const much = [await peak('-n', 'all', '--level', 'error'), await peak('-n', '5', '--level', 'error')];
  t.comment(`${little} kB for a line, ${much.join(' and ')} kB for all of it`);
  for (const each of much) t.ok(each < little + 40_000, `${each} kB`);
  // A file with no line in it at all.
  write('worker.log', []);
  writeFileSync(path('worker.log'), Buffer.alloc(10 * MEBIBYTE, 'x'));
  t.ok((await peak('-n', 'all', '--level', 'error')) < little + 80_000);
});
