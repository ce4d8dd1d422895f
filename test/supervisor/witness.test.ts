import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { scrubLines } from '@guruconnect/shared/last-words';
import { LastWords } from '@guruconnect/shared/relay-protocol';
import type { Notice, WorkerExit } from '@guruconnect/supervisor/host';
import { createWitness, lastWordsOf, see } from '@guruconnect/supervisor/witness';
import { openLastWords, secretsOf } from '@guruconnect/worker/last-words';
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

const wordsAfter = (exit: WorkerExit, ...notices: Notice[]) =>
  lastWordsOf(notices.reduce(see, { asked: false }), exit, AT);

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
  'a worker that hung': [KILLED, [RUNNING, { kind: 'killed', after: 'hung' }], { reason: 'hung' }],
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
  const words = openLastWords(dir, log, ['t0ken', undefined]);
  t.ok(v.is(LastWords, words.read()));
  t.same(words.read()?.lines, ['{"msg":"link"}', '{"msg":"worker failed …"}', 'a stack', 'of lines']);
  words.forget();
  t.equal(words.read(), undefined);
  t.throws(() => readFileSync(lastWordsPath(dir)), { code: 'ENOENT' });
  t.end();
});

test('however long the lines are, a hello with them fits into a message', (t) => {
  const dir = tempDir(t);
  const lines = Array.from({ length: 20 }, (_, n) => `${n}${'\u0001'.repeat(5000)}`);
  createWitness(dir).notice({ kind: 'exited', exit: { ...EXIT, lastWords: lines } });
  const words = openLastWords(dir, undefined, []).read();
  t.ok(Buffer.byteLength(JSON.stringify(words)) <= 16 * 1024);
  t.match(words?.lines.at(-1), /^19/, 'the last ones are kept');
  t.ok((words?.lines.length ?? 0) > 0);
  t.end();
});

test('last words that no relay welcomes are told three times only: being online counts more', (t) => {
  const dir = tempDir(t);
  createWitness(dir).notice({ kind: 'exited', exit: EXIT });
  const words = openLastWords(dir, undefined, []);
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
  t.equal(openLastWords(dir, undefined, []).read(), undefined);
  t.end();
});

for (const text of ['', 'null', '{"reason":1}', '{"reason":"x","at":"yesterday","lines":[]}']) {
  test(`a file that is no last words is none: ${text}`, (t) => {
    const dir = tempDir(t);
    writeFileSync(lastWordsPath(dir), text);
    t.equal(openLastWords(dir, undefined, []).read(), undefined);
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
