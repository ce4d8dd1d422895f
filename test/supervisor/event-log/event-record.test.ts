/** What is inserted into a text, by whomever it was chosen: the relay, a proxy, an error's message. */
import { toRecord } from '@guruconnect/supervisor/event-log/event-record';
import { MAX_INSERTION, insertion } from '@guruconnect/supervisor/event-log/insertion';
import { test } from 'tap';

test('an event becomes the arguments of ReportEvent, its strings in the order of its text', (t) => {
  const died = { kind: 'worker-died', time: '3 s', reason: 'hung-busy', exit: 'exit code 1' } as const;
  t.same(toRecord(died, 0), {
    type: 1,
    category: 2,
    id: 0xc0000bb8,
    strings: ['hung-busy', 'exit code 1', '3 s', ''],
  });
  t.match(toRecord({ kind: 'stranger' }, 7), {
    type: 2,
    strings: ['(7 more of these came before, and were left out.)'],
  });
  t.match(toRecord({ kind: 'online', relay: 'wss://r' }, 0), { type: 4, category: 3 });
  t.end();
});

const CASES: Readonly<Record<string, readonly [string, string]>> = {
  'an insertion string that would be expanded again, for ever': ['100%1 %1', '100% 1 % 1'],
  'a parameter of another file': ['%%1234', '% % 1234'],
  'an object of the directory': ['%{S-1-5-18}', '% {S-1-5-18}'],
  'a percent sign alone': ['50 % of 50%', '50 % of 50%'],
  'an address with a zone': ['fe80::1%12', 'fe80::1% 12'],
  'control characters': ['a\u0000b\u001b[31mc\u202ed', 'a\\u0000b\\u001b[31mc\\u202ed'],
  'lines and tabs': [' one\r\n\ttwo\n', 'one two'],
  'a credential': ['Bearer cak_AbC-123_x', 'Bearer cak_…'],
};
for (const [name, [given, expected]] of Object.entries(CASES)) {
  test(`inserted: ${name}`, (t) => {
    t.equal(insertion(given), expected);
    t.end();
  });
}

test('a text is cut, at a whole character, and says so', (t) => {
  for (const given of ['x'.repeat(40_000), '\u{1f600}'.repeat(2_000), `x${'\u{1f600}'.repeat(2_000)}`]) {
    const text = insertion(given);
    t.ok(text.length <= MAX_INSERTION && text.length > MAX_INSERTION - 3, `${text.length}`);
    t.ok(text.endsWith('…'));
    t.equal(Buffer.from(text).toString(), text, 'no half of a character');
  }
  t.equal(insertion('x'.repeat(MAX_INSERTION)), 'x'.repeat(MAX_INSERTION));
  t.equal(insertion('%1'.repeat(900)).length, MAX_INSERTION, 'what is escaped counts as well');
  t.end();
});
