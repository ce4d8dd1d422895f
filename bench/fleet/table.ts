/** The measurements as tables of Markdown, which a terminal shows as well. */
import { type Cell, medianOf, spreadOf } from './measure.ts';
import { CONTENDERS } from './policies.ts';
import { type Situation, type SituationKey, floorOf, situations } from './situation.ts';

const HEAD = ['policy', '1st second, x C', 'peak, x C', 'tries', 't50 s', 't99 s', 'x floor', '+-'];

const seconds = (ms: number): string => (Number.isFinite(ms) ? (ms / 1000).toFixed(1) : 'never');
const times = (value: number): string => (Number.isFinite(value) ? value.toFixed(2) : '-');

const rowOf = (cell: Cell): readonly string[] => [
  CONTENDERS[cell.contender].name,
  times(medianOf(cell, 'first')),
  times(medianOf(cell, 'peak')),
  medianOf(cell, 'tries').toFixed(1),
  seconds(medianOf(cell, 't50')),
  seconds(medianOf(cell, 't99')),
  times(medianOf(cell, 'ratio')),
  `${(100 * spreadOf(cell, 'ratio')).toFixed(1)} %`,
];

const floorRow = (situation: Situation): readonly string[] => {
  const t99 = floorOf(situation);
  return ['floor N/C', '1.00', '1.00', '1.0', seconds((t99 * 0.5) / 0.99), seconds(t99), '1.00', ''];
};

/** The first column to the left, numbers to the right. */
const layOut = (rows: readonly (readonly string[])[]): string => {
  const widths = HEAD.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    `| ${row.map((text, column) => (column === 0 ? text.padEnd(widths[0] ?? 0) : text.padStart(widths[column] ?? 0))).join(' | ')} |`;
  const rule = widths.map((width, column) =>
    column === 0 ? '-'.repeat(width) : `${'-'.repeat(width - 1)}:`,
  );
  const [head = [], ...rest] = rows;
  return [line(head), line(rule), ...rest.map(line)].join('\n');
};

/** One table for each situation. */
export const tablesOf = (cells: readonly Cell[], scale: number): string => {
  const all = situations(scale);
  return [...new Set(cells.map(({ situation }) => situation))]
    .map((key: SituationKey) => {
      const situation: Situation = all[key];
      const { name, agents, perSecond } = situation;
      const rows = cells.filter((cell) => cell.situation === key).map(rowOf);
      return `${name}: ${agents} agents, C = ${perSecond}/s\n\n${layOut([HEAD, ...rows, floorRow(situation)])}\n`;
    })
    .join('\n');
};
