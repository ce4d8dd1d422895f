import { painter, usesColors } from '@guruconnect/shared/colors';
import { test } from 'tap';

const TERMINAL = { isTTY: true };
const FILE = {};
type Row = readonly [
  where: { readonly isTTY?: boolean },
  env: Readonly<Record<string, string>>,
  colors: boolean,
];

/** @see https://no-color.org */
const TABLE: Readonly<Record<string, Row>> = {
  'a terminal': [TERMINAL, {}, true],
  'a file or a pipe': [FILE, {}, false],
  'a terminal that says it can do nothing': [TERMINAL, { TERM: 'dumb' }, false],
  NO_COLOR: [TERMINAL, { NO_COLOR: '1' }, false],
  'NO_COLOR as 0': [TERMINAL, { NO_COLOR: '0' }, false],
  'NO_COLOR set to nothing': [TERMINAL, { NO_COLOR: '' }, true],
  'FORCE_COLOR in a pipe': [FILE, { FORCE_COLOR: '1' }, true],
  'FORCE_COLOR set to nothing': [FILE, { FORCE_COLOR: '' }, true],
  'FORCE_COLOR as 3 on a dumb terminal': [TERMINAL, { FORCE_COLOR: '3', TERM: 'dumb' }, true],
  'FORCE_COLOR as 0': [TERMINAL, { FORCE_COLOR: '0' }, false],
  'FORCE_COLOR as false': [TERMINAL, { FORCE_COLOR: 'false' }, false],
  both: [TERMINAL, { FORCE_COLOR: '1', NO_COLOR: '1' }, false],
};
for (const [situation, [stream, env, colors]] of Object.entries(TABLE)) {
  test(`${situation}: ${colors ? 'colours' : 'no colours'}`, (t) => {
    t.equal(usesColors(stream, env), colors);
    t.end();
  });
}

test('without colours a text stays as it is', (t) => {
  t.equal(painter(true)('red', 'x'), '\u001b[31mx\u001b[39m');
  t.equal(painter(false)('red', 'x'), 'x');
  t.end();
});
