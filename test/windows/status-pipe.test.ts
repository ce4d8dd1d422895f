import { randomBytes } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Test, test } from 'tap';
import { type Outcome, managerCalls, together } from '../helpers/manager-calls.ts';
import { tempDir } from '../helpers/temp-dir.ts';
import { openLab, toWindowsPath, windowsUnavailable, windowsFixture } from '../helpers/windows.ts';

const skip = windowsUnavailable() ?? false;
const SDDL = 'D:P(A;;GA;;;SY)(A;;GA;;;BA)';
const LIMIT_MS = 10_000;
const LARGEST = 64 * 1024;

interface Reading {
  readonly error: number;
  readonly server: number;
  readonly text: string;
}
interface ServerFacts {
  readonly served: number;
  readonly servedTwice: number;
  readonly pid: number;
  readonly busyFrom: number;
  readonly busyUntil: number;
}
const readingOf = (outcome: Outcome | undefined) => outcome?.value as Reading;
/** The two parts of what is served. */
const partsOf = ({ text }: Reading) => ({
  age: Number(text.split('\n', 1)[0]),
  text: text.slice(text.indexOf('\n') + 1),
});

void test('the status pipe', { skip, timeout: 180_000 }, async (suite) => {
  const lab = await openLab();
  suite.teardown(() => lab.close());
  const calls = managerCalls(lab);
  const read = (pipe: string, ms = LIMIT_MS) => ['addon', 'statusRead', pipe, ms] as const;
  const freshPipe = () => `\\\\.\\pipe\\guruconnect-test-${randomBytes(8).toString('hex')}`;

  /** Serves until `end`, which says what the server saw. */
  const serve = async (t: Test, text: string, busyMs = 0) => {
    const pipe = freshPipe();
    const endFile = join(tempDir(t), 'end');
    const args = [pipe, SDDL, text, String(busyMs), toWindowsPath(endFile)];
    const ended = lab.run(lab.nodeExe, [toWindowsPath(windowsFixture('status-server')), ...args]);
    const end = async (): Promise<ServerFacts> => {
      writeFileSync(endFile, '');
      const { code, stdout, stderr } = await ended;
      t.equal(code, 0, `the server's thread does not keep its process: ${stderr}`);
      return JSON.parse(stdout) as ServerFacts;
    };
    const until = performance.now() + LIMIT_MS;
    let first: Reading;
    do first = readingOf((await calls(read(pipe)))[0]);
    while (first.error === 2 && performance.now() < until);
    return { pipe, first, end };
  };

  await suite.test('nobody serves: 2, at once', async (t) => {
    const [outcome] = await calls(read(freshPipe()));
    t.same(outcome?.value, { error: 2, server: 0, text: '' });
  });

  await suite.test('the last text is read from another process, with its age and its server', async (t) => {
    const text = JSON.stringify({ state: 'läuft 🙂', since: 1 });
    const { pipe, first, end } = await serve(t, text);
    const outcomes = await calls(read(pipe), ['here', 'sleep', 500], read(pipe), read(pipe));
    const facts = await end();
    const readings = [first, ...[0, 2, 3].map((i) => readingOf(outcomes[i]))];
    for (const reading of readings) {
      t.match(reading, { error: 0, server: facts.pid });
      t.equal(partsOf(reading).text, text);
    }
    const [, early = 0, late = 0] = readings.map((reading) => partsOf(reading).age);
    t.ok(late - early >= 450 && late - early < 5000, `the age grows: ${early}, ${late} ms`);
    t.match(facts, { served: 0, servedTwice: 1247 });
    t.match((await calls(read(pipe)))[0]?.value, { error: 2 }, 'it went with its process');
  });

  await suite.test('it answers while the server’s JavaScript is busy', async (t) => {
    const { pipe, first, end } = await serve(t, 'busy', 6000);
    const [outcome] = await calls(read(pipe));
    const { pid, busyFrom, busyUntil } = await end();
    t.match(readingOf(outcome), { error: 0, server: pid });
    t.equal(partsOf(readingOf(outcome)).text, 'busy');
    t.equal(first.error, 0);
    const at = outcome?.at ?? 0;
    t.ok(at > busyFrom && at < busyUntil, `read ${at - busyFrom} ms into ${busyUntil - busyFrom} ms`);
  });

  await suite.test('readers at the same time get it one after the other', async (t) => {
    const { pipe, end } = await serve(t, 'shared');
    const six = Array.from({ length: 6 }, () => read(pipe));
    const [ours, theirs] = await Promise.all([together(lab, six), together(lab, six)]);
    const { pid } = await end();
    for (const outcome of [...ours, ...theirs]) {
      t.match(readingOf(outcome), { error: 0, server: pid });
      t.equal(partsOf(readingOf(outcome)).text, 'shared');
    }
  });

  await suite.test('a reader that does not read is turned away for the next one', async (t) => {
    const { pipe, end } = await serve(t, 'bounded');
    const startedAt = Date.now();
    const outcomes = await calls(['here', 'hold', pipe], read(pipe, 300), read(pipe));
    await end();
    t.match(readingOf(outcomes[1]), { error: 258 }, 'no answer in time');
    t.match(readingOf(outcomes[2]), { error: 0 });
    t.ok((outcomes[2]?.at ?? 0) - startedAt < 5000, 'after two seconds');
  });

  await suite.test('a text of many bytes comes whole', async (t) => {
    const { first, end } = await serve(t, 'ü'.repeat(10_000));
    await end();
    t.equal(first.error, 0);
    t.equal(partsOf(first).text, 'ü'.repeat(10_000));
  });

  await suite.test('what cannot be served is an error, and may be tried again', async (t) => {
    const pipe = freshPipe();
    const [bad, badName, served, tooMuch, all] = await calls(
      ['addon', 'statusServe', pipe, 'nonsense'],
      ['addon', 'statusServe', 'no pipe', SDDL],
      ['addon', 'statusServe', pipe, SDDL],
      ['here', 'publish', 'ü', LARGEST],
      read(pipe),
    );
    t.equal(bad?.value, 87);
    t.not(badName?.value, 0);
    t.equal(served?.value, 0);
    t.same(tooMuch?.error, undefined);
    t.equal(partsOf(readingOf(all)).text, 'ü'.repeat(LARGEST / 2), 'cut at 64 KiB');
  });

  await suite.test('a name that is taken is not served a second time', async (t) => {
    const { pipe, end } = await serve(t, 'first');
    const [taken] = await calls(['addon', 'statusServe', pipe, SDDL]);
    await end();
    // Windows says 5 (first instance), Wine 231 (all instances are busy).
    t.ok(taken?.value === 5 || taken?.value === 231, String(taken?.value));
  });
});
