import { readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { scrubLines } from '@guruconnect/shared/last-words';
import { LastWords } from '@guruconnect/shared/relay-protocol';
import type { Notice, WorkerExit } from '@guruconnect/supervisor/host';
import { NOTHING_SEEN, createWitness, lastWordsOf, see } from '@guruconnect/supervisor/witness';
import { openLastWords, secretsOf, wordsInFile } from '@guruconnect/worker/last-words';
import { test } from 'tap';
import * as v from 'valibot';
import { tempDir } from '../helpers/temp-dir.ts';

const AT = new Date('2026-01-02T03:04:05.678Z');
const EXIT: WorkerExit = { pid: 7, code: 134, signal: undefined, lastWords: ['a stack', 'of lines'] };
const KILLED: WorkerExit = { ...EXIT, code: undefined, signal: 'SIGKILL' };
const STOP: Notice = {
  kind: 'transition',
  from: 'running',
  event: 'control',
  to: 'stopping',
  control: 'stop',
};
const RUNNING: Notice = { kind: 'transition', from: 'starting', event: 'worker-ready', to: 'running' };
const FAULT: Notice = { kind: 'fault', fault: { code: 'no-credential', message: 'none is stored' } };

const SPAWNED: Notice = { kind: 'spawned', pid: 7 };

const wordsAfter = (exit: WorkerExit, ...notices: Notice[]) =>
  lastWordsOf(
    notices.reduce((sight, notice, n) => see(sight, notice, { at: AT, ms: 1000 * n }), NOTHING_SEEN),
    exit,
    { at: AT, ms: 61_500.4 },
  );

const cases: Record<string, [WorkerExit, Notice[], object | undefined]> = {
  'a crash': [
    EXIT,
    [RUNNING],
    { reason: 'exited', at: AT.toISOString(), exitCode: 134, lines: ['a stack', 'of lines'] },
  ],
  'a signal from outside': [
    KILLED,
    [RUNNING],
    { reason: 'signal', at: AT.toISOString(), signal: 'SIGKILL', lines: EXIT.lastWords },
  ],
  'a worker that hung, and how long it had lived': [
    KILLED,
    [RUNNING, SPAWNED, { kind: 'killed', after: 'hung', hang: 'busy' }],
    {
      reason: 'hung-busy',
      livedMs: 60_500,
      history: [
        { at: AT.toISOString(), what: 'service running (worker-ready)' },
        { at: AT.toISOString(), what: 'worker started, pid 7' },
        { at: AT.toISOString(), what: 'killed after hung (busy)' },
      ],
    },
  ],
  'one that never came to be has not lived': [
    { ...EXIT, pid: undefined, code: undefined },
    [{ kind: 'spawned', pid: undefined }],
    { reason: 'not-started', livedMs: undefined, exitCode: undefined },
  ],
  'one that said no hello, killed twice': [
    KILLED,
    [
      { kind: 'killed', after: 'hello' },
      { kind: 'killed', after: 'kill' },
    ],
    { reason: 'killed-after-hello' },
  ],
  'a local fault': [
    EXIT,
    [RUNNING, FAULT],
    { reason: 'no-credential', lines: ['a stack', 'of lines', 'none is stored'] },
  ],
  'an end that was asked for': [EXIT, [RUNNING, STOP], undefined],
  'an end that was asked for, by force': [
    KILLED,
    [RUNNING, STOP, { kind: 'killed', after: 'stop' }],
    undefined,
  ],
};
for (const [situation, [exit, notices, words]] of Object.entries(cases)) {
  test(`last words: ${situation}`, (t) => {
    const got = wordsAfter(exit, ...notices);
    if (words === undefined) t.equal(got, undefined);
    else t.match(got, words);
    t.ok(got === undefined || v.is(LastWords, got));
    t.end();
  });
}

test('lines are the last ones, cut, and without a secret', (t) => {
  const credential = `cak_${'S3cr3t'.repeat(7)}`;
  const lines = [
    ...Array.from({ length: 30 }, (_, n) => `line ${n}`),
    `a ${credential} b t0ken c`,
    'x'.repeat(5000),
  ];
  const scrubbed = scrubLines(lines, ['t0ken', '']);
  t.equal(scrubbed.length, 20);
  t.equal(scrubbed.at(-1)?.length, 1024);
  t.equal(scrubbed.at(-2), 'a cak_… b … c');
  t.end();
});

test('what is written down is read by the next worker, with the end of the log, and forgotten when told', (t) => {
  const dir = tempDir(t);
  const log = join(dir, 'worker.log');
  writeFileSync(log, `${'old '.repeat(2000)}\n{"msg":"link"}\n{"msg":"worker failed t0ken"}\n`);
  const witness = createWitness(dir);
  for (const notice of [RUNNING, { kind: 'exited', exit: EXIT }] as const) witness.notice(notice);
  if (process.platform !== 'win32') t.equal(statSync(lastWordsPath(dir)).mode & 0o777, 0o600);
  const words = openLastWords(wordsInFile(dir), log, ['t0ken', undefined]);
  t.ok(v.is(LastWords, words.read()));
  t.same(words.read()?.lines, ['{"msg":"link"}', '{"msg":"worker failed …"}', 'a stack', 'of lines']);
  words.forget();
  t.equal(words.read(), undefined);
  t.throws(() => readFileSync(lastWordsPath(dir)), { code: 'ENOENT' });
  t.end();
});

test('a log that was rotated a moment before ends with the rotated one', (t) => {
  const dir = tempDir(t);
  const log = join(dir, 'worker.log');
  writeFileSync(join(dir, 'worker.1.log'), 'too old\n');
  utimesSync(join(dir, 'worker.1.log'), 1, 1);
  writeFileSync(join(dir, 'worker.2.log'), 'one\ntwo\n');
  writeFileSync(join(dir, 'worker.3.log'), '');
  writeFileSync(log, 'three\n');
  createWitness(dir).notice({ kind: 'exited', exit: EXIT });
  const { lines } = openLastWords(wordsInFile(dir), log, []).read() ?? {};
  t.same(lines, ['one', 'two', 'three', 'a stack', 'of lines']);
  t.end();
});

test('however long the lines are, a hello with them fits into a message', (t) => {
  const dir = tempDir(t);
  const lines = Array.from({ length: 20 }, (_, n) => `${n}${'\u0001'.repeat(5000)}`);
  createWitness(dir).notice({ kind: 'exited', exit: { ...EXIT, lastWords: lines } });
  const words = openLastWords(wordsInFile(dir), undefined, []).read();
  t.ok(Buffer.byteLength(JSON.stringify(words)) <= 16 * 1024);
  t.match(words?.lines.at(-1), /^19/, 'the last ones are kept');
  t.ok((words?.lines.length ?? 0) > 0);
  t.end();
});

test('long lines do not take the room of the states, and many states not that of the lines', (t) => {
  const dir = tempDir(t);
  const witness = createWitness(dir);
  for (let n = 0; n < 30; n += 1) {
    const trouble = `${n} ${'\u{1F600}'.repeat(200)}`;
    witness.notice({ kind: 'beat', beat: { kind: 'beat', link: 'waiting', relay: 'wss://r', trouble } });
  }
  const lines = Array.from({ length: 20 }, (_, n) => `${n} ${'\u{1F600}'.repeat(600)}`);
  witness.notice({ kind: 'exited', exit: { ...EXIT, lastWords: lines } });
  const words = openLastWords(wordsInFile(dir), undefined, []).read();
  t.ok(v.is(LastWords, words));
  t.match(words?.lines.at(-1), /^19/, 'the last ones of both are kept');
  t.match(words?.history?.at(-1)?.what, /^link waiting \(29/);
  t.ok((words?.lines.length ?? 0) > 3 && (words?.history?.length ?? 0) > 3, 'several of both');
  t.ok(Buffer.byteLength(JSON.stringify(words)) <= 16 * 1024);
  t.end();
});

test('what is told of the states has no secret in it', (t) => {
  const dir = tempDir(t);
  const credential = `cak_${'S3cr3t'.repeat(7)}`;
  const witness = createWitness(dir);
  const trouble = `${credential} at t0ken`;
  witness.notice({ kind: 'beat', beat: { kind: 'beat', link: 'waiting', relay: 'wss://r', trouble } });
  const words = witness.notice({ kind: 'exited', exit: EXIT });
  t.match(words, { history: [{ what: 'link waiting (cak_… at t0ken)' }] }, 'as the log has it');
  t.notMatch(readFileSync(lastWordsPath(dir), 'utf8'), /S3cr3t/);
  t.match(openLastWords(wordsInFile(dir), undefined, ['t0ken']).read(), {
    history: [{ what: 'link waiting (cak_… at …)' }],
  });
  t.end();
});

test('the words of a former version, without states, are told as they are', (t) => {
  const dir = tempDir(t);
  const words = { reason: 'hung', at: AT.toISOString(), lines: ['a line'] };
  writeFileSync(lastWordsPath(dir), JSON.stringify(words));
  t.strictSame(openLastWords(wordsInFile(dir), undefined, []).read(), words);
  t.end();
});

test('last words that no relay welcomes are told three times only: being online counts more', (t) => {
  const dir = tempDir(t);
  createWitness(dir).notice({ kind: 'exited', exit: EXIT });
  const words = openLastWords(wordsInFile(dir), undefined, []);
  t.same(
    [1, 2, 3, 4, 5].map(() => words.read() !== undefined),
    [true, true, true, false, false],
  );
  t.end();
});

test("a token and a proxy are what must not be told; that the proxy is the system's may be", (t) => {
  const proxy = 'http://u:hunter2@proxy.example/';
  t.same(secretsOf({ enrollToken: 't0ken', proxy }), ['t0ken', proxy]);
  t.same(secretsOf({ enrollToken: 'system', proxy: 'system' }), ['system', undefined]);
  t.end();
});

test('an end that was asked for leaves nothing, and nothing is no last words', (t) => {
  const dir = tempDir(t);
  const witness = createWitness(dir);
  for (const notice of [RUNNING, STOP, { kind: 'exited', exit: EXIT }] as const) witness.notice(notice);
  t.equal(openLastWords(wordsInFile(dir), undefined, []).read(), undefined);
  t.end();
});

for (const text of ['', 'null', '{"reason":1}', '{"reason":"x","at":"yesterday","lines":[]}']) {
  test(`a file that is no last words is none: ${text}`, (t) => {
    const dir = tempDir(t);
    writeFileSync(lastWordsPath(dir), text);
    t.equal(openLastWords(wordsInFile(dir), undefined, []).read(), undefined);
    t.end();
  });
}

test('where they cannot be written the supervisor goes on', (t) => {
  const dir = join(tempDir(t), 'not', 'there');
  t.doesNotThrow(() => {
    createWitness(dir).notice({ kind: 'exited', exit: EXIT });
  });
  t.end();
});
