import assert from 'node:assert/strict';
import { parseRetryAfter, reasonWithSlot, slotOfReason } from '@guruconnect/shared/retry-after';
import fc from 'fast-check';
import { test } from 'tap';

const NOW = Date.parse('2026-01-02T03:04:05Z');

const headers: Record<string, [string | undefined, number | undefined]> = {
  seconds: ['120', 120_000],
  'no time at all': ['0', 0],
  'seconds with blanks around': [' 7 ', 7000],
  'more than an hour': ['86400', 3_600_000],
  'a date': ['Fri, 02 Jan 2026 03:05:05 GMT', 60_000],
  'a date that has gone': ['Fri, 02 Jan 2026 03:00:00 GMT', 0],
  'a date a year away': ['Sat, 02 Jan 2027 03:00:00 GMT', 3_600_000],
  'a date that does not exist': ['Fri, 99 Jan 2026 03:05:05 GMT', undefined],
  'a date of another form': ['2026-01-02', undefined],
  'a negative number': ['-1', undefined],
  'a fraction': ['1.5', undefined],
  nothing: ['', undefined],
  'no header': [undefined, undefined],
};
for (const [situation, [header, ms]] of Object.entries(headers)) {
  test(`Retry-After: ${situation}`, (t) => {
    t.equal(parseRetryAfter(header, NOW), ms);
    t.end();
  });
}

test('any header is a time from now to an hour, or nothing', (t) => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), fc.nat().map(String)), (header) => {
      const ms = parseRetryAfter(header, NOW);
      assert.ok(ms === undefined || (ms >= 0 && ms <= 3_600_000));
    }),
  );
  t.end();
});

test('a slot survives the reason of a close frame, which stays short enough for one', (t) => {
  fc.assert(
    fc.property(fc.integer({ min: 0, max: 3_600_000 }), (ms) => {
      const reason = reasonWithSlot('relay restart', ms);
      assert.equal(slotOfReason(reason), ms);
      assert.ok(Buffer.byteLength(reason) <= 123);
    }),
  );
  t.end();
});

for (const reason of [
  '',
  'relay restart',
  'retry-after=',
  'retry-after=-1',
  'noretry-after=5',
  'retry-after=5 s',
]) {
  test(`a reason without a slot: "${reason}"`, (t) => {
    t.equal(slotOfReason(reason), undefined);
    t.end();
  });
}
