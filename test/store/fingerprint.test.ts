/** What tells a machine from a clone of its disk: every combination of what is known, on both sides. */
import { createHmac } from 'node:crypto';
import {
  type Fingerprint,
  compareFingerprints,
  fingerprintOf,
  mergeFingerprints,
} from '@guruconnect/store/fingerprint';
import { test } from 'tap';

const of = (hardware?: string, system?: string): Fingerprint => fingerprintOf({ hardware, system });

test('of a mark only an HMAC is left, and each kind of mark has another', (t) => {
  const { hardware, system } = of('mark', 'mark');
  const expected = createHmac('sha256', 'mark').update('guruconnect.agent.fingerprint.1:hardware');
  t.equal(hardware, expected.digest('hex'), 'it has always been this one');
  t.not(hardware, system);
  t.strictSame(of(), {}, 'what is not known is left out');
  t.end();
});

const SAME = { kind: 'same' };
const UNKNOWN = { kind: 'unknown' };
const cloned = (...changed: readonly string[]) => ({ kind: 'cloned', changed });

/** Stored, now: hardware and system, `-` for what is not known. */
const cells: readonly (readonly [stored: string, now: string, verdict: unknown])[] = [
  ['aa', 'aa', SAME],
  ['aa', 'ab', cloned('system')],
  ['aa', 'ba', cloned('hardware')],
  ['aa', 'bb', cloned('hardware', 'system')],
  ['aa', 'a-', SAME],
  ['aa', 'b-', cloned('hardware')],
  ['aa', '-a', SAME],
  ['aa', '-b', cloned('system')],
  ['aa', '--', UNKNOWN],
  ['a-', 'aa', SAME],
  ['a-', 'ba', cloned('hardware')],
  ['a-', 'a-', SAME],
  ['a-', 'b-', cloned('hardware')],
  ['a-', '-a', UNKNOWN],
  ['a-', '--', UNKNOWN],
  ['-a', 'aa', SAME],
  ['-a', 'ab', cloned('system')],
  ['-a', 'a-', UNKNOWN],
  ['-a', '-a', SAME],
  ['-a', '-b', cloned('system')],
  ['-a', '--', UNKNOWN],
  ['--', 'aa', UNKNOWN],
  ['--', 'a-', UNKNOWN],
  ['--', '-a', UNKNOWN],
  ['--', '--', UNKNOWN],
];

const read = (cell: string): Fingerprint => {
  const [hardware, system] = [cell.charAt(0), cell.charAt(1)].map((mark) =>
    mark === '-' ? undefined : mark,
  );
  return of(hardware, system);
};

for (const [stored, now, verdict] of cells) {
  test(`stored ${stored}, now ${now}`, (t) => {
    t.strictSame(compareFingerprints(read(stored), read(now)), verdict);
    t.end();
  });
}

test('what was known once is remembered beside what is known now', (t) => {
  t.strictSame(mergeFingerprints(of('a'), of(undefined, 'b')), of('a', 'b'));
  t.end();
});
