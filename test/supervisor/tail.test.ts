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

test('of a line longer than the bound its end is kept', (t) => {
  t.same(tailOf(['0123456789'], 4), ['6789']);
  t.same(tailOf(['01', '23', '45', '6789'], 4), ['6789']);
  t.end();
});

test('a character that the bound cuts through does no harm', (t) => {
  t.same(tailOf(['é!'], 2), ['\uFFFD!']);
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
      const whole = Buffer.concat(chunks).toString('latin1').slice(-maxBytes);
      const kept = whole.split('\n').filter((line) => line.trim() !== '');
      t.same(lines, kept.slice(-maxLines));
      t.ok(lines.length <= maxLines);
      t.ok(lines.join('\n').length <= maxBytes);
    }),
  );
  t.end();
});
