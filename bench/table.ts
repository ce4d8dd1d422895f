/** The claims as one table for a terminal. Pure. */
import type { Claim } from './claim.ts';
import { figure } from './figure.ts';

/** One more than elsewhere: what misses its limit by little is to be seen to miss it. */
const DIGITS = 4;

interface Column {
  readonly head: string;
  readonly width: number;
  readonly right?: true;
  readonly cell: (claim: Claim) => string;
}

const valueOf = ({ value, why }: Claim): string =>
  value === null ? (why === undefined ? 'never' : 'not had') : figure(value, DIGITS);
const limitOf = ({ limit, least }: Claim): string => `${least ? '>=' : '<='} ${figure(limit, DIGITS)}`;
const peersOf = ({ peers }: Claim): string =>
  Object.entries(peers)
    .map(([name, value]) => `${name} ${value === null ? 'never' : figure(value)}`)
    .join(', ');

const GAP = '  ';
/** 120 columns, the gaps included. */
const COLUMNS: readonly Column[] = [
  { head: 'claim', width: 36, cell: ({ name }) => name },
  { head: 'value', width: 8, right: true, cell: valueOf },
  { head: 'limit', width: 9, right: true, cell: limitOf },
  { head: 'holds', width: 5, cell: ({ holds }) => (holds ? 'yes' : 'NO') },
  { head: 'unit', width: 18, cell: ({ unit }) => unit },
  { head: 'floor', width: 7, right: true, cell: ({ floor }) => (floor === null ? '' : figure(floor)) },
  { head: 'peers', width: 25, cell: peersOf },
];

/** Words in lines of so many characters; a word that is longer is cut in pieces. */
export const wrap = (text: string, width: number): readonly string[] => {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').flatMap((long) => long.match(new RegExp(`.{1,${width}}`, 'g')) ?? [])) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (longer.length <= width) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line];
};

const layOut = (texts: readonly string[]): readonly string[] => {
  const cells = COLUMNS.map(({ width }, column) => wrap(texts[column] ?? '', width));
  const height = Math.max(...cells.map(({ length }) => length));
  return Array.from({ length: height }, (_, row) =>
    COLUMNS.map(({ width, right }, column) => {
      const text = cells[column]?.[row] ?? '';
      return right ? text.padStart(width) : text.padEnd(width);
    })
      .join(GAP)
      .trimEnd(),
  );
};

const rule = COLUMNS.map(({ width }) => '-'.repeat(width)).join(GAP);

const summary = (claims: readonly Claim[]): string => {
  const hold = claims.filter(({ holds }) => holds).length;
  const open = claims.filter(({ why }) => why !== undefined).length;
  const rest = open === 0 ? '' : `, ${open} not measured`;
  return `${hold} of ${claims.length} claims hold, ${claims.length - hold - open} do not${rest}`;
};

/** What was not measured is said under the table, with its reason. */
export const tableOf = (claims: readonly Claim[]): string => {
  const rows = claims.flatMap((claim) => layOut(COLUMNS.map(({ cell }) => cell(claim))));
  const reasons = claims.flatMap(({ name, why }) =>
    why === undefined ? [] : [`not measured: ${name}: ${why}`],
  );
  return [layOut(COLUMNS.map(({ head }) => head)), rule, rows, rule, reasons, summary(claims)]
    .flat()
    .join('\n');
};
