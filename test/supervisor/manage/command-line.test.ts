import {
  isProgramQuoted,
  optionOf,
  quoteCommandLine,
  splitCommandLine,
} from '@guruconnect/supervisor/manage/command-line';
import fc from 'fast-check';
import { test } from 'tap';

test('every part of an image path is quoted', (t) => {
  t.equal(
    quoteCommandLine([
      'C:\\Program Files\\node.exe',
      'C:\\a b\\guruconnect.js',
      'service-run',
      '--data',
      'D:\\',
    ]),
    '"C:\\Program Files\\node.exe" "C:\\a b\\guruconnect.js" "service-run" "--data" "D:\\\\"',
  );
  t.end();
});

/** A program's path holds no quote: Windows has no such names. */
const program = fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('"'));
const argument = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: fc.constantFrom('\\', '"', ' ', '\t', 'a') }),
);

test('what is quoted is split into the same parts, whatever is in them', (t) => {
  fc.assert(
    fc.property(program, fc.array(argument), (first, rest) => {
      t.same(splitCommandLine(quoteCommandLine([first, ...rest])), [first, ...rest]);
    }),
    { numRuns: 500 },
  );
  t.end();
});

/** @see https://learn.microsoft.com/cpp/c-language/parsing-c-command-line-arguments (the examples there) */
const DOCUMENTED: Readonly<Record<string, readonly string[]>> = {
  'x "a b c" d e': ['a b c', 'd', 'e'],
  'x "ab\\"c" "\\\\" d': ['ab"c', '\\', 'd'],
  'x a\\\\\\b d"e f"g h': ['a\\\\\\b', 'de fg', 'h'],
  'x a\\\\\\"b c d': ['a\\"b', 'c', 'd'],
  'x a\\\\\\\\"b c" d e': ['a\\\\b c', 'd', 'e'],
};
for (const [line, args] of Object.entries(DOCUMENTED)) {
  test(`Microsoft's example ${line}`, (t) => {
    t.same(splitCommandLine(line).slice(1), args);
    t.end();
  });
}

test('an image path that is not quoted is told, and its options are found all the same', (t) => {
  const old = 'C:\\agent\\node.exe C:\\agent\\guruconnect.js service-run --data "C:\\a b"';
  t.notOk(isProgramQuoted(old));
  t.ok(isProgramQuoted(quoteCommandLine(['C:\\agent\\node.exe'])));
  t.equal(optionOf(splitCommandLine(old), 'data'), 'C:\\a b');
  t.same(splitCommandLine('C:\\n.exe'), ['C:\\n.exe']);
  t.same(splitCommandLine(''), ['']);
  t.end();
});

test('an option is found in both of its spellings, and the last one counts', (t) => {
  t.equal(optionOf(['--data', 'a', '--data', 'b'], 'data'), 'b');
  t.equal(optionOf(['--data=a'], 'data'), 'a');
  t.equal(optionOf(['--database', 'a'], 'data'), undefined);
  t.equal(optionOf(['--data'], 'data'), undefined);
  t.end();
});
