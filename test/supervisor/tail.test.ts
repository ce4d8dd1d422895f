import { createTail } from '@guruconnect/supervisor/tail';
import fc from 'fast-check';
import { test } from 'tap';

const tailOf = (
  chunks: readonly (string | Uint8Array)[],
  maxBytes = 100,
  maxLines = 3,
): readonly string[] => {
  const tail = createTail(maxBytes, maxLines);
  for (const chunk of chunks) tail.push(Buffer.from(chunk));
  return tail.lines();
};

test('nothing said is no line', (t) => {
  t.same(tailOf([]), []);
  t.same(tailOf(['', '\n', '  \r\n\n']), []);
  t.end();
});

test('the last lines are kept, the unfinished one too', (t) => {
  t.same(tailOf(['one\ntwo\nthr', 'ee\nfo', 'ur']), ['two', 'three', 'four']);
  t.end();
});

test('blank lines do not count, and Windows newlines are newlines', (t) => {
  t.same(tailOf(['one\r\n\r\n\r\ntwo\r\n \n']), ['one', 'two']);
  t.end();
});

test('of a line that the bound cuts nothing is told: half a secret would not be found in it', (t) => {
  const tooLong = ['(a line of more than 4 bytes)'];
  t.same(tailOf(['0123456789'], 4), tooLong);
  t.same(tailOf(['01', '23', '45', '6789'], 4), tooLong);
  t.same(tailOf(['0123\n56', '7'], 4), ['567']);
  t.same(tailOf(['0123\n5678'], 4), ['5678'], 'one that it does not cut is told');
  t.same(tailOf(['0123\n5678', '9'], 4), tooLong);
  t.end();
});

test('what has been told can be forgotten, and not what has no end of a line yet', (t) => {
  const tail = createTail(8, 3);
  tail.push(Buffer.from('one\nt'));
  t.same(tail.lines(false), ['one']);
  tail.forget();
  t.same([tail.lines(false), tail.lines()], [[], ['t']]);
  tail.push(Buffer.from('wo\nsecretsecret'));
  t.same(tail.lines(), ['(a line of more than 8 bytes)']);
  tail.forget();
  tail.push(Buffer.from('et\nend'));
  t.same(tail.lines(), ['end'], 'of a cut line nothing is told later either');
  t.end();
});

test('asking does not change what is kept', (t) => {
  const tail = createTail(100, 3);
  tail.push(Buffer.from('one\nt'));
  t.same(tail.lines(), ['one', 't']);
  tail.push(Buffer.from('wo'));
  t.same(tail.lines(), ['one', 'two']);
  t.end();
});

test('a chunk may be reused by its owner once it was pushed', (t) => {
  const tail = createTail(100, 3);
  const chunk = Buffer.from('words');
  tail.push(chunk);
  chunk.fill('x');
  t.same(tail.lines(), ['words']);
  t.end();
});

test('within both bounds, however the stream is cut, it is the end of the stream', (t) => {
  const byte = fc.oneof(fc.constant(0x0a), fc.integer({ min: 0x20, max: 0x7e }));
  const chunk = fc.array(byte, { maxLength: 30 }).map((bytes) => Uint8Array.from(bytes));
  const bound = fc.integer({ min: 1, max: 40 });
  fc.assert(
    fc.property(fc.array(chunk), bound, bound, (chunks, maxBytes, maxLines) => {
      const lines = tailOf(chunks, maxBytes, maxLines);
      const whole = Buffer.concat(chunks).toString('latin1');
      const end = whole.slice(-maxBytes);
      const isCut = whole.length > maxBytes && whole.at(-maxBytes - 1) !== '\n';
      const told = isCut ? end.replace(/^[^\n]*\n?/, '') : end;
      const kept = told.split('\n').filter((line) => line.trim() !== '');
      if (isCut && !end.includes('\n')) t.same(lines, [`(a line of more than ${maxBytes} bytes)`]);
      else t.same(lines, kept.slice(-maxLines));
      t.ok(lines.length <= maxLines);
    }),
  );
  t.end();
});
