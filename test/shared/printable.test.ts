import assert from 'node:assert/strict';
import { printable } from '@guruconnect/shared/printable';
import fc from 'fast-check';
import { test } from 'tap';

const escaped: Record<string, [text: string, shown: string]> = {
  'a control character': ['a\0b\u0007\u007f', 'a\\u0000b\\u0007\\u007f'],
  'a control character of the upper half': ['\u0085\u009b31m', '\\u0085\\u009b31m'],
  'an escape sequence': ['\u001b]0;x\u0007', '\\u001b]0;x\\u0007'],
  'a tab': ['a\tb', 'a\\u0009b'],
  'a new line': ['stopped\r\nservice: stopped', 'stopped\\u000d\\u000aservice: stopped'],
  'a line or paragraph separator': ['a\u2028b\u2029c', 'a\\u2028b\\u2029c'],
  'a space that is none': ['a\u00a0b\u3000c', 'a\\u00a0b\\u3000c'],
  'text that turns its direction': ['\u202egpj.exe\u2066', '\\u202egpj.exe\\u2066'],
  'a character without width': ['a\u200bb\ufeffc\u00add', 'a\\u200bb\\ufeffc\\u00add'],
  'a format character of two units': ['a\u{e0041}b\u{1d173}', 'a\\udb40\\udc41b\\ud834\\udd73'],
  'a private character of two units': ['\ue000\u{f0000}', '\\ue000\\udb80\\udc00'],
  'half a pair': ['a\ud83db\ude00', 'a\\ud83db\\ude00'],
  'a character that is not assigned': ['\u0378\uffff', '\\u0378\\uffff'],
};
for (const [situation, [text, shown]] of Object.entries(escaped)) {
  test(`${situation} is shown by its UTF-16 units`, (t) => {
    t.equal(printable(text), shown);
    t.end();
  });
}

test('ordinary text is left as it is', (t) => {
  for (const text of [
    '',
    ' ',
    '1012 relay restart',
    '  two  spaces  ',
    'größer, café, cafe\u0301',
    '日本語 עברית',
    'fine 😀 ❤️',
    'C:\\ProgramData',
  ]) {
    t.equal(printable(text), text);
  }
  t.end();
});

// Any UTF-16 units, those that steer as frequent as the rest; half pairs and characters of two units come of themselves.
const unit = fc.oneof(
  fc.integer({ min: 0, max: 0xffff }),
  fc.integer({ min: 0, max: 0xa0 }),
  fc.constantFrom(0x1b, 0x0a, 0x20, 0x2028, 0x202e, 0xfeff, 0xd83d, 0xde00, 0xdb40, 0xdc41),
);
const anyText = fc.array(unit, { maxLength: 60 }).map((units) => String.fromCharCode(...units));

test('nothing but a space and what is visible ever comes out', (t) => {
  const unfit = /[\p{C}\p{Z}]/u;
  fc.assert(
    fc.property(fc.oneof(anyText, fc.string({ unit: 'binary' })), (text) => {
      assert.doesNotMatch(printable(text).replaceAll(' ', ''), unfit);
    }),
    { numRuns: 1000 },
  );
  t.end();
});

test('nothing is lost: what was escaped can be read back', (t) => {
  const readBack = (shown: string): string =>
    shown.replace(/\\u([0-9a-f]{4})/g, (_all, hex: string) => String.fromCharCode(parseInt(hex, 16)));
  fc.assert(
    fc.property(anyText, (text) => {
      const plain = text.replaceAll('\\', '/');
      assert.equal(readBack(printable(plain)), plain);
    }),
    { numRuns: 1000 },
  );
  t.end();
});

test('what is printable stays so: twice is once', (t) => {
  fc.assert(
    fc.property(anyText, (text) => {
      assert.equal(printable(printable(text)), printable(text));
    }),
  );
  t.end();
});
