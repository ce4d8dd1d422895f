/** `guruconnect logs --follow` beside a log that is written and rotated: each line once, in order. */
import { appendFileSync, mkdirSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import tap, { type Test, test } from 'tap';
import { type Program, GURUCONNECT, startProgram } from '../../helpers/program.ts';
import { createLogWith } from '../../helpers/small-log.ts';
import { tempDir } from '../../helpers/temp-dir.ts';
import { dataFolder, line } from './files.ts';

tap.jobs = 4;
const posix = { timeout: 60_000, skip: process.platform === 'win32' && 'it is ended by a signal' };
const KIB = 1024;

const follow = (t: Test, data: string, ...args: readonly string[]): Program => {
  const program = startProgram(GURUCONNECT, ['logs', '-f', '--json', '--data', data, ...args]);
  t.teardown(() => {
    program.kill('SIGKILL');
  });
  return program;
};

/** Ctrl-C, and what was shown by then. */
const shown = async (t: Test, program: Program): Promise<readonly unknown[]> => {
  program.kill('SIGINT');
  const { code, stdout, stderr } = await program.ended;
  t.same([code, stderr], [0, '']);
  return stdout
    .split('\n')
    .filter((text) => text !== '')
    .map((text) => (JSON.parse(text) as { readonly line: number }).line);
};
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_none, at) => at);

test('ten lines that were there, and what comes, until Ctrl-C', posix, async (t) => {
  const { data, write, append } = dataFolder(t);
  write(
    'worker.log',
    numbers(30).map((n) => line(n, { line: n })),
  );
  const program = follow(t, data);
  await program.seen(/"line":29\D/);
  append('worker.log', line(30, { line: 30 }));
  await program.seen(/"line":30\D/);
  t.same(await shown(t, program), numbers(31).slice(20));
});

test('a log that is rotated again and again loses no line to who follows it', posix, async (t) => {
  const path = join(tempDir(t), 'logs', 'worker.log');
  const write = createLogWith({ path, fileBytes: 4 * KIB, slots: 4 });
  write({ line: 0 });
  const program = follow(t, join(path, '..', '..'));
  for (const n of numbers(400)) {
    write({ line: n + 1 });
    // A file system's clock has ticks of some milliseconds: files of the same one cannot be told apart by age.
    if (n % 20 === 0) await program.seen(new RegExp(`"line":${n + 1}\\D`));
  }
  await program.seen(/"line":400\D/);
  t.same(await shown(t, program), numbers(401));
});

test('a log that is copied and emptied neither', posix, async (t) => {
  const { data, path, write, append } = dataFolder(t);
  write('worker.log', [line(0, { line: 0 })]);
  const program = follow(t, data);
  await program.seen(/"line":0\D/);
  for (const slot of numbers(3)) {
    const first = slot * 3 + 1;
    // In one go: nobody has seen these lines before they are somewhere else.
    append('worker.log', line(first, { line: first }), line(first + 1, { line: first + 1 }));
    writeFileSync(path(`worker.${slot + 1}.log`), readFileSync(path('worker.log')));
    truncateSync(path('worker.log'));
    append('worker.log', line(first + 2, { line: first + 2 }));
    await program.seen(new RegExp(`"line":${first + 2}\\D`));
  }
  t.same(await shown(t, program), numbers(10));
});

test(
  'logs that are not there yet are waited for, and one that is removed goes on in the next',
  posix,
  async (t) => {
    const data = tempDir(t);
    const program = startProgram(GURUCONNECT, ['logs', '-f', '--json', '--data', data]);
    t.teardown(() => {
      program.kill('SIGKILL');
    });
    mkdirSync(join(data, 'logs', 'worker'), { recursive: true });
    const log = join(data, 'logs', 'worker', 'worker.log');
    writeFileSync(log, `${line(0, { line: 0 })}\n`);
    await program.seen(/"line":0\D/);
    rmSync(log);
    writeFileSync(log, `${line(1, { line: 1 })}\n`);
    await program.seen(/"line":1\D/);
    program.kill('SIGTERM');
    const { code } = await program.ended;
    t.equal(code, 0);
  },
);

test('half a line is waited for', posix, async (t) => {
  const { data, path, write } = dataFolder(t);
  write('worker.log', [line(0, { line: 0 })]);
  const whole = line(1, { line: 1 });
  appendFileSync(path('worker.log'), whole.slice(0, 40));
  const program = follow(t, data);
  await program.seen(/"line":0\D/);
  appendFileSync(path('worker.log'), `${whole.slice(40)}\n`);
  await program.seen(/"line":1\D/);
  t.same(await shown(t, program), [0, 1]);
});

test('what is not wanted is not shown', posix, async (t) => {
  const { data, write, append } = dataFolder(t);
  write('worker.log', []);
  write('supervisor.log', [line(0, { line: 8, level: 50 }), line(0, { line: 9, level: 50 })]);
  const program = follow(t, data, '--level', 'error', '-n', '1');
  await program.seen(/"line":9\D/);
  for (const [n, level] of [30, 50, 40, 60].entries()) append('worker.log', line(n, { line: n, level }));
  await program.seen(/"line":3\D/);
  t.same(await shown(t, program), [9, 1, 3]);
});
