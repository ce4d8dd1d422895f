/** Rows as text, in columns as wide as they have to be; what is a number stands to the right. Pure. */

export type Row = Readonly<Record<string, string | number>>;

/** @returns the heading, a rule and the rows; the columns are those of the first row. */
export const textTable = (rows: readonly Row[]): readonly string[] => {
  const names = Object.keys(rows[0] ?? {});
  const shown = (row: Row, name: string): string => String(row[name] ?? '');
  const widths = names.map((name) => Math.max(name.length, ...rows.map((row) => shown(row, name).length)));
  const isNumeric = names.map((name) => rows.every((row) => typeof row[name] === 'number'));
  const line = (cells: readonly string[]): string =>
    cells
      .map((cell, i) => (isNumeric[i] ? cell.padStart(widths[i] ?? 0) : cell.padEnd(widths[i] ?? 0)))
      .join(' | ')
      .trimEnd();
  return [
    line(names),
    widths.map((width) => '-'.repeat(width)).join('-|-'),
    ...rows.map((row) => line(names.map((name) => shown(row, name)))),
  ];
};
