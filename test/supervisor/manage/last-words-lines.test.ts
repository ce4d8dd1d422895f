/** The last words as `status` reads them from their file, and as it shows them. */
import { writeFileSync } from 'node:fs';
import { lastWordsPath } from '@guruconnect/shared/data-folder';
import { lastWordsFact } from '@guruconnect/supervisor/manage/last-words-fact';
import { lastWordsLines } from '@guruconnect/supervisor/manage/last-words-lines';
import { createWitness } from '@guruconnect/supervisor/witness';
import { test } from 'tap';
import { tempDir } from '../../helpers/temp-dir.ts';

const END = Date.parse('2026-01-02T03:04:05.000Z');
const ago = (ms: number): string => new Date(END - ms).toISOString();
const HISTORY = [600_000, 90_000, 60_000, 1_500, 0].map((ms, n) => ({ at: ago(ms), what: `state ${n}` }));

test('the end, how long it had lived, and the last four states before it', (t) => {
  const words = { reason: 'hung-busy', at: ago(0), livedMs: 7_260_000, line: 'bye', history: HISTORY };
  t.same(lastWordsLines(words, END + 300_000), [
    ['last words', 'hung-busy, 5 min 00 s ago, after 2 h 01 min: bye', 'bad'],
    ['', '1 min 30 s before: state 1', 'plain'],
    ['', '1 min 00 s before: state 2', 'plain'],
    ['', '1 s before: state 3', 'plain'],
    ['', '0 s before: state 4', 'plain'],
  ]);
  t.same(lastWordsLines(undefined, END), []);
  t.end();
});

test('times that make no sense are no reason to say nothing', (t) => {
  const words = { reason: 'x', at: 'never', history: [{ at: 'never', what: 'a' }] };
  t.same(lastWordsLines(words, END), [
    ['last words', 'x, 0 s ago', 'bad'],
    ['', '0 s before: a', 'plain'],
  ]);
  t.same(lastWordsLines({ reason: 'x', at: ago(-60_000) }, END), [['last words', 'x, 0 s ago', 'bad']]);
  t.end();
});

test('what a witness has written is read, all of it', (t) => {
  const dir = tempDir(t);
  const witness = createWitness(dir);
  const exit = { pid: 7, code: undefined, signal: 'SIGKILL', lastWords: ['a', 'b'] };
  witness.notice({ kind: 'spawned', pid: 7 });
  const words = witness.notice({ kind: 'exited', exit });
  t.strictSame(JSON.parse(JSON.stringify(lastWordsFact(dir))), { ...words, line: 'b' });
  t.end();
});

const FILES: Readonly<Record<string, object | undefined>> = {
  '': undefined,
  null: undefined,
  '[]': undefined,
  '{"reason":1,"at":"x"}': undefined,
  '{"reason":"x"}': undefined,
  '{"reason":"x","at":"y"}': { reason: 'x', at: 'y', lines: [], history: [] },
  '{"reason":"x","at":"y","lines":[1,"a",null],"history":[null,{},{"at":"z"},{"at":"z","what":"w"}],"livedMs":"1"}':
    {
      ...{ reason: 'x', at: 'y', line: 'a', lines: ['a'] },
      ...{ history: [{ at: 'z', what: 'w' }], livedMs: undefined },
    },
  '{"reason":"x","at":"y","lines":"a","history":{}}': { lines: [], history: [] },
};
for (const [text, fact] of Object.entries(FILES)) {
  test(`of a file that somebody else has written what can be understood: ${text}`, (t) => {
    const dir = tempDir(t);
    writeFileSync(lastWordsPath(dir), text);
    if (fact === undefined) t.equal(lastWordsFact(dir), undefined);
    else t.match(lastWordsFact(dir), fact);
    t.end();
  });
}

test('where there is no file there are no words', (t) => {
  t.equal(lastWordsFact(tempDir(t)), undefined);
  t.end();
});
