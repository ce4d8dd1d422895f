/** Logs rotated as Windows does it: beside readers that share what they have open, and beside those that do not. */
import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { workerRestrictions } from '@guruconnect/supervisor/worker-restrictions';
import { type Test, test } from 'tap';
import { openManaged } from '../helpers/managed-service.ts';
import { filesOf, linesOf } from '../helpers/small-log.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openLab, toWindowsPath, windowsUnavailable, windowsFixture, onWindows } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const KIB = 1024;
const FOLLOWS_MS = 20_000;
const numbers = (count: number): readonly number[] => Array.from({ length: count }, (_none, at) => at);

/** Two processes that append at the same time, where Wine first asks for the end of the file and then writes there. */
const MAY_OVERWRITE = 10;

void test('a log on Windows', { skip, timeout: 240_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());

  /** A log of a data folder, and the arguments of what writes so many lines to it. */
  const logOf = (t: Test, lines: number, more: object = {}) => {
    const data = tempDir(t);
    const path = join(data, 'logs', 'worker.log');
    const task = join(data, 'task.json');
    const fields = {
      path: toWindowsPath(path),
      name: 'worker',
      lines,
      fileBytes: 4 * KIB,
      slots: 4,
      ...more,
    };
    writeFileSync(task, JSON.stringify(fields));
    return { data, path, writer: [windowsFixture('log-writer'), task].map(toWindowsPath) };
  };
  const lineNumbers = (path: string, name = 'worker') =>
    linesOf(path)
      .filter((line) => line.name === name)
      .map(({ line = -1 }) => line)
      .sort((a, b) => a - b);
  const sizesOf = (path: string) => filesOf(path).map((name) => statSync(join(path, '..', name)).size);

  await suite.test('is rotated by a worker within its restrictions, and no line is lost', async (t) => {
    const { data, path, writer } = logOf(t, 150);
    const restricted = workerRestrictions([toWindowsPath(data)], new Set(['--permission'])).map((option) =>
      option.replace(/\/\*$/, '\\*'),
    );
    const { code, stderr } = await lab.run(lab.nodeExe, [...restricted, ...writer]);
    t.same([code, stderr], [0, '']);
    t.same(lineNumbers(path), numbers(150));
    t.ok(sizesOf(path).length > 2);
    t.ok(Math.max(...sizesOf(path)) <= 4 * KIB);
  });

  await suite.test('has the last line before its writer was terminated', async (t) => {
    const { path, writer } = logOf(t, 77, { dies: true });
    t.not((await lab.run(lab.nodeExe, writer)).code, 0);
    t.match(JSON.parse(readFileSync(path, 'utf8').trimEnd().split('\n').at(-1) ?? ''), { line: 76 });
  });

  await suite.test('is rotated beside somebody who will not have it renamed', async (t) => {
    const { path, writer } = logOf(t, 1);
    t.equal((await lab.run(lab.nodeExe, writer)).code, 0);
    const held = toWindowsPath(path);
    const task = writer[1] ?? '';
    writeFileSync(
      join(path, '..', '..', 'task.json'),
      JSON.stringify({ path: held, name: 'worker', lines: 400, fileBytes: 4 * KIB, slots: 4, hurry: true }),
    );
    const result = await lab.svcctl('keep-open', held, lab.nodeExe, writer[0] ?? '', task);
    t.match(result, { error: 0, exitCode: 0 });
    t.equal(filesOf(path).length, 5, 'its slots are filled');
    t.ok(Math.max(...sizesOf(path)) < 3 * 4 * KIB, sizesOf(path).join());
    const kept = lineNumbers(path);
    t.same(kept, numbers(400).slice(-kept.length), 'and the latest lines are there, each of them once');
  });

  await suite.test('is written and rotated by two processes, and no line is lost', async (t) => {
    const { data, path, writer } = logOf(t, 0);
    const write = (name: string) => {
      const task = join(data, `${name}.json`);
      const fields = { path: toWindowsPath(path), name, lines: 300, fileBytes: 4 * KIB, slots: 100 };
      writeFileSync(task, JSON.stringify(fields));
      return lab.run(lab.nodeExe, [writer[0] ?? '', toWindowsPath(task)]);
    };
    const ended = await Promise.all([write('one'), write('two')]);
    t.same(
      ended.map(({ code, stderr }) => `${code ?? ''}${stderr}`),
      ['0', '0'],
    );
    for (const name of ['one', 'two']) {
      const written = lineNumbers(path, name);
      if (onWindows) t.same(written, numbers(300));
      else t.ok(written.length >= 300 - MAY_OVERWRITE, `${written.length} lines of 300`);
    }
    if (!onWindows)
      t.comment('not checked, as Wine’s append is not atomic: that two writers lose no line at all');
    t.ok(sizesOf(path).length > 8);
  });

  await suite.test('of an installed service is found where that has it', async (t) => {
    const service = await openManaged(t, lab);
    const { code, stderr } = await service.install();
    t.equal(code, 0, stderr);
    const shown = await service.run('logs', '-n', 'all');
    t.same([shown.code, shown.stderr], [0, '']);
    t.match(shown.stdout, /^\[[^\]]*\] INFO \(supervisor\): service started\n/);
    t.match(shown.stdout, /\(worker\/link\): link [^\n]*"to":"online"/);
    const { stdout } = await service.run('logs', '--json', '--part', 'supervisor', '-n', '1');
    t.match(JSON.parse(stdout), { name: 'supervisor', msg: String });
  });

  await suite.test('is shown and followed while it is rotated', async (t) => {
    const { data, path, writer } = logOf(t, 120);
    const logs = ['logs', '--json', '--data', toWindowsPath(data)];
    // Nothing but its end can be told to it here: it is ended when its time is over.
    const following = lab.guruconnect([...logs, '--follow', '-n', 'all'], { timeoutMs: FOLLOWS_MS });
    t.equal((await lab.run(lab.nodeExe, writer)).code, 0);
    const shown = (text: string) =>
      text
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { line: number }).line);
    const { code, stdout, stderr } = await lab.guruconnect([...logs, '-n', 'all']);
    t.same([code, stderr], [0, '']);
    t.same(shown(stdout), numbers(120));
    t.same(shown((await following).stdout), numbers(120));
    t.ok(filesOf(path).length > 2);
  });
});
