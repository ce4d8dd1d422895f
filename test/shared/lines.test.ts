import assert from 'node:assert/strict';
import { createLineSplitter } from '@guruconnect/shared/lines';
import fc from 'fast-check';
import { test } from 'tap';

const LIMIT = 12;

/** What a splitter makes of `bytes` cut at the offsets given; `undefined` as soon as it gives up. */
const split = (bytes: Uint8Array, cuts: readonly number[]): readonly string[] | undefined => {
  const splitter = createLineSplitter(LIMIT);
  const ends = [...cuts.map((cut) => cut % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  const lines: string[] = [];
  let start = 0;
  for (const end of ends) {
    const more = splitter.push(bytes.subarray(start, end));
    if (more === undefined) return undefined;
    lines.push(...more);
    start = end;
  }
  return lines;
};

const fits = (line: string): boolean => Buffer.byteLength(line) <= LIMIT;

// Newlines are as frequent as the rest together, so that most lines fit; the others are parts of long characters.
const byte = fc.oneof(fc.constant(0x0a), fc.constantFrom(0x61, 0xc3, 0xa9, 0xf0, 0x9f, 0x98, 0x80, 0x0d, 0));
const bytes = fc.array(byte, { maxLength: 80 }).map((values) => Uint8Array.from(values));
const cuts = fc.array(fc.nat(), { maxLength: 20 });

test('any bytes in any chunks give the lines that they give at once', (t) => {
  fc.assert(
    fc.property(bytes, cuts, (data, at) => {
      assert.deepEqual(split(data, at), split(data, []));
    }),
  );
  t.end();
});

test('lines are what a plain split of the text gives, the unfinished one held back', (t) => {
  fc.assert(
    fc.property(fc.array(fc.string({ maxLength: 3, unit: 'grapheme' })), cuts, (texts, at) => {
      const lines = texts.map((text) => text.replaceAll('\n', '')).filter(fits);
      const text = lines.map((line) => `${line}\n`).join('');
      assert.deepEqual(split(Buffer.from(text), at), lines);
      assert.deepEqual(split(Buffer.from(`${text}rest`), at), lines);
    }),
  );
  t.end();
});

test('a line of exactly the limit passes, one byte more does not', (t) => {
  const longest = 'x'.repeat(LIMIT);
  t.same(createLineSplitter(LIMIT).push(Buffer.from(`${longest}\n`)), [longest]);
  t.equal(createLineSplitter(LIMIT).push(Buffer.from(`${longest}x\n`)), undefined);
  t.end();
});

test('the limit counts bytes, not characters', (t) => {
  const splitter = createLineSplitter(3);
  t.same(splitter.push(Buffer.from('é\n')), ['é']);
  t.equal(splitter.push(Buffer.from('éé\n')), undefined);
  t.end();
});

test('a line over the limit is noticed before its end, and ends the splitter for ever', (t) => {
  const splitter = createLineSplitter(LIMIT);
  t.same(splitter.push(Buffer.from('x'.repeat(LIMIT))), []);
  t.equal(splitter.push(Buffer.from('x')), undefined);
  t.equal(splitter.push(Buffer.from('\n')), undefined);
  t.equal(splitter.push(Buffer.from('fine\n')), undefined);
  t.end();
});

test('after a line over the limit nothing is a line again, whatever comes', (t) => {
  fc.assert(
    fc.property(fc.array(bytes, { minLength: 1 }), (chunks) => {
      const splitter = createLineSplitter(LIMIT);
      splitter.push(Buffer.from('x'.repeat(LIMIT + 1)));
      for (const chunk of chunks) assert.equal(splitter.push(chunk), undefined);
    }),
  );
  t.end();
});

test('a chunk may be reused by its owner once it was pushed', (t) => {
  const splitter = createLineSplitter(LIMIT);
  const chunk = Buffer.from('half');
  splitter.push(chunk);
  chunk.fill('x');
  t.same(splitter.push(Buffer.from('\n')), ['half']);
  t.end();
});

test('bytes that are not UTF-8 become replacement characters', (t) => {
  t.same(createLineSplitter(LIMIT).push(Uint8Array.of(0x61, 0xff, 0x0a)), ['a\uFFFD']);
  t.end();
});
